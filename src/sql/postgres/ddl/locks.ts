import type { Change } from '../../../plan/change.ts';
import type { TablePlan } from '../../../plan/plan.ts';
import { qualifiedName } from '../identifier.ts';

/** From weak to strong. The first two do not stand for each other; the others stand for all before them. */
const MODES = ['SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'ACCESS EXCLUSIVE'] as const;

type Mode = (typeof MODES)[number];

export interface TableLock {
  /** As it stands in a statement. */
  readonly table: string;
  /** `LOCK TABLE orders IN SHARE MODE` */
  readonly text: string;
}

/**
 * The locks that these changes take on tables that are there before, one for each table, in the order of the changes. Taken first, they
 * leave nothing to wait for behind a change that took long, and none is raised to a stronger one.
 */
export function locksFor(changes: readonly Change[]): readonly TableLock[] {
  const created = new Set(
    changes.flatMap((change) => (change.kind === 'create-table' ? qualifiedName(change.table) : [])),
  );
  const modes = new Map<string, Mode>();
  for (const [table, mode] of changes.flatMap(locksOf)) {
    const name = qualifiedName(table);
    if (!created.has(name)) modes.set(name, both(modes.get(name) ?? mode, mode));
  }
  return [...modes].map(([table, mode]) => ({ table, text: `LOCK TABLE ${table} IN ${mode} MODE` }));
}

function locksOf(change: Change): readonly (readonly [TablePlan, Mode])[] {
  switch (change.kind) {
    case 'create-schema':
    case 'create-table':
      return [];
    case 'add-column':
    case 'widen-column':
    case 'set-nullable':
    case 'add-check':
    case 'drop-check':
    case 'add-constraint':
      return [[change.table, 'ACCESS EXCLUSIVE']];
    case 'create-index':
      return [[change.table, 'SHARE']];
    case 'add-foreign-key':
      return [
        [change.table, 'SHARE ROW EXCLUSIVE'],
        [change.target, 'SHARE ROW EXCLUSIVE'],
      ];
    case 'comment-on-table':
    case 'comment-on-column':
      return [[change.table, 'SHARE UPDATE EXCLUSIVE']];
  }
}

function both(left: Mode, right: Mode): Mode {
  const [weak, strong] = [MODES.indexOf(left), MODES.indexOf(right)].toSorted((a, b) => a - b);
  return weak === 0 && strong === 1 ? 'SHARE ROW EXCLUSIVE' : (MODES[strong ?? 0] ?? left);
}
