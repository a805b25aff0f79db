import type { TablePlan } from '../../../plan/plan.ts';
import { qualifiedName, quoteIdentifier } from '../identifier.ts';
import { type Statement, statement } from '../statement.ts';
import { baseName, typeName } from '../type-names.ts';
import { arrayParameter, carrierAt, columnAt, nameOf, sameValue, sentRows } from './columns.ts';
import { isOlder } from './older.ts';

/**
 * `INSERT … SELECT unnest(…) ON CONFLICT …`: one array parameter for each column. Rows that already have the
 * values to be written are left alone, so that a repeat writes no WAL and no new row version.
 */
export function upsertStatement(table: TablePlan): Statement {
  const names = columnNames(table);
  const key = table.upsert.key.map((index) => names[index]);
  return statement(
    'upsert',
    `${insertText(table)}\nON CONFLICT (${key.join(', ')}) ${conflictAction(table, names)}`,
  );
}

/**
 * The same without `ON CONFLICT`, for rows whose keys the table does not have: Postgres need not look for each of them, nor
 * announce it to others who may insert it too.
 */
export function insertStatement(table: TablePlan): Statement {
  return statement('insert', insertText(table));
}

function insertText(table: TablePlan): string {
  return [
    `INSERT INTO ${qualifiedName(table)} AS t (${columnNames(table).join(', ')})`,
    `SELECT ${table.columns.map((_, index) => valueOf(table, index)).join(', ')}`,
    `FROM ${sentRows(table)}`,
  ].join('\n');
}

function columnNames({ columns }: TablePlan): readonly string[] {
  return columns.map((column) => quoteIdentifier(column.name));
}

/**
 * Upserts the rows and gives the ordinals, from 1, of those that are not new to the table, as `n`, and whether they lost, as
 * `lost`; the same parameters. Postgres itself compares the keys that it returns with those that were sent: no text form of a
 * type matters.
 *
 * A row that this statement inserted has no `xmax`; one that it updated has its own transaction there, because
 * `ON CONFLICT` locks a row before it updates it. A table of somebody else may be partitioned, where `xmax` cannot be asked for, so
 * nothing counts as new there.
 */
export function decideStatement(table: TablePlan): Statement | undefined {
  const { key, decides } = table.upsert;
  if (!decides) return undefined;
  const names = key.map((_, at) => `k${at}`);
  const sent = key.map((index) => arrayParameter(table, index, index));
  const same = key.map((index, at) => sameValue(table, index, `written.k${at}`, `sent.k${at}`));
  const returned = key.map((index) => `t.${nameOf(table, index)}`);
  // Mostly nothing is to be told, and then nothing has to be joined.
  const told = table.existing ? '' : ' WHERE is_new';
  return statement(
    'decide',
    `
WITH written (${names.join(', ')}, is_new) AS (
${upsertStatement(table).text}
RETURNING ${returned.join(', ')}, ${table.existing ? 'false' : 't.xmax = 0'}
)
SELECT n::int AS n, written.is_new IS NULL AS lost
FROM unnest(${sent.join(', ')}) WITH ORDINALITY AS sent (${names.join(', ')}, n)
LEFT JOIN written ON ${same.join(' AND ')}
WHERE (SELECT count(*) FROM written${told}) < cardinality(${sent[0]}) AND written.is_new IS ${table.existing ? 'NULL' : 'NOT TRUE'}
ORDER BY n`,
  );
}

/** What travels as another type becomes the column's own. */
function valueOf(table: TablePlan, index: number): string {
  const source = `c${index + 1}`;
  const { holds } = columnAt(table, index);
  const arrives = holds.kind === 'scalar' && carrierAt(table, index).type === baseName(holds.column);
  return arrives ? source : `${source}::${typeName(holds)}`;
}

function conflictAction(table: TablePlan, names: readonly string[]): string {
  const { columns, upsert } = table;
  const { action, key } = upsert;
  const others = names.filter((_, index) => !key.includes(index));
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
      const version = nameOf(table, action.by);
      return `DO UPDATE SET ${replaced(others)}\nWHERE ${isOlder(table, action.by, `t.${version}`, `excluded.${version}`)}`;
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
