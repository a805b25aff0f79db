import type { ConstraintPlan, TablePlan } from '../../plan/plan.ts';
import type { LiveIndex, LiveTable, LiveTables } from '../../ports/catalog.ts';
import { type Finding, listed, mismatch, repairOf, sameColumns } from './finding.ts';
import { stateFlaws } from './index-flaws.ts';

/**
 * Every key and unique constraint of the plan needs an index that an upsert can use: unique, valid, not
 * deferrable, without predicate and expression, on exactly these columns in any order. Behind an upsert its absence
 * is NOM901: every message would fail.
 */
export function compareUnique(
  table: TablePlan,
  live: Pick<LiveTable, 'indexes'>,
  { lacksNullsEqual }: LiveTables,
): Finding[] {
  return table.constraints.flatMap((constraint) => {
    if (constraint.nullsEqual && lacksNullsEqual !== undefined) {
      return [tooOld(table, constraint, lacksNullsEqual)];
    }
    if (live.indexes.some((index) => flawsOf(index, constraint, table).length === 0)) return [];
    return [missing(table, constraint, live)];
  });
}

/** What keeps an index from backing the constraint. */
function flawsOf(index: LiveIndex, constraint: ConstraintPlan, table: TablePlan): string[] {
  const flaws: string[] = [];
  const { columns } = constraint;
  if (index.columns.includes(null)) flaws.push('on an expression');
  else if (!sameColumns(index.columns, columns)) flaws.push(columnFlaw(index.columns, columns));
  if (!index.unique) flaws.push('not unique');
  flaws.push(...stateFlaws(index));
  if (index.deferrable) flaws.push('deferrable');
  if (constraint.nullsEqual && !index.nullsEqual) flaws.push('NULLS DISTINCT');
  if (!constraint.nullsEqual && index.nullsEqual && hasNullable(table, columns)) {
    flaws.push('NULLS NOT DISTINCT');
  }
  return flaws;
}

function columnFlaw(found: LiveIndex['columns'], wanted: readonly string[]): string {
  const lacking = wanted.filter((column) => !found.includes(column));
  const extra = found.filter((column) => column !== null && !wanted.includes(column));
  if (lacking.length > 0 && extra.length > 0) return 'on other columns';
  return lacking.length > 0 ? `without ${listed(lacking)}` : `with ${listed(extra)} as well`;
}

function hasNullable(table: TablePlan, columns: readonly string[]): boolean {
  return table.columns.some(({ name, nullable }) => nullable && columns.includes(name));
}

function missing(table: TablePlan, constraint: ConstraintPlan, live: Pick<LiveTable, 'indexes'>): Finding {
  const taken = live.indexes.some(({ name }) => name === constraint.name);
  const repair = taken
    ? undefined
    : {
        ...repairOf(table, 'constraint', `add ${describe(constraint)}`, {
          kind: 'add-constraint',
          table,
          constraint,
        }),
        demand: { kind: 'unique', table: table.id, columns: constraint.columns } as const,
      };
  return mismatch(
    table,
    {
      code: codeOf(table, constraint),
      part: describe(constraint),
      expected: 'a usable unique index on exactly these columns',
      found: describeNearest(table, constraint, live),
    },
    repair,
  );
}

/** The indexes that someone may have meant, each with everything that is wrong with it. */
function describeNearest(
  table: TablePlan,
  constraint: ConstraintPlan,
  live: Pick<LiveTable, 'indexes'>,
): string {
  const near = live.indexes
    .filter(
      ({ columns, unique }) =>
        sameColumns(columns, constraint.columns) ||
        (unique && columns.some((column) => column === null || constraint.columns.includes(column))),
    )
    .map((index) => {
      const flaws = flawsOf(index, constraint, table).join(', ');
      return `index ${index.name} ${listed(index.columns)}, which is ${flaws}`;
    });
  return near.length === 0 ? 'none' : `only ${near.join('; ')}`;
}

function tooOld(
  table: TablePlan,
  constraint: ConstraintPlan,
  { needed, found }: NonNullable<LiveTables['lacksNullsEqual']>,
): Finding {
  return mismatch(table, {
    code: codeOf(table, constraint),
    part: describe(constraint),
    expected: needed,
    found,
  });
}

function codeOf(table: TablePlan, { columns }: ConstraintPlan): 'NOM901' | 'NOM902' {
  const key = table.upsert.key.map((index) => table.columns[index]?.name ?? '');
  return sameColumns(columns, key) ? 'NOM901' : 'NOM902';
}

function describe({ kind, columns, nullsEqual }: ConstraintPlan): string {
  return `${kind} ${listed(columns)}${nullsEqual ? ' nulls equal' : ''}`;
}
