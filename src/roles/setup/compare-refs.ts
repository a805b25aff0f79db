import type { Plan, RefPlan, TablePlan } from '../../plan/plan.ts';
import type { Catalog, LiveForeignKey, LiveTable } from './catalog.ts';
import { addForeignKey, hardRefs } from './ddl.ts';
import { type Finding, listed, mismatch, repairOf, tableLabel } from './finding.ts';

/** Refs against live foreign keys; a soft ref must not have one, or messages would wait for their parents. */
export function compareRefs(
  plan: Plan,
  table: TablePlan,
  live: LiveTable | undefined,
  catalog: Catalog,
): Finding[] {
  const liveKeys = live?.foreignKeys ?? [];
  const hard = hardRefs(table).flatMap((ref) => {
    const oid = catalog.tables[ref.target]?.oid;
    if (oid !== undefined && liveKeys.some((key) => key.targetOid === oid && samePairs(key, ref))) return [];
    const repair = {
      ...repairOf(table, 'ref', `add ${describe(plan, ref)}`, addForeignKey(plan, table, ref)),
      demand: { kind: 'ref', table: table.sqlName, columns: ref.columns } as const,
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
        .filter((key) => key.targetOid === catalog.tables[ref.target]?.oid && samePairs(key, ref))
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
