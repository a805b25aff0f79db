import type { PruneParent, PrunePlan, Row, TablePlan } from '../../../plan/plan.ts';
import { columnLiteral, encoderOf, valuesLiteral } from '../parameters.ts';
import type { Query } from '../session.ts';
import { columnAt, versionOf } from './columns.ts';
import { deleteText } from './delete.ts';
import { pruneText } from './prune.ts';
import { holdText, keyAndVersion, lateText, releaseText } from './tombstones.ts';
import { decideStatement, upsertStatement } from './upsert.ts';

/**
 * Everything that is asked of one table. The texts are made once; each batch only fills in its arrays.
 *
 * Only what writes rows has a name. The others are planned each time for the table as it is: a plan that was made while
 * the table was empty reads all of it, and stays with its connection until somebody analyses the table.
 */
export interface TableQueries {
  readonly upsert: RowsQuery;
  /** Where messages are decided: gives the ordinals, from 1, of the rows that lost, as `n`. */
  readonly decide: RowsQuery | undefined;
  readonly prune: PruneQuery | undefined;
  readonly delete: RowsQuery | undefined;
  readonly tombstones: TombstoneQueries | undefined;
}

export type RowsQuery = (rows: readonly Row[]) => Query;

export type PruneQuery = (parents: readonly PruneParent[], listed: readonly Row[]) => Query;

/** All of them take rows of the table that is deleted from. */
export interface TombstoneQueries {
  readonly hold: RowsQuery;
  readonly late: RowsQuery;
  readonly release: RowsQuery;
}

export function tableQueries(table: TablePlan): TableQueries {
  const { columns, upsert, prune, delete: deletion } = table;
  const all = columns.map((_, index) => index);
  const version = versionOf(table);
  const versioned = version === undefined ? upsert.key : [...upsert.key, version];
  const decide = decideStatement(table);
  return {
    upsert: rowsQuery(table, all, upsertStatement(table)),
    decide: decide === undefined ? undefined : rowsQuery(table, all, decide),
    prune: prune === undefined ? undefined : pruneQuery(table, prune),
    delete: deletion === undefined ? undefined : rowsQuery(table, versioned, { text: deleteText(table) }),
    tombstones: tombstoneQueries(table),
  };
}

function rowsQuery(
  table: TablePlan,
  columns: readonly number[],
  statement: Pick<Query, 'name' | 'text'>,
): RowsQuery {
  const sent = columns.map((index) => ({ index, encode: encoderOf(columnAt(table, index)) }));
  return (rows) => ({
    ...statement,
    values: sent.map(({ index, encode }) => columnLiteral(encode, rows, index)),
  });
}

function pruneQuery(table: TablePlan, prune: PrunePlan): PruneQuery {
  const owners = prune.columns.map((index) => encoderOf(columnAt(table, index)));
  const version = versionOf(table);
  const byVersion = version === undefined ? undefined : encoderOf(columnAt(table, version));
  const kept = rowsQuery(table, table.upsert.key, { text: pruneText(table, prune) });
  return (parents, listed) => {
    const { text, values = [] } = kept(listed);
    const owned = owners.map((encode, at) =>
      valuesLiteral(
        encode,
        parents.map(({ key }) => key[at] ?? null),
      ),
    );
    if (byVersion !== undefined)
      owned.push(
        valuesLiteral(
          byVersion,
          parents.map((parent) => parent.version ?? null),
        ),
      );
    return { text, values: [...owned, ...values] };
  };
}

function tombstoneQueries(table: TablePlan): TombstoneQueries | undefined {
  const tombstones = table.delete?.tombstones;
  if (tombstones === undefined) return undefined;
  const versioned = keyAndVersion(table);
  return {
    hold: rowsQuery(table, versioned, { text: holdText(tombstones) }),
    late: rowsQuery(table, versioned, { text: lateText(table) }),
    release: rowsQuery(table, table.upsert.key, { text: releaseText(tombstones) }),
  };
}
