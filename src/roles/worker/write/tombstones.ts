import type { Row, TablePlan } from '../../../plan/plan.ts';
import type { Writer } from '../../../ports/writer.ts';
import type { Changes } from './changes.ts';

/** Changes whose keys are held until the transaction ends, so that nobody else writes or deletes them meanwhile. */
export interface Held extends Pick<Changes, 'rows' | 'deletions'> {
  /** What lost against a tombstone, or, being a deletion itself, against a row in the table. */
  readonly lost: readonly Row[];
  /** Whose tombstones must not stay: `release` takes them off. */
  readonly passing: readonly Row[];
}

/**
 * Holds all keys, and sets apart what is older than a tombstone, and deletions that are older than a row in the table. For
 * tables without tombstones nothing is lost.
 */
export async function hold(writer: Writer, table: TablePlan, changes: Changes): Promise<Held> {
  const { rows, deletions, all } = changes;
  if (table.delete?.tombstones === undefined) return { rows, deletions, lost: [], passing: [] };
  const beaten = new Set(await writer.holdKeys(table, all));
  const standing = without(deletions, beaten);
  const late = new Set(await writer.lateDeletions(table, standing));
  const written = without(rows, beaten);
  return {
    rows: written,
    deletions: without(standing, late),
    lost: [...beaten, ...late],
    passing: [...written, ...late],
  };
}

/** Once the rows are written, they say themselves which version they have. */
export async function release(writer: Writer, table: TablePlan, { passing }: Held): Promise<void> {
  if (table.delete?.tombstones !== undefined) await writer.releaseKeys(table, passing);
}

function without(rows: readonly Row[], some: ReadonlySet<Row>): readonly Row[] {
  return some.size === 0 ? rows : rows.filter((row) => !some.has(row));
}
