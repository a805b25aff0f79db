import type { RecordModel, StoreModel } from '../../model/program.ts';
import type { Value } from '../../types/value.ts';
import { tablePlace } from '../table-place.ts';
import type { PruneParent, Row, TablePlan, TableWrites } from '../plan.ts';
import { oneRowPerKey, type Made, type OneRowPerKey } from './one-row-per-key.ts';
import { withoutOrphans } from './orphans.ts';
import type { Place } from './own-fields.ts';
import type { MessageRows } from './sources.ts';

/** A record with a store, whose rows a message may have. */
export interface Writing {
  readonly record: RecordModel;
  readonly store: StoreModel;
  /** For a store with `prune by`: whose rows the message lists. */
  readonly parentsOf: ((message: MessageRows) => readonly PruneParent[]) | undefined;
}

/** Turns the rows of a message's records into what it writes, table by table. Throws `MessageRejected`. */
export interface Writes {
  /** Indexes of the tables, ascending. */
  readonly tables: readonly number[];
  readonly of: (message: MessageRows) => readonly TableWrites[];
}

interface Writer extends Writing {
  readonly table: number;
  /** Picks the columns of a row; absent where the row is its columns already. */
  readonly columnsOf: ((row: Row) => Row) | undefined;
}

export function compileWrites(
  records: readonly Writing[],
  tables: readonly TablePlan[],
  place: Place,
): Writes {
  const writers = records
    .map((each) => compileWriter(each, tables))
    .toSorted((left, right) => left.table - right.table);
  const groups = [...Map.groupBy(writers, ({ table }) => table)].map(([table, group]) => ({
    table,
    group,
    onePerKey: compileOnePerKey(group, tables[table], place),
  }));
  const deleting = records.some(({ store }) => store.delete !== undefined);
  return {
    tables: groups.map(({ table }) => table),
    of: (message) => {
      const writes: TableWrites[] = [];
      for (const { table, group, onePerKey } of groups) {
        const made: Made[] = [];
        for (const writer of group) made.push(rowsIn(message, writer));
        for (const each of onePerKey === undefined ? made : onePerKey(made))
          writes.push(writesOf(table, each));
      }
      return deleting ? withoutOrphans(tables, writes) : writes;
    },
  };
}

/** Nothing where a message has one row at most. */
function compileOnePerKey(
  group: readonly Writer[],
  table: TablePlan | undefined,
  place: Place,
): OneRowPerKey | undefined {
  const [only] = group;
  if (only === undefined || table === undefined) return undefined;
  if (group.length === 1 && only.record.rows !== 'many') return undefined;
  const { upsert, tree } = only.store;
  return oneRowPerKey(table, place(upsert?.tree.span ?? tree.span));
}

function rowsIn(message: MessageRows, { record, columnsOf, parentsOf }: Writer): Made {
  const found = message.rows.get(record);
  const rows = found?.rows ?? NO_ROWS;
  return {
    record: record.name,
    rows: columnsOf === undefined ? rows : rows.map(columnsOf),
    pointers: found?.pointers ?? NO_POINTERS,
    deleted: found?.deleted,
    parents: parentsOf?.(message) ?? NO_PARENTS,
  };
}

const NO_ROWS: readonly Row[] = [];
const NO_POINTERS: readonly string[] = [];
const NO_PARENTS: readonly PruneParent[] = [];

/** Parts the rows that are written from those that are the deletion of their key. */
function writesOf(table: number, { rows, deleted, parents }: Made): TableWrites {
  if (deleted === undefined) return { table, rows, parents };
  const isDeleted = (_: Row, at: number): boolean => deleted[at] === true;
  return {
    table,
    rows: rows.filter((row, at) => !isDeleted(row, at)),
    parents,
    deletes: rows.filter(isDeleted),
  };
}

function compileWriter(writing: Writing, tables: readonly TablePlan[]): Writer {
  const { record, store } = writing;
  const table = tablePlace(tables, store);
  const columns = tables[table]?.columns ?? [];
  const indexes = columns.map((column) => record.fields.findIndex((field) => field.name === column.name));
  const same =
    indexes.length === record.fields.length && indexes.every((index, position) => index === position);
  const columnsOf = (row: Row): Row => indexes.map((index): Value => row[index] ?? null);
  return { ...writing, table, columnsOf: same ? undefined : columnsOf };
}
