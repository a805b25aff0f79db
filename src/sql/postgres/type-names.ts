import type { ColumnValue } from '../../plan/plan.ts';
import type { TypeParameters } from '../../types/column-type.ts';

interface TypeName {
  /** Without its modifier, for casts of arrays: `numeric`. */
  readonly base: string;
  /** As DDL says it, `numeric(15,2)`, where that is not `base`. */
  readonly full?: (parameters: TypeParameters) => string;
}

/** The Postgres type of each column type, by its name in the language. */
export const typeNames: Readonly<Record<string, TypeName>> = {
  text: { base: 'text', full: ([length]) => (length === undefined ? 'text' : `varchar(${length})`) },
  int: { base: 'integer' },
  bigint: { base: 'bigint' },
  decimal: { base: 'numeric', full: (parameters) => `numeric(${parameters.join(',')})` },
  float: { base: 'double precision' },
  bool: { base: 'boolean' },
  date: { base: 'date' },
  time: { base: 'time' },
  timestamp: { base: 'timestamptz' },
  uuid: { base: 'uuid' },
  bytes: { base: 'bytea' },
  json: { base: 'jsonb' },
};

/** The type of a column that holds this, as DDL says it: `numeric(15,2)`, `text[]`. */
export function typeName(holds: ColumnValue): string {
  if (holds.kind === 'list') return `${typeName(holds.element)}[]`;
  const { base, full } = nameOf(holds.column.name);
  return full === undefined ? base : full(holds.parameters);
}

/** The name of a column type without its modifier: `numeric`. */
export function baseName({ name }: { readonly name: string }): string {
  return nameOf(name).base;
}

function nameOf(type: string): TypeName {
  const found = typeNames[type];
  if (found === undefined) throw new Error(`the column type ${type} has no name in Postgres`);
  return found;
}
