import type { ColumnPlan, Statement } from '../plan.ts';
import { quoteIdentifier } from './identifier.ts';
import { isOlder } from './older.ts';
import { statement } from './statement.ts';

export interface DeleteTarget {
  readonly sqlName: string;
  readonly columns: readonly ColumnPlan[];
  /** Indexes of the columns that tell the rows apart: the upsert key. */
  readonly key: readonly number[];
  /** Index of the version column, where the upsert is `newest by`. */
  readonly version: number | undefined;
}

/**
 * Deletes the rows of the listed keys, and with a version only those that are older. Parameters: an array for each key
 * column, then one of versions where there is one.
 */
export function deleteStatement({ sqlName, columns, key, version }: DeleteTarget): Statement {
  const name = (index: number): string => quoteIdentifier(columns[index]?.name ?? '');
  const listed = version === undefined ? key : [...key, version];
  const arrays = listed.map((index, at) => `$${at + 1}::${columns[index]?.parameterType ?? ''}`);
  const same = key.map((index, at) => {
    const operator = columns[index]?.nullable === true ? 'IS NOT DISTINCT FROM' : '=';
    return `t.${name(index)} ${operator} d.d${at + 1}`;
  });
  const older =
    version === undefined ? [] : [isOlder(columns[version], `t.${name(version)}`, `d.d${listed.length}`)];
  return statement(
    'delete',
    [
      `DELETE FROM ${sqlName} AS t`,
      `USING unnest(${arrays.join(', ')}) AS d(${listed.map((_, at) => `d${at + 1}`).join(', ')})`,
      `WHERE ${[...same, ...older].join(' AND ')}`,
    ].join('\n'),
  );
}
