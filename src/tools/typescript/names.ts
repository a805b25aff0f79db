import type { Program, StoreModel } from '../../model/program.ts';

/** The names of declared types, each once and none of TypeScript's own. */
export interface TypeNames {
  /** Of an enum, a shape or an entity. */
  readonly record: (name: string) => string;
  /**
   * Of the rows of a table: `app.order_lines` has `OrderLinesRow`, and `AppOrderLinesRow` where another table has its name in
   * another schema.
   */
  readonly row: (store: StoreModel) => string;
  /** Of the two tables of contents. */
  readonly messages: string;
  readonly rows: string;
}

/** Words that cannot name a type. */
const taken = new Set([
  ...[
    'any',
    'unknown',
    'never',
    'number',
    'bigint',
    'boolean',
    'string',
    'symbol',
    'void',
    'object',
    'undefined',
  ],
  ...[
    'null',
    'true',
    'false',
    'this',
    'super',
    'new',
    'in',
    'instanceof',
    'typeof',
    'delete',
    'var',
    'const',
  ],
  ...[
    'let',
    'static',
    'yield',
    'await',
    'if',
    'else',
    'for',
    'while',
    'do',
    'switch',
    'case',
    'default',
    'break',
  ],
  ...[
    'continue',
    'return',
    'throw',
    'try',
    'catch',
    'finally',
    'with',
    'debugger',
    'function',
    'class',
    'extends',
  ],
  ...['import', 'export', 'enum', 'interface', 'implements', 'package', 'private', 'protected', 'public'],
]);

export function typeNames(program: Program): TypeNames {
  const used = new Set<string>();
  const fresh = (wanted: string): string => {
    let name = wanted;
    while (used.has(name) || taken.has(name)) name = `${name}_`;
    used.add(name);
    return name;
  };
  const named = (keys: readonly string[], wanted: (key: string) => string): ReadonlyMap<string, string> =>
    new Map([...new Set(keys)].map((key) => [key, fresh(wanted(key))]));
  const declared = [...program.enums, ...program.shapes, ...program.entities].map(({ name }) => name);
  const records = named(declared, (name) => name);
  const rows = new Map(
    program.stores.map((store) => [store, fresh(`${pascal(rowName(store, program))}Row`)]),
  );
  return {
    record: (name) => records.get(name) ?? name,
    row: (store) => rows.get(store) ?? store.table,
    messages: fresh('Messages'),
    rows: fresh('Rows'),
  };
}

function rowName({ schema, table }: StoreModel, { stores }: Program): string {
  const isShared = stores.filter((each) => each.table === table).length > 1;
  return isShared && schema !== undefined ? `${schema}_${table}` : table;
}

function pascal(name: string): string {
  const text = name.replace(/(?:^|_+)([A-Za-z0-9]?)/g, (_match, letter: string) => letter.toUpperCase());
  return /^[A-Za-z]/.test(text) ? text : `_${text}`;
}

/** A key as the name of a property, in quotes where it needs them. */
export function propertyName(key: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? key : JSON.stringify(key);
}
