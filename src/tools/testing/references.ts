import type { EntityPlan, Plan, RefPlan, Row, TableWrites } from '../../plan/plan.ts';
import { tableName } from '../../plan/table-name.ts';
import { tableAt } from '../../plan/tables-of.ts';
import { keyIndex, placesOf, shownValues, type KeyIndex } from './key-index.ts';
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
  /** Takes what was written just now. */
  readonly note: (writes: readonly TableWrites[], tables: Tables) => void;
  /** Names of the tables that rows of the test refer to without being enforced. */
  readonly unenforced: readonly string[];
}

/** A reference that is enforced. */
interface Enforced {
  readonly table: number;
  readonly ref: RefPlan;
  readonly columns: readonly number[];
  readonly parents: KeyIndex;
}

export function referencesOf(plan: Plan, given: readonly EntityPlan[]): References {
  const written = new Set(given.flatMap((entity) => entity.tables));
  const hard = [...written].flatMap((table) =>
    (plan.tables[table]?.refs ?? []).filter(({ soft }) => !soft).map((ref) => ({ table, ref })),
  );
  const others = hard.filter(({ ref }) => !written.has(ref.target));
  const enforced = hard
    .filter(({ ref }) => written.has(ref.target))
    .map(({ table, ref }): Enforced => {
      const parents = keyIndex(plan, ref.target, placesOf(plan, ref.target, ref.targetColumns));
      return { table, ref, columns: placesOf(plan, table, ref.columns), parents };
    });
  /** What a row refers to; undefined where a column is null, since that refers to nothing. */
  const referenceOf = ({ table, columns }: Enforced, row: Row): string | undefined =>
    columns.some((column) => row[column] === null)
      ? undefined
      : JSON.stringify(shownValues(plan, table, columns, row));

  return {
    missing: (writes, tables) => {
      for (const each of enforced) {
        const own = new Set(rowsFor(writes, each.ref.target).map(each.parents.valuesOf));
        const orphan = rowsFor(writes, each.table).find((row) => {
          const values = referenceOf(each, row);
          return (
            values !== undefined && !own.has(values) && each.parents.holder(values, tables) === undefined
          );
        });
        if (orphan !== undefined)
          return `writes ${childText(plan, each, orphan)}, and ${targetText(plan, each)} has no such row`;
      }
      return undefined;
    },
    orphaned: (writes, tables) => {
      for (const each of enforced) {
        if (!isDeleting(writes, each.ref.target)) continue;
        const orphan = tables.rowsOf(each.table).find((row) => {
          const values = referenceOf(each, row);
          return values !== undefined && each.parents.holder(values, tables) === undefined;
        });
        if (orphan !== undefined)
          return `deletes a row of ${targetText(plan, each)} that ${childText(plan, each, orphan)} refers to`;
      }
      return undefined;
    },
    note: (writes, tables) => {
      for (const { ref, parents } of enforced) parents.note(rowsFor(writes, ref.target), tables);
    },
    unenforced: [...new Set(others.map(({ ref }) => tableName(tableAt(plan, ref.target))))],
  };
}

function isDeleting(writes: readonly TableWrites[], table: number): boolean {
  return writes.some(
    (each) => each.table === table && (each.parents.length > 0 || (each.deletes ?? []).length > 0),
  );
}

function rowsFor(writes: readonly TableWrites[], table: number): readonly Row[] {
  return writes.flatMap((each) => (each.table === table ? each.rows : []));
}

/** `a row of order_lines with order_id 7`. */
function childText(plan: Plan, { table, columns, ref }: Enforced, row: Row): string {
  const values = shownValues(plan, table, columns, row);
  const pairs = ref.columns.map((name, at) => `${name} ${JSON.stringify(values[at])}`);
  return `a row of ${tableName(tableAt(plan, table))} with ${pairs.join(' and ')}`;
}

/** `orders (id)`. */
function targetText(plan: Plan, { ref }: Enforced): string {
  return `${tableName(tableAt(plan, ref.target))} (${ref.targetColumns.join(', ')})`;
}
