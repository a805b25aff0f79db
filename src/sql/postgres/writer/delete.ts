import type { TablePlan } from '../../../plan/plan.ts';
import { qualifiedName } from '../identifier.ts';
import { arrayParameter, nameOf, numbered, sameValue, versionOf } from './columns.ts';
import { isOlder } from './older.ts';

/**
 * Deletes the rows of the listed keys, and with a version only those that are older. Parameters: an array for each key
 * column, then one of versions where there is one.
 */
export function deleteText(table: TablePlan): string {
  const { key } = table.upsert;
  const version = versionOf(table);
  const listed = version === undefined ? key : [...key, version];
  const arrays = listed.map((index, place) => arrayParameter(table, index, place));
  const same = key.map((index, place) =>
    sameValue(table, index, `t.${nameOf(table, index)}`, `d.d${place + 1}`),
  );
  const older =
    version === undefined
      ? []
      : [isOlder(table, version, `t.${nameOf(table, version)}`, `d.d${listed.length}`)];
  return [
    `DELETE FROM ${qualifiedName(table)} AS t`,
    `USING unnest(${arrays.join(', ')}) AS d(${numbered('d', listed)})`,
    `WHERE ${[...same, ...older].join(' AND ')}`,
  ].join('\n');
}
