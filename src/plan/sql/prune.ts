import type { ColumnPlan, Statement } from '../plan.ts';
import { quoteIdentifier } from './identifier.ts';
import { isOlder } from './older.ts';
import { statement } from './statement.ts';

export interface PruneTarget {
  readonly sqlName: string;
  readonly columns: readonly ColumnPlan[];
  /** Indexes of the columns that say whose row it is. */
  readonly parents: readonly number[];
  /** Indexes of the columns that tell the rows apart: the upsert key. */
  readonly key: readonly number[];
  /** Index of the version column, where the upsert is `newest by`. */
  readonly version: number | undefined;
}

/**
 * Deletes the rows of the listed parents that are not listed, and with a version only rows that are older than the
 * message. Parameters: an array for each parent column, one of versions where there is one, an array for each key column.
 *
 * The stale rows are found first, parent by parent (`LATERAL … OFFSET 0` keeps the planner from joining the whole table
 * with the list), and `EXCEPT` compares the keys by hashing, nulls as equal: the time depends on the batch, not on the
 * size of the table. The version is compared once more at the deletion, which may have waited for a newer row.
 */
export function pruneStatement(target: PruneTarget): Statement {
  const name = (index: number): string => quoteIdentifier(target.columns[index]?.name ?? '');
  const type = (index: number): string => target.columns[index]?.parameterType ?? '';
  const parents = target.version === undefined ? target.parents : [...target.parents, target.version];
  const parameter = (index: number, position: number): string => `$${position + 1}::${type(index)}`;
  const parentArrays = parents.map(parameter).join(', ');
  const keyArrays = target.key
    .map((index, position) => parameter(index, parents.length + position))
    .join(', ');
  const owned = target.parents.map((index, position) => {
    const equals = target.columns[index]?.nullable === true ? 'IS NOT DISTINCT FROM' : '=';
    return `t.${name(index)} ${equals} p.p${position + 1}`;
  });
  const older =
    target.version === undefined
      ? []
      : [isOlder(target.columns[target.version], `t.${name(target.version)}`, `p.p${parents.length}`)];
  const keys = target.key.map((_, position) => `k${position + 1}`).join(', ');
  const same = target.key.map((index, position) => {
    const equals = target.columns[index]?.nullable === true ? 'IS NOT DISTINCT FROM' : '=';
    return `t.${name(index)} ${equals} s.k${position + 1}`;
  });
  const listed = `unnest(${parentArrays}) AS p(${parents.map((_, position) => `p${position + 1}`).join(', ')})`;
  return statement(
    'prune',
    [
      `WITH stale (${keys}) AS MATERIALIZED (`,
      `  SELECT ${target.key.map((index) => `o.${name(index)}`).join(', ')}`,
      `  FROM ${listed}`,
      `  CROSS JOIN LATERAL (`,
      `    SELECT * FROM ${target.sqlName} AS t WHERE ${[...owned, ...older].join(' AND ')} OFFSET 0`,
      `  ) AS o`,
      `  EXCEPT SELECT * FROM unnest(${keyArrays})`,
      `)`,
      `DELETE FROM ${target.sqlName} AS t`,
      ...(older.length === 0
        ? [`USING stale AS s WHERE ${same.join(' AND ')}`]
        : [`USING stale AS s, ${listed}`, `WHERE ${[...same, ...owned, ...older].join(' AND ')}`]),
    ].join('\n'),
  );
}
