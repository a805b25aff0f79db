import type { EntityPlan, Plan, RefPlan, Row, TablePlan, TableWrites } from '../../plan/plan.ts';
import type { Tables } from './tables.ts';

/**
 * The references that a test enforces: those to tables that a message of the test may write. A test may so be about a
 * child alone, and one that gives parents learns which are missing.
 */
export interface References {
  /** Why a message cannot write these rows, as what it does: a parent is neither there nor among them. */
  readonly missing: (writes: readonly TableWrites[], tables: Tables) => string | undefined;
  /** Why it cannot delete rows: others that are there refer to them. Asked after the deletion. */
  readonly orphaned: (writes: readonly TableWrites[], tables: Tables) => string | undefined;
  /** To be told that rows were written, and how many rows each table had before. */
  readonly written: (writes: readonly TableWrites[], tables: Tables, before: readonly number[]) => void;
  /** To be told that the tables are others. */
  readonly forget: () => void;
  /** Names of the tables that rows of the test refer to without being enforced. */
  readonly unenforced: readonly string[];
}

/** A reference that is enforced. */
interface Enforced {
  readonly table: number;
  readonly ref: RefPlan;
  readonly columns: readonly number[];
  readonly targetColumns: readonly number[];
  /** The keys of the target's rows; undefined until somebody asks. */
  parents: Set<string> | undefined;
}

export function referencesOf(plan: Plan, given: readonly EntityPlan[]): References {
  const written = new Set(given.flatMap((entity) => entity.tables));
  const hard = [...written].flatMap((table) =>
    (plan.tables[table]?.refs ?? []).filter(({ soft }) => !soft).map((ref) => ({ table, ref })),
  );
  const enforced = hard.filter(({ ref }) => written.has(ref.target)).map((each) => enforcedOf(plan, each));
  const others = hard.filter(({ ref }) => !written.has(ref.target));
  const parentsOf = (each: Enforced, tables: Tables): Set<string> =>
    (each.parents ??= keysOf(plan, each, tables.rowsOf(each.ref.target)));
  const isDeleting = (writes: readonly TableWrites[], table: number): boolean =>
    writes.some(
      (each) => each.table === table && (each.parents.length > 0 || (each.deletes ?? []).length > 0),
    );

  return {
    missing: (writes, tables) => {
      for (const each of enforced) {
        const rows = rowsFor(writes, each.table);
        if (rows.length === 0) continue;
        const own = keysOf(plan, each, rowsFor(writes, each.ref.target));
        for (const row of rows) {
          const key = childKey(plan, each, row);
          if (key === undefined || own.has(key) || parentsOf(each, tables).has(key)) continue;
          return `writes ${childText(plan, each, row)}, and ${targetText(plan, each)} has no such row`;
        }
      }
      return undefined;
    },
    orphaned: (writes, tables) => {
      for (const each of enforced) {
        if (!isDeleting(writes, each.ref.target)) continue;
        each.parents = undefined;
        const orphan = tables.rowsOf(each.table).find((row) => {
          const key = childKey(plan, each, row);
          return key !== undefined && !parentsOf(each, tables).has(key);
        });
        if (orphan === undefined) continue;
        return `deletes a row of ${targetText(plan, each)} that ${childText(plan, each, orphan)} refers to`;
      }
      return undefined;
    },
    written: (writes, tables, before) => {
      for (const each of enforced) {
        const { target } = each.ref;
        const rows = rowsFor(writes, target);
        if (each.parents === undefined || (rows.length === 0 && !isDeleting(writes, target))) continue;
        const allNew = tables.rowsOf(target).length === (before[target] ?? 0) + rows.length;
        if (!allNew || isDeleting(writes, target)) each.parents = undefined;
        else for (const key of keysOf(plan, each, rows)) each.parents.add(key);
      }
    },
    forget: () => {
      for (const each of enforced) each.parents = undefined;
    },
    unenforced: [...new Set(others.map(({ ref }) => plan.tables[ref.target]?.name ?? ''))],
  };
}

function enforcedOf(plan: Plan, { table, ref }: { readonly table: number; readonly ref: RefPlan }): Enforced {
  const placesIn = (of: TablePlan | undefined, names: readonly string[]): readonly number[] =>
    names.map((name) => of?.columns.findIndex((column) => column.name === name) ?? -1);
  return {
    table,
    ref,
    columns: placesIn(plan.tables[table], ref.columns),
    targetColumns: placesIn(plan.tables[ref.target], ref.targetColumns),
    parents: undefined,
  };
}

function rowsFor(writes: readonly TableWrites[], table: number): readonly Row[] {
  return writes.flatMap((each) => (each.table === table ? each.rows : []));
}

function keysOf(plan: Plan, { ref, targetColumns }: Enforced, rows: readonly Row[]): Set<string> {
  return new Set(rows.map((row) => JSON.stringify(valuesOf(plan.tables[ref.target], targetColumns, row))));
}

/** The key of the parent; undefined where a column is null, since that refers to nothing. */
function childKey(plan: Plan, { table, columns }: Enforced, row: Row): string | undefined {
  if (columns.some((column) => row[column] === null)) return undefined;
  return JSON.stringify(valuesOf(plan.tables[table], columns, row));
}

function valuesOf(table: TablePlan | undefined, columns: readonly number[], row: Row): readonly unknown[] {
  return columns.map((column) => table?.columns[column]?.toJson(row[column] ?? null));
}

/** `a row of order_lines with order_id 7`. */
function childText(plan: Plan, { table, columns, ref }: Enforced, row: Row): string {
  const values = valuesOf(plan.tables[table], columns, row);
  const pairs = ref.columns.map((name, at) => `${name} ${JSON.stringify(values[at])}`);
  return `a row of ${plan.tables[table]?.name ?? ''} with ${pairs.join(' and ')}`;
}

/** `orders (id)`. */
function targetText(plan: Plan, { ref }: Enforced): string {
  return `${plan.tables[ref.target]?.name ?? ''} (${ref.targetColumns.join(', ')})`;
}
