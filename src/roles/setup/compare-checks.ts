import type { ColumnPlan, TablePlan } from '../../plan/plan.ts';
import type { LiveCheck, LiveTable } from '../../ports/catalog.ts';
import { type Finding, mismatch, repairOf } from './finding.ts';

/** The allowed strings of enum columns against the live checks on these columns. */
export function compareChecks(table: TablePlan, live: LiveTable): Finding[] {
  const liveColumns = new Set(live.columns.map(({ name }) => name));
  return table.columns.flatMap((column) =>
    column.allowed === undefined || !liveColumns.has(column.name)
      ? []
      : compareCheck(table, column, column.allowed, live.checks),
  );
}

function compareCheck(
  table: TablePlan,
  column: ColumnPlan,
  allowed: readonly string[],
  checks: readonly LiveCheck[],
): Finding[] {
  const lists = checks.flatMap((check) => {
    const values = isOn(check, column) ? check.allowed : undefined;
    return values === undefined ? [] : [{ name: check.name, values }];
  });
  const part = `column ${column.name}, allowed strings`;
  const expected = strings(allowed);
  if (lists.length === 0) {
    if (table.existing) return [];
    const repair = {
      ...repairOf(table, 'constraint', `add a check of column ${column.name}`, {
        kind: 'add-check',
        table,
        column,
      }),
      demand: { kind: 'allowed', table: table.id, column: column.name, allowed } as const,
    };
    return [mismatch(table, { part, expected, found: 'no check' }, repair)];
  }
  return lists.flatMap(({ name, values }) => {
    const refused = allowed.filter((value) => !values.has(value));
    const extra = [...values].filter((value) => !allowed.includes(value));
    if (refused.length === 0 && (extra.length === 0 || table.existing)) return [];
    const repair =
      extra.length > 0
        ? undefined
        : repairOf(
            table,
            'constraint',
            `allow ${strings(refused)} in column ${column.name}`,
            { kind: 'drop-check', table, name },
            { kind: 'add-check', table, column },
          );
    const tolerable = refused.length === 0;
    const live = `${strings([...values])} in check ${name}`;
    return [mismatch(table, { part, expected, found: live, tolerable }, repair)];
  });
}

function isOn({ columns }: LiveCheck, { name }: ColumnPlan): boolean {
  return columns.length === 1 && columns[0] === name;
}

function strings(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}
