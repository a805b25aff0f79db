/** Postgres's names for the types that DDL may also call something shorter. */
const FULL_NAME: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int2: 'smallint',
  int8: 'bigint',
  float8: 'double precision',
  float4: 'real',
  bool: 'boolean',
  decimal: 'numeric',
  varchar: 'character varying',
  char: 'character',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

interface TypeName {
  readonly base: string;
  readonly modifiers: readonly number[];
  readonly array: boolean;
}

/** `varchar(25)[]` → `character varying`, [25], array. */
function parse(type: string): TypeName {
  const match = /^([^([]+)(?:\(([\d, ]+)\))?((?:\[\])*)$/.exec(type.trim().toLowerCase());
  if (match === null) return { base: type, modifiers: [], array: false };
  const base = (match[1] ?? '').trim();
  return {
    base: FULL_NAME[base] ?? base,
    modifiers: (match[2] ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)])),
    array: match[3] !== '',
  };
}

/** Whether two spellings name the same type. */
export function sameType(left: string, right: string): boolean {
  return spelled(parse(left)) === spelled(parse(right));
}

function spelled({ base, modifiers, array }: TypeName): string {
  return `${base}(${modifiers.join(',')})${array ? '[]' : ''}`;
}

/** Whether a column of type `wide` holds every value of type `narrow` as it is. */
export function holdsAll(wide: string, narrow: string): boolean {
  if (sameType(wide, narrow)) return true;
  const into = parse(wide);
  const from = parse(narrow);
  if (into.array !== from.array) return false;
  if (from.base === 'integer') return into.base === 'bigint';
  return (
    widensInPlace(narrow, wide) ||
    (into.base === 'numeric' && from.base === 'numeric' && holdsDigits(into, from))
  );
}

/** Whether Postgres turns `from` into `to` without rewriting the table, and loses nothing. */
export function widensInPlace(from: string, to: string): boolean {
  const old = parse(from);
  const wider = parse(to);
  if (old.array || wider.array) return old.array && wider.array && isWiderText(old, wider);
  if (isWiderText(old, wider)) return true;
  if (old.base !== 'numeric' || wider.base !== 'numeric') return false;
  if (wider.modifiers.length === 0) return true;
  return holdsDigits(wider, old) && wider.modifiers[1] === old.modifiers[1];
}

function isWiderText(old: TypeName, wider: TypeName): boolean {
  if (old.base !== 'character varying') return false;
  if (wider.base === 'text') return true;
  const [length] = wider.modifiers;
  return wider.base === old.base && (length === undefined || length >= (old.modifiers[0] ?? Infinity));
}

function holdsDigits(into: TypeName, from: TypeName): boolean {
  const [precision, scale = 0] = into.modifiers;
  if (precision === undefined) return true;
  const [fromPrecision, fromScale = 0] = from.modifiers;
  return fromPrecision !== undefined && scale >= fromScale && precision - scale >= fromPrecision - fromScale;
}
