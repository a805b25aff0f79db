import fc from 'fast-check';

/** An expression as a `.nom` file and as SQL write it, over the fields of `FIELDS`. */
export interface Written {
  readonly nom: string;
  readonly sql: string;
}

/** The fields of a row, with the type of each in both languages. `?` fields may be null. */
export const FIELDS = [
  { name: 'i', type: 'int', sql: 'integer' },
  { name: 'j', type: 'int?', sql: 'integer' },
  { name: 'b', type: 'bigint', sql: 'bigint' },
  { name: 'd', type: 'decimal(12, 2)', sql: 'numeric(12,2)' },
  { name: 'e', type: 'decimal(20, 6)?', sql: 'numeric(20,6)' },
  { name: 't', type: 'text', sql: 'text COLLATE "C"' },
  { name: 'u', type: 'text?', sql: 'text COLLATE "C"' },
  { name: 'y', type: 'date', sql: 'date' },
  { name: 'z', type: 'bool', sql: 'boolean' },
] as const;

export type Row = { readonly [K in (typeof FIELDS)[number]['name']]: string | number | boolean | null };

const int32 = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer());
const digits = (whole: number, scale: number) =>
  fc
    .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** BigInt(whole) - 1n }), fc.nat(10 ** scale - 1))
    .map(([negative, units, fraction]) => {
      const text = `${units}.${String(fraction).padStart(scale, '0')}`;
      return negative && /[1-9]/.test(text) ? `-${text}` : text;
    });
const word = fc.oneof(
  fc.constantFrom('', 'a', 'A', 'ab', 'b', 'é', '😀', '\uFFFD'),
  fc.string({ unit: 'grapheme', maxLength: 4 }).filter((text) => text.isWellFormed() && !text.includes('\0')),
);

export const row: fc.Arbitrary<Row> = fc.record({
  i: int32,
  j: fc.option(int32),
  b: fc.oneof(int32.map(String), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  d: fc.oneof(digits(1, 2), digits(10, 2)),
  e: fc.option(fc.oneof(digits(1, 6), digits(14, 6))),
  t: word,
  u: fc.option(word),
  y: fc.constantFrom('1999-12-31', '2000-01-01', '2000-02-29'),
  z: fc.boolean(),
});

const same = (text: string): Written => ({ nom: text, sql: text });
const both =
  (operator: string, sql = operator) =>
  (left: Written, right: Written): Written => ({
    nom: `(${left.nom} ${operator} ${right.nom})`,
    sql: `(${left.sql} ${sql} ${right.sql})`,
  });

/** Numbers that are never null; `+ - *` of any exact types, `%`, `??`, `if`, `match`. */
function numbers(depth: number): fc.Arbitrary<Written> {
  const leaf = fc.oneof(
    fc.constantFrom('i', 'b', 'd').map(same),
    fc.integer({ min: 0, max: 99 }).map((value) => same(String(value))),
    fc.constantFrom('0.5', '12.25', '100.000').map(same),
  );
  if (depth === 0) return leaf;
  const inner = numbers(depth - 1);
  return fc.oneof(
    leaf,
    fc
      .tuple(fc.constantFrom('+', '-', '*', '%'), inner, inner)
      .map(([operator, left, right]) => both(operator)(left, right)),
    inner.map((operand) => ({ nom: `(-${operand.nom})`, sql: `(-${operand.sql})` })),
    fc.tuple(fc.constantFrom('j', 'e', '(j + d)', '(e * i)'), inner).map(([nullable, fallback]) => ({
      nom: `(${nullable} ?? ${fallback.nom})`,
      sql: `coalesce(${nullable}, ${fallback.sql})`,
    })),
    fc.tuple(truths(depth - 1), inner, inner).map(([test, yes, no]) => ({
      nom: `(if ${test.nom} then ${yes.nom} else ${no.nom})`,
      sql: `(CASE WHEN ${test.sql} THEN ${yes.sql} ELSE ${no.sql} END)`,
    })),
    inner.map((other) => ({
      nom: `match u { null -> 1  "a" -> 2  else -> ${other.nom} }`,
      sql: `(CASE WHEN u IS NULL THEN 1 WHEN u = 'a' THEN 2 ELSE ${other.sql} END)`,
    })),
  );
}

/** Conditions: orderings of what is never null, equality that is total, `and`, `or`, `not`. */
export function truths(depth: number): fc.Arbitrary<Written> {
  const ordering = fc.constantFrom('<', '<=', '>', '>=');
  const equality = fc.constantFrom(
    ['==', 'IS NOT DISTINCT FROM'] as const,
    ['!=', 'IS DISTINCT FROM'] as const,
  );
  const leaf = fc.oneof(
    fc.constantFrom('z').map(same),
    fc
      .tuple(equality, fc.constantFrom('j', 'e', 'u'))
      .map(([[nom, sql], field]) => both(nom, sql)(same(field), same('null'))),
    fc
      .tuple(equality, fc.constantFrom(['t', 'u'], ['i', 'j'], ['d', 'e'], ['j', 'e'], ['b', 'j']))
      .map(([[nom, sql], [left, right]]) => both(nom, sql)(same(left ?? ''), same(right ?? ''))),
    fc
      .tuple(ordering, fc.constantFrom(['t', "'ab'"], ['y', "'2000-01-01'"]))
      .map(([operator, [field, value]]) => ({
        nom: `(${field} ${operator} ${(value ?? '').replaceAll("'", '"')})`,
        sql: `(${field} ${operator} ${value})`,
      })),
  );
  if (depth === 0) return leaf;
  const inner = truths(depth - 1);
  const number = numbers(depth - 1);
  return fc.oneof(
    leaf,
    fc.tuple(ordering, number, number).map(([operator, left, right]) => both(operator)(left, right)),
    fc.tuple(inner, inner).map(([left, right]) => both('and')(left, right)),
    fc.tuple(inner, inner).map(([left, right]) => both('or')(left, right)),
    inner.map((operand) => ({ nom: `(not ${operand.nom})`, sql: `(NOT ${operand.sql})` })),
  );
}

export const expression: fc.Arbitrary<Written> = fc.oneof(numbers(3), truths(3));
