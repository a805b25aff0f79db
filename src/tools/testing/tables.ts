import type { EntityPlan, Plan, Row, TablePlan, TableWrites, UpsertAction } from '../../plan/plan.ts';
import { addedUp } from '../../plan/added-up.ts';
import type { Value } from '../../types/value.ts';

/** The tables of a pipeline in memory, by what each upsert does; they enforce no other constraints and no references. */
export interface Tables {
  /** Whether a message is older than what its own table holds, so that nothing of it is written. */
  readonly isSuperseded: (entity: EntityPlan, writes: readonly TableWrites[]) => boolean;
  /** Takes what one message writes; nothing of it where it is superseded. */
  readonly write: (entity: EntityPlan, writes: readonly TableWrites[]) => void;
  /** The row that is there under the upsert key of a row. */
  readonly rowLike: (table: number, row: Row) => Row | undefined;
  /** The rows of a table, an index into `plan.tables`, in the order in which their keys first came. */
  readonly rowsOf: (table: number) => readonly Row[];
}

export function emptyTables(plan: Plan): Tables {
  const tables = plan.tables.map(emptyTable);
  const isSuperseded: Tables['isSuperseded'] = ({ rootTable }, writes) =>
    writes.some((each) => each.table === rootTable && tables[each.table]?.loses(each));
  return {
    isSuperseded,
    write: (entity, writes) => {
      if (!isSuperseded(entity, writes)) for (const each of writes) tables[each.table]?.write(each);
    },
    rowLike: (table, row) => tables[table]?.rowLike(row),
    rowsOf: (table) => tables[table]?.rows() ?? [],
  };
}

interface Table {
  readonly write: (writes: TableWrites) => void;
  /** With `newest by`: whether a row has come too late. */
  readonly loses: (writes: TableWrites) => boolean;
  readonly rowLike: (row: Row) => Row | undefined;
  readonly rows: () => readonly Row[];
}

function emptyTable(plan: TablePlan): Table {
  const { key, action } = plan.upsert;
  const rows = new Map<string, Row>();
  /** Where versions decide: what was deleted, and in which version. A key is in one of the two maps. */
  const tombstones = new Map<string, Row>();
  const keyOf = (row: Row): string => keyText(plan, row, key);
  const isLate = (row: Row): boolean => {
    const before = rows.get(keyOf(row)) ?? tombstones.get(keyOf(row));
    return before !== undefined && action.kind === 'newest' && !isNewer(plan, action.by, row, before);
  };
  const upsert = (row: Row): void => {
    if (isLate(row)) return;
    const before = rows.get(keyOf(row));
    rows.set(keyOf(row), before === undefined ? row : combined(plan, action, before, row));
    tombstones.delete(keyOf(row));
  };
  const remove = (row: Row): void => {
    if (isLate(row)) return;
    rows.delete(keyOf(row));
    if (action.kind === 'newest') tombstones.set(keyOf(row), row);
  };
  return {
    loses: (writes) => [...writes.rows, ...(writes.deletes ?? [])].some(isLate),
    write: (writes) => {
      writes.rows.forEach(upsert);
      writes.deletes?.forEach(remove);
      const stale = staleRows(plan, writes, rows.values(), keyOf);
      for (const row of stale) rows.delete(keyOf(row));
    },
    rowLike: (row) => rows.get(keyOf(row)),
    rows: () => [...rows.values()],
  };
}

function keyText(plan: TablePlan, row: Row, columns: readonly number[]): string {
  return JSON.stringify(columns.map((column) => plan.columns[column]?.toJson(row[column] ?? null)));
}

/** What the upsert leaves of two rows with one key, the first of which came first. */
function combined(plan: TablePlan, action: UpsertAction, first: Row, second: Row): Row {
  switch (action.kind) {
    case 'replace':
      return second;
    case 'keep':
      return first;
    case 'merge':
      return second.map((value, column) => value ?? first[column] ?? null);
    case 'add':
      return addedUp(new Set(action.columns), first, second);
    case 'newest':
      return isNewer(plan, action.by, second, first) ? second : first;
  }
}

function isNewer(plan: TablePlan, column: number, row: Row, than: Row): boolean {
  return isLater(plan, column, row[column] ?? null, than);
}

/** Whether a version is later than that of a row. */
function isLater(plan: TablePlan, column: number, version: Value, than: Row): boolean {
  return (plan.columns[column]?.compare(version, than[column] ?? null) ?? 0) > 0;
}

/** With `prune by`: the rows of the listed parents that the message does not list, if they are older than it. */
function staleRows(
  plan: TablePlan,
  { rows: listed, parents }: TableWrites,
  all: IteratorObject<Row>,
  keyOf: (row: Row) => string,
): readonly Row[] {
  const { prune, upsert } = plan;
  if (prune === undefined || parents.length === 0) return [];
  const keys = new Set(listed.map(keyOf));
  const versions = new Map(
    parents.map((parent) => [
      JSON.stringify(prune.columns.map((column, at) => plan.columns[column]?.toJson(parent.key[at] ?? null))),
      parent.version,
    ]),
  );
  const isStale = (row: Row): boolean => {
    const parent = keyText(plan, row, prune.columns);
    if (!versions.has(parent) || keys.has(keyOf(row))) return false;
    const version = versions.get(parent);
    const { action } = upsert;
    return version === undefined || action.kind !== 'newest' || isLater(plan, action.by, version, row);
  };
  return [...all.filter(isStale)];
}
