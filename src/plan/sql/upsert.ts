import type { ColumnPlan, Statement, UpsertAction } from '../plan.ts';
import { quoteIdentifier } from './identifier.ts';
import { isOlder } from './older.ts';
import { statement } from './statement.ts';

export interface UpsertTarget {
  readonly sqlName: string;
  readonly columns: readonly ColumnPlan[];
  /** Indexes of the conflict key's columns. */
  readonly key: readonly number[];
  readonly action: UpsertAction;
  /** Whether the keys of the written rows come back, so that a message that lost against a newer one is found. */
  readonly returning: boolean;
}

/**
 * `INSERT … SELECT FROM unnest(…) ON CONFLICT …`: one array parameter for each column. Rows that already have the
 * values to be written are left alone, so that a repeat writes no WAL and no new row version.
 */
export function upsertStatement(target: UpsertTarget): Statement {
  const names = target.columns.map((column) => quoteIdentifier(column.name));
  const arrays = target.columns.map((column, index) => `$${index + 1}::${column.parameterType}`);
  const values = target.columns.map((column, index) => valueOf(column, index));
  const source = target.columns.map((_, index) => `c${index + 1}`);
  const key = target.key.map((index) => names[index]).join(', ');
  return statement(
    'upsert',
    [
      `INSERT INTO ${target.sqlName} AS t (${names.join(', ')})`,
      `SELECT ${values.join(', ')}`,
      `FROM unnest(${arrays.join(', ')}) AS s(${source.join(', ')})`,
      `ON CONFLICT (${key}) ${conflictAction(target, names)}`,
      ...(target.returning ? [`RETURNING ${target.key.map((index) => `t.${names[index]}`).join(', ')}`] : []),
    ].join('\n'),
  );
}

/** Arrays and json travel as text, because `unnest` would flatten an array of arrays. */
function valueOf(column: ColumnPlan, index: number): string {
  const source = `c${index + 1}`;
  const base = column.type.replace(/\(.*?\)/, '');
  return column.parameterType === `${base}[]` || sameText(column, base)
    ? source
    : `${source}::${column.type}`;
}

function sameText(column: ColumnPlan, base: string): boolean {
  return column.parameterType === 'text[]' && (base === 'text' || base === 'varchar');
}

function conflictAction(
  { action, columns, key }: UpsertTarget,
  names: readonly (string | undefined)[],
): string {
  const others = columns.flatMap((_, index) => (key.includes(index) ? [] : [names[index] ?? '']));
  if (action.kind === 'keep' || others.length === 0) return 'DO NOTHING';
  switch (action.kind) {
    case 'replace':
      return `DO UPDATE SET ${replaced(others)}\nWHERE ${changed(others, (name) => `excluded.${name}`)}`;
    case 'merge': {
      const merged = (name: string): string =>
        columns.some((column) => column.nullable && quoteIdentifier(column.name) === name)
          ? `coalesce(excluded.${name}, t.${name})`
          : `excluded.${name}`;
      const set = others.map((name) => `${name} = ${merged(name)}`).join(', ');
      return `DO UPDATE SET ${set}\nWHERE ${changed(others, merged)}`;
    }
    case 'add': {
      const added = new Set(action.columns.map((index) => names[index]));
      const sums = others.map((name) =>
        added.has(name) ? `${name} = t.${name} + excluded.${name}` : `${name} = excluded.${name}`,
      );
      return `DO UPDATE SET ${sums.join(', ')}`;
    }
    case 'newest': {
      const version = names[action.by] ?? '';
      return `DO UPDATE SET ${replaced(others)}\nWHERE ${isOlder(columns[action.by], `t.${version}`, `excluded.${version}`)}`;
    }
  }
}

function replaced(names: readonly string[]): string {
  return names.map((name) => `${name} = excluded.${name}`).join(', ');
}

/** Whether a row would be changed at all by these values. */
function changed(names: readonly string[], value: (name: string) => string): string {
  return `(${names.map((name) => `t.${name}`).join(', ')}) IS DISTINCT FROM (${names.map(value).join(', ')})`;
}
