import type { Row, TableWrites } from '../../../plan/plan.ts';
import type { TableWriter } from '../write-plan.ts';

/** What messages change in one table. */
export interface Changes {
  /** Rows to write: sorted by key, each key once. */
  readonly rows: readonly Row[];
  /** Rows whose keys are deleted; none of them is in `rows`. */
  readonly deletions: readonly Row[];
  /** Both together, sorted by key. */
  readonly all: readonly Row[];
}

const NONE: readonly Row[] = [];

/**
 * The changes of one segment, from its writes in the order of arrival. Where the table has tombstones, the newest of
 * the rows and deletions of a key stays, as `newest by` says. Elsewhere only a message that stands alone deletes, and it
 * writes its rows first.
 */
export function changesOf(writer: TableWriter, writes: readonly TableWrites[]): Changes {
  const rows: Row[] = [];
  const deletions: Row[] = [];
  const together = writer.table.delete?.tombstones === undefined ? undefined : rows;
  for (const each of writes) {
    for (const row of each.rows) rows.push(row);
    for (const row of each.deletes ?? NONE) {
      deletions.push(row);
      together?.push(row);
    }
  }
  const all = writer.collapse(rows);
  if (together === undefined || deletions.length === 0) return { rows: all, deletions, all };
  const deleted = new Set(deletions);
  return {
    rows: all.filter((row) => !deleted.has(row)),
    deletions: all.filter((row) => deleted.has(row)),
    all,
  };
}
