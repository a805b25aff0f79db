import { hardRefs } from '../../plan/hard-refs.ts';
import type { Plan, RefPlan, TablePlan } from '../../plan/plan.ts';
import { tableAt } from '../../plan/tables-of.ts';
import type { LiveForeignKey, LiveTable, LiveTables } from '../../ports/catalog.ts';
import { type Finding, listed, mismatch, repairOf, tableLabel } from './finding.ts';

/** Refs against live foreign keys; a soft ref must not have one, or messages would wait for their parents. */
export function compareRefs(
  plan: Plan,
  table: TablePlan,
  live: LiveTable | undefined,
  all: LiveTables,
): Finding[] {
  const liveKeys = live?.foreignKeys ?? [];
  const hard = hardRefs(table).flatMap((ref) => {
    const id = all.tables[ref.target]?.id;
    if (id !== undefined && liveKeys.some((key) => key.targetId === id && samePairs(key, ref))) return [];
    const repair = {
      ...repairOf(table, 'ref', `add ${describe(plan, ref)}`, {
        kind: 'add-foreign-key',
        table,
        ref,
        target: tableAt(plan, ref.target),
      }),
      demand: { kind: 'ref', table: table.id, columns: ref.columns } as const,
    };
    const other = liveKeys.find(({ columns }) => listed(columns) === listed(ref.columns));
    const found =
      other === undefined
        ? 'no foreign key'
        : `only foreign key ${other.name} to ${other.target} ${listed(other.targetColumns)}`;
    const expected = 'a foreign key';
    return [mismatch(table, { part: describe(plan, ref), expected, found }, repair)];
  });
  const soft = table.refs
    .filter((ref) => ref.soft)
    .flatMap((ref) =>
      liveKeys
        .filter((key) => key.targetId === all.tables[ref.target]?.id && samePairs(key, ref))
        .map(({ name }) =>
          mismatch(table, {
            part: `${describe(plan, ref)} soft`,
            expected: 'no foreign key, since the parent may arrive later',
            found: `foreign key ${name}`,
          }),
        ),
    );
  return [...hard, ...soft];
}

function samePairs(key: LiveForeignKey, ref: RefPlan): boolean {
  const pairs = new Map(key.columns.map((column, place) => [column, key.targetColumns[place]]));
  return (
    key.columns.length === ref.columns.length &&
    ref.columns.every((column, place) => pairs.get(column) === ref.targetColumns[place])
  );
}

function describe(plan: Plan, ref: RefPlan): string {
  const target = plan.tables[ref.target];
  const name = target === undefined ? '' : tableLabel(target).slice('table '.length);
  return `ref ${listed(ref.columns)} -> ${name} ${listed(ref.targetColumns)}`;
}
