import type { PrunePlan, TablePlan } from '../../../plan/plan.ts';
import { qualifiedName } from '../identifier.ts';
import { arrayParameter, nameOf, numbered, sameValue, versionOf } from './columns.ts';
import { isOlder } from './older.ts';

/**
 * Deletes the rows of the listed parents that are not listed, and with a version only rows that are older than the
 * message. Parameters: an array for each parent column, one of versions where there is one, an array for each key column.
 *
 * The stale rows are found first, parent by parent (`LATERAL … OFFSET 0` keeps the planner from joining the whole table
 * with the list), and `EXCEPT` compares the keys by hashing, nulls as equal: the time depends on the batch, not on the
 * size of the table. The version is compared once more at the deletion, which may have waited for a newer row.
 */
export function pruneText(table: TablePlan, { columns }: PrunePlan): string {
  const { key } = table.upsert;
  const version = versionOf(table);
  const parents = version === undefined ? columns : [...columns, version];
  const parentArrays = parents.map((index, place) => arrayParameter(table, index, place)).join(', ');
  const keyArrays = key
    .map((index, place) => arrayParameter(table, index, parents.length + place))
    .join(', ');
  const owned = columns.map((index, place) =>
    sameValue(table, index, `t.${nameOf(table, index)}`, `p.p${place + 1}`),
  );
  const older =
    version === undefined
      ? []
      : [isOlder(table, version, `t.${nameOf(table, version)}`, `p.p${parents.length}`)];
  const same = key.map((index, place) =>
    sameValue(table, index, `t.${nameOf(table, index)}`, `s.k${place + 1}`),
  );
  const listed = `unnest(${parentArrays}) AS p(${numbered('p', parents)})`;
  return [
    `WITH stale (${numbered('k', key)}) AS MATERIALIZED (`,
    `  SELECT ${key.map((index) => `o.${nameOf(table, index)}`).join(', ')}`,
    `  FROM ${listed}`,
    `  CROSS JOIN LATERAL (`,
    `    SELECT * FROM ${qualifiedName(table)} AS t WHERE ${[...owned, ...older].join(' AND ')} OFFSET 0`,
    `  ) AS o`,
    `  EXCEPT SELECT * FROM unnest(${keyArrays})`,
    `)`,
    `DELETE FROM ${qualifiedName(table)} AS t`,
    ...(older.length === 0
      ? [`USING stale AS s WHERE ${same.join(' AND ')}`]
      : [`USING stale AS s, ${listed}`, `WHERE ${[...same, ...owned, ...older].join(' AND ')}`]),
  ].join('\n');
}
