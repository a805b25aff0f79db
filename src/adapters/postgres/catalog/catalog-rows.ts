import type { LiveCheck, LiveColumn, LiveForeignKey, LiveIndex } from '../../../ports/catalog.ts';
import { allowedStrings } from '../../../sql/postgres/catalog/allowed-strings.ts';

/** A row that a catalog query gives. */
export type Row = Readonly<Record<string, unknown>>;

export function columnOf(row: Row): LiveColumn {
  return {
    name: text(row['name']),
    type: text(row['type']),
    nullable: row['nullable'] === true,
    filled: row['filled'] === true,
    generated: row['generated'] === true,
    comment: optional(row['comment']),
  };
}

export function indexOf(row: Row): LiveIndex {
  const method = text(row['method']);
  return {
    name: text(row['name']),
    method,
    ordered: method === 'btree',
    columns: parts(text(row['columns'])),
    unique: row['is_unique'] === true,
    valid: row['valid'] === true,
    deferrable: row['deferrable'] === true,
    predicate: optional(row['predicate']),
    nullsEqual: row['nulls_equal'] === true,
  };
}

export function foreignKeyOf(row: Row): LiveForeignKey {
  return {
    name: text(row['name']),
    columns: names(row['columns']),
    targetId: text(row['target_oid']),
    target: text(row['target']),
    targetColumns: names(row['target_columns']),
  };
}

export function checkOf(row: Row): LiveCheck {
  return {
    name: text(row['name']),
    columns: names(row['columns']),
    allowed: allowedStrings(text(row['definition'])),
  };
}

function names(value: unknown): readonly string[] {
  const list = optional(value);
  return list === undefined ? [] : parts(list).filter((name) => name !== null);
}

/** A JSON list of names, null for an expression. */
function parts(json: string): readonly (string | null)[] {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) throw new Error('the catalog gave no list where it gives one');
  return list.map((each) => optional(each) ?? null);
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`the catalog gave ${typeof value} where it gives text`);
  return value;
}

export function optional(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : text(value);
}
