import type { TablePlan, TombstonePlan } from '../../../plan/plan.ts';
import { qualifiedName } from '../identifier.ts';
import { arrayParameter, nameOf, numbered, sameValue } from './columns.ts';
import { isOlder } from './older.ts';

/** The key of a table with tombstones, and its version: what the statements here have as parameters, an array for each. */
export function keyAndVersion({ name, upsert: { key, action } }: TablePlan): readonly number[] {
  if (action.kind !== 'newest') throw new Error(`${name} has no versions to keep with its tombstones`);
  return [...key, action.by];
}

/**
 * Notes a version for each key, unless the same or a newer one is noted; gives the ordinals, from 1, of these, as `n`.
 * `ON CONFLICT DO UPDATE` locks the key also where it then changes nothing, and waits for others that have it: whatever
 * the next statement finds in the table itself stays so.
 */
export function holdText({ table, deletedAt }: TombstonePlan): string {
  const { key } = table.upsert;
  const parameters = keyAndVersion(table);
  const version = parameters.at(-1) ?? 0;
  const kept = table.columns.flatMap((_, index) => (index === deletedAt ? [] : [index]));
  const moment = nameOf(table, deletedAt);
  const byVersion = nameOf(table, version);
  // Where the version is in the key too, it comes twice.
  const arrays = parameters.map((index, place) => arrayParameter(table, index, place));
  const sentKey = arrays.slice(0, key.length).join(', ');
  const same = key.map((index) => sameValue(table, index, `held.h${index + 1}`, `sent.c${index + 1}`));
  return [
    `WITH held (${numbered('h', key)}) AS (`,
    `  INSERT INTO ${qualifiedName(table)} AS t (${[...kept.map((index) => nameOf(table, index)), moment].join(', ')})`,
    `  SELECT ${numbered('c', kept)}, now()`,
    `  FROM unnest(${arrays.join(', ')}) AS s(${numbered('c', parameters)})`,
    `  ON CONFLICT (${key.map((index) => nameOf(table, index)).join(', ')}) DO UPDATE`,
    `  SET ${byVersion} = excluded.${byVersion}, ${moment} = excluded.${moment}`,
    `  WHERE ${isOlder(table, version, `t.${byVersion}`, `excluded.${byVersion}`)}`,
    `  RETURNING ${key.map((index) => `t.${nameOf(table, index)}`).join(', ')}`,
    `)`,
    `SELECT n::int AS n`,
    `FROM unnest(${sentKey}) WITH ORDINALITY AS sent(${numbered('c', key)}, n)`,
    `WHERE NOT EXISTS (SELECT FROM held WHERE ${same.join(' AND ')})`,
    `ORDER BY n`,
  ].join('\n');
}

/**
 * Of the table itself: gives the ordinals, as `n`, of the deletions whose row is not older. The row stays locked, so that
 * this is still true when the others are deleted.
 */
export function lateText(table: TablePlan): string {
  const { key } = table.upsert;
  const parameters = keyAndVersion(table);
  const version = parameters.at(-1) ?? 0;
  const name = (index: number): string => `t.${nameOf(table, index)}`;
  const arrays = parameters.map((index, place) => arrayParameter(table, index, place));
  const same = key.map((index, place) => sameValue(table, index, name(index), `d.d${place + 1}`));
  const older = isOlder(table, version, name(version), `d.d${parameters.length}`);
  return [
    `SELECT d.n::int AS n`,
    `FROM ${qualifiedName(table)} AS t,`,
    `  unnest(${arrays.join(', ')}) WITH ORDINALITY AS d(${numbered('d', parameters)}, n)`,
    `WHERE ${same.join(' AND ')} AND NOT (${older})`,
    `FOR UPDATE OF t`,
  ].join('\n');
}

/** Takes tombstones off the keys. Parameters: an array for each key column. */
export function releaseText({ table }: TombstonePlan): string {
  const { key } = table.upsert;
  const arrays = key.map((index, place) => arrayParameter(table, index, place));
  const same = key.map((index) => sameValue(table, index, `t.${nameOf(table, index)}`, `s.c${index + 1}`));
  return [
    `DELETE FROM ${qualifiedName(table)} AS t`,
    `USING unnest(${arrays.join(', ')}) AS s(${numbered('c', key)})`,
    `WHERE ${same.join(' AND ')}`,
  ].join('\n');
}

/**
 * Deletes what is older than `$1` milliseconds from `$2` to before `$3` (as `tid`), at most `$4` rows; passes by what
 * others hold. No index on the moment, which every tombstone would have to keep up: a purge walks the pages, a range in
 * each step.
 */
export function purgeText({ table, deletedAt }: TombstonePlan): string {
  return [
    `DELETE FROM ${qualifiedName(table)} WHERE ctid = ANY (ARRAY(`,
    `  SELECT ctid FROM ${qualifiedName(table)}`,
    `  WHERE ctid >= $2::tid AND ctid < $3::tid AND ${nameOf(table, deletedAt)} < now() - $1::float8 * interval '1 ms'`,
    `  LIMIT $4 FOR UPDATE SKIP LOCKED`,
    `))`,
  ].join('\n');
}
