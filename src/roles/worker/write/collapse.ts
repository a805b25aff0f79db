import type { Row, TablePlan, UpsertAction } from '../../../plan/plan.ts';
import { addedUp } from '../../../plan/added-up.ts';
import { compareByKey } from '../../../plan/row-key.ts';
import { tableName } from '../../../plan/table-name.ts';

/**
 * Gives the function that turns rows in the order of arrival into rows sorted by key, each key once: one statement
 * must not meet a key twice, and writers that lock rows in one order never deadlock. Of several rows with one key there
 * remains what the upsert would leave of them, one after the other.
 */
export function collapser(table: TablePlan): (rows: readonly Row[]) => readonly Row[] {
  const compare = compareByKey(table);
  const combine = combiner(table);
  return (rows) => {
    if (ascends(rows, compare)) return rows;
    const sorted = rows.toSorted(compare);
    const collapsed: Row[] = [];
    for (const row of sorted) {
      const last = collapsed.at(-1);
      if (last !== undefined && compare(last, row) === 0)
        collapsed[collapsed.length - 1] = combine(last, row);
      else collapsed.push(row);
    }
    return collapsed;
  };
}

function ascends(rows: readonly Row[], compare: (left: Row, right: Row) => number): boolean {
  let last = rows[0];
  for (let at = 1; at < rows.length; at++) {
    const row = rows[at];
    if (last !== undefined && row !== undefined && compare(last, row) >= 0) return false;
    last = row;
  }
  return true;
}

/** What remains of two rows with one key, the first of which arrived first. */
function combiner(table: TablePlan): (first: Row, second: Row) => Row {
  const action: UpsertAction = table.upsert.action;
  switch (action.kind) {
    case 'replace':
      return (_first, second) => second;
    case 'keep':
      return (first) => first;
    case 'merge':
      return (first, second) => second.map((value, column) => value ?? first[column] ?? null);
    case 'add': {
      const added = new Set(action.columns);
      return (first, second) => addedUp(added, first, second);
    }
    case 'newest': {
      const { by } = action;
      const compare = table.columns[by]?.compare;
      if (compare === undefined) throw new Error(`${tableName(table)} has no column ${by}`);
      return (first, second) => (compare(second[by] ?? null, first[by] ?? null) > 0 ? second : first);
    }
  }
}
