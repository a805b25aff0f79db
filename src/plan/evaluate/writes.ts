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
  const groups: readonly Group[] = [...Map.groupBy(writers, ({ table }) => table)].map(([table, group]) => ({
    table,
    group,
    onePerKey: compileOnePerKey(group, tables[table], place),
  }));
  const deleting = records.some(({ store }) => store.delete !== undefined);
  const single = groups.every(({ group }) => group.length === 1);
  return {
    tables: groups.map(({ table }) => table),
    of: (message) => {
      // Mostly each table has one record. Lists of known length take less memory than those that grow, and there are many.
      const writes = single
        ? groups.map((each) => writesOf(each.table, madeFor(each, message)[0] as Made))
        : groups.flatMap((each) => madeFor(each, message).map((made) => writesOf(each.table, made)));
      return deleting ? withoutOrphans(tables, writes) : writes;
    },
  };
}

/** The records that write one table. */
interface Group {
  readonly table: number;
  readonly group: readonly Writer[];
  readonly onePerKey: OneRowPerKey | undefined;
}

/** For each record of a group what it has for the table. */
function madeFor({ group, onePerKey }: Group, message: MessageRows): readonly Made[] {
  const made = group.map((writer) => rowsIn(message, writer));
  return onePerKey === undefined ? made : onePerKey(made);
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
  const template = indexes.map((): Value => null);
  const columnsOf = (row: Row): Row => {
    const picked = template.slice();
    for (let at = 0; at < indexes.length; at += 1) picked[at] = row[indexes[at] as number] ?? null;
    return picked;
  };
  return { ...writing, table, columnsOf: same ? undefined : columnsOf };
}
