import type { Value } from '../../../types/value.ts';
import type { PruneParent, PrunePlan, Row, TablePlan } from '../../../plan/plan.ts';
import { arrayWriter } from '../binary/arrays.ts';
import type { ElementFormat } from '../binary/element.ts';
import type { Query } from '../session.ts';
import type { Statement } from '../statement.ts';
import { carrierAt, versionOf } from './columns.ts';
import { deleteText } from './delete.ts';
import { pruneText } from './prune.ts';
import { holdText, keyAndVersion, lateText, releaseText } from './tombstones.ts';
import { decideStatement, insertStatement, upsertStatement } from './upsert.ts';

/**
 * Everything that is asked of one table. The texts are made once; each batch only fills in its arrays.
 *
 * Only what writes rows has a name. The others are planned each time for the table as it is: a plan that was made while
 * the table was empty reads all of it, and stays with its connection until somebody analyses the table.
 */
export interface TableQueries {
  /** An array for each column of the table: the values of `upsert`, `insert` and `decide`. */
  readonly arrays: (rows: readonly Row[]) => readonly Uint8Array[];
  readonly upsert: Statement;
  readonly insert: Statement;
  /** Where messages are decided: gives the ordinals, from 1, of the rows that are not new, as `n`, and whether they lost. */
  readonly decide: Statement | undefined;
  readonly prune: PruneQuery | undefined;
  readonly delete: RowsQuery | undefined;
  readonly tombstones: TombstoneQueries | undefined;
}

export type RowsQuery = (rows: readonly Row[]) => Query;

/** `listed` has the arrays of the rows that stay. */
export type PruneQuery = (parents: readonly PruneParent[], listed: readonly Uint8Array[]) => Query;

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
  return {
    arrays: rowsArrays(table, all),
    upsert: upsertStatement(table),
    insert: insertStatement(table),
    decide: decideStatement(table),
    prune: prune === undefined ? undefined : pruneQuery(table, prune),
    delete: deletion === undefined ? undefined : rowsQuery(table, versioned, { text: deleteText(table) }),
    tombstones: tombstoneQueries(table),
  };
}

/** A column of rows that a statement takes as an array. */
interface Sent {
  readonly index: number;
  readonly format: ElementFormat;
}

function sentColumns(table: TablePlan, columns: readonly number[]): readonly Sent[] {
  return columns.map((index) => ({ index, format: carrierAt(table, index).format }));
}

function rowsQuery(
  table: TablePlan,
  columns: readonly number[],
  statement: Pick<Query, 'name' | 'text'>,
): RowsQuery {
  const arrays = rowsArrays(table, columns);
  return (rows) => ({ ...statement, values: arrays(rows) });
}

function rowsArrays(table: TablePlan, columns: readonly number[]): TableQueries['arrays'] {
  const sent = sentColumns(table, columns);
  const expected = sizeGuess();
  return (rows) => {
    const writer = arrayWriter(expected.of(rows.length));
    const arrays = sent.map(({ index, format }) => writer.array(format, rows, (row) => row[index] ?? null));
    expected.learn(rows.length, arrays);
    return arrays;
  };
}

/** Guesses how many bytes rows take, from the batch before: so that a batch is seldom copied to a larger buffer. */
function sizeGuess(): {
  readonly of: (rows: number) => number;
  readonly learn: (rows: number, arrays: readonly Uint8Array[]) => void;
} {
  let each = 64;
  return {
    of: (rows) => Math.ceil(rows * each * 1.1) + 1024,
    learn(rows, arrays) {
      if (rows > 0) each = arrays.reduce((sum, { length }) => sum + length, 0) / rows;
    },
  };
}

function pruneQuery(table: TablePlan, prune: PrunePlan): PruneQuery {
  const text = pruneText(table, prune);
  const owners = sentColumns(table, prune.columns);
  const version = versionOf(table);
  const byVersion = version === undefined ? undefined : carrierAt(table, version).format;
  const { key } = table.upsert;
  return (parents, listed) => {
    const writer = arrayWriter(16 * parents.length * (owners.length + 1));
    const each = (format: ElementFormat, value: (parent: PruneParent) => Value) =>
      writer.array(format, parents, value);
    const owned = owners.map(({ format }, place) => each(format, ({ key }) => key[place] ?? null));
    if (byVersion !== undefined) owned.push(each(byVersion, (parent) => parent.version ?? null));
    return { text, values: [...owned, ...key.flatMap((column) => listed[column] ?? [])] };
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
