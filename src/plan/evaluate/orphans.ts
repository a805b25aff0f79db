import type { RefPlan, Row, TablePlan, TableWrites } from '../plan.ts';

/**
 * The writes of a message without the rows whose hard `ref` points at a row that the same message deletes: a deletion
 * takes what it would derive along, and does not fail by it. `writes` has parents before children.
 */
export function withoutOrphans(
  tables: readonly TablePlan[],
  writes: readonly TableWrites[],
): readonly TableWrites[] {
  if (!writes.some((each) => each.deletes !== undefined && each.deletes.length > 0)) return writes;
  const gone = new Map<number, Row[]>();
  return writes.map((each) => {
    const lost = gone.get(each.table) ?? [];
    gone.set(each.table, lost);
    lost.push(...(each.deletes ?? []));
    const table = tables[each.table];
    const hard = table?.refs.filter((ref) => !ref.soft) ?? [];
    if (table === undefined || hard.length === 0) return each;
    const isOrphan = (row: Row): boolean =>
      hard.some((ref) => pointsAt(table, row, ref, tables[ref.target], gone.get(ref.target) ?? []));
    const kept = each.rows.filter((row) => !isOrphan(row));
    if (kept.length === each.rows.length) return each;
    lost.push(...each.rows.filter((row) => !kept.includes(row)));
    return { ...each, rows: kept };
  });
}

function pointsAt(
  table: TablePlan,
  row: Row,
  { columns, targetColumns }: RefPlan,
  target: TablePlan | undefined,
  gone: readonly Row[],
): boolean {
  if (target === undefined || gone.length === 0) return false;
  const from = columns.map((name) => textOf(table, row, name));
  if (from.includes(undefined)) return false;
  return gone.some((parent) => targetColumns.every((name, at) => textOf(target, parent, name) === from[at]));
}

/** Columns of both sides may differ in type, such as int and bigint; undefined for null, which points at nothing. */
function textOf({ columns }: TablePlan, row: Row, name: string): string | undefined {
  const at = columns.findIndex((column) => column.name === name);
  const value = row[at] ?? null;
  const holds = columns[at]?.holds;
  // A list refers to nothing.
  return value === null || holds?.kind !== 'scalar' ? undefined : holds.column.toText(value);
}
