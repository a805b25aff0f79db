import type { ColumnPlan, Statement } from '../plan.ts';
import { quoteIdentifier } from './identifier.ts';
import { isOlder } from './older.ts';
import { statement } from './statement.ts';

export interface VersionedTable {
  readonly sqlName: string;
  readonly columns: readonly ColumnPlan[];
  /** Indexes of the key's columns. */
  readonly key: readonly number[];
  readonly version: number;
}

/** Its columns are those of the key first, then the version, unless it is in the key. */
export interface MemoryTarget extends VersionedTable {
  /** The column that says when a key was deleted. */
  readonly at: string;
}

/**
 * Notes a version for each key, unless the same or a newer one is noted; gives the ordinals of these. `ON CONFLICT DO UPDATE`
 * locks the key also where it then changes nothing, and waits for others that have it: whatever the next statement finds in
 * the table itself stays so.
 */
export function rememberStatement(target: MemoryTarget): Statement {
  const { sqlName, columns, key, version, at } = target;
  const names = columns.map((column) => quoteIdentifier(column.name));
  const moment = quoteIdentifier(at);
  const byVersion = names[version] ?? '';
  // Where the version is in the key too, it comes twice.
  const parameters = [...key, version];
  const arrays = parameters.map((index, place) => parameter(columns[index], place));
  const sent = parameters.map((_, place) => `c${place + 1}`);
  const values = columns.map((_, index) => `c${index + 1}`);
  const held = key.map((index) => `h${index + 1}`);
  const same = key.map((index) => equal(columns[index], `held.h${index + 1}`, `sent.c${index + 1}`));
  return statement(
    'remember',
    [
      `WITH held (${held.join(', ')}) AS (`,
      `  INSERT INTO ${sqlName} AS t (${[...names, moment].join(', ')})`,
      `  SELECT ${values.join(', ')}, now()`,
      `  FROM unnest(${arrays.join(', ')}) AS s(${sent.join(', ')})`,
      `  ON CONFLICT (${key.map((index) => names[index]).join(', ')}) DO UPDATE`,
      `  SET ${byVersion} = excluded.${byVersion}, ${moment} = excluded.${moment}`,
      `  WHERE ${isOlder(columns[version], `t.${byVersion}`, `excluded.${byVersion}`)}`,
      `  RETURNING ${key.map((index) => `t.${names[index]}`).join(', ')}`,
      `)`,
      `SELECT n::int AS n`,
      `FROM unnest(${arrays.slice(0, key.length).join(', ')}) WITH ORDINALITY AS sent(${sent.slice(0, key.length).join(', ')}, n)`,
      `WHERE NOT EXISTS (SELECT FROM held WHERE ${same.join(' AND ')})`,
      `ORDER BY n`,
    ].join('\n'),
  );
}

/** Of the table itself: what is not older than its deletion. It stays locked, so that this is still true at the deletion. */
export function outdatedStatement({ sqlName, columns, key, version }: VersionedTable): Statement {
  const name = (index: number): string => `t.${quoteIdentifier(columns[index]?.name ?? '')}`;
  const parameters = [...key, version];
  const arrays = parameters.map((index, place) => parameter(columns[index], place));
  const same = key.map((index, place) => equal(columns[index], name(index), `d.d${place + 1}`));
  const older = isOlder(columns[version], name(version), `d.d${parameters.length}`);
  return statement(
    'outdated',
    [
      `SELECT d.n::int AS n`,
      `FROM ${sqlName} AS t,`,
      `  unnest(${arrays.join(', ')}) WITH ORDINALITY AS d(${parameters.map((_, place) => `d${place + 1}`).join(', ')}, n)`,
      `WHERE ${same.join(' AND ')} AND NOT (${older})`,
      `FOR UPDATE OF t`,
    ].join('\n'),
  );
}

export function forgetStatement({ sqlName, columns, key }: MemoryTarget): Statement {
  const arrays = key.map((index, place) => parameter(columns[index], place));
  const same = key.map((index) =>
    equal(columns[index], `t.${quoteIdentifier(columns[index]?.name ?? '')}`, `s.c${index + 1}`),
  );
  return statement(
    'forget',
    [
      `DELETE FROM ${sqlName} AS t`,
      `USING unnest(${arrays.join(', ')}) AS s(${key.map((index) => `c${index + 1}`).join(', ')})`,
      `WHERE ${same.join(' AND ')}`,
    ].join('\n'),
  );
}

/** No index on the moment, which every note would have to keep up: a purge walks the pages, a range in each step. */
export function purgeText({ sqlName, at }: MemoryTarget): string {
  return [
    `DELETE FROM ${sqlName} WHERE ctid = ANY (ARRAY(`,
    `  SELECT ctid FROM ${sqlName}`,
    `  WHERE ctid >= $2::tid AND ctid < $3::tid AND ${quoteIdentifier(at)} < now() - $1::float8 * interval '1 ms'`,
    `  LIMIT $4 FOR UPDATE SKIP LOCKED`,
    `))`,
  ].join('\n');
}

function parameter(column: ColumnPlan | undefined, place: number): string {
  return `$${place + 1}::${column?.parameterType ?? ''}`;
}

function equal(column: ColumnPlan | undefined, left: string, right: string): string {
  return `${left} ${column?.nullable === true ? 'IS NOT DISTINCT FROM' : '='} ${right}`;
}
