import type { ColumnPlan, TablePlan } from '../../plan/plan.ts';
import type { LiveColumn, LiveTable } from './catalog.ts';
import { addColumn, setNullable, setType } from './ddl.ts';
import { type Demand, type Finding, mismatch, repairOf } from './finding.ts';
import { holdsAll, sameType, widensInPlace } from './type-names.ts';

/** Every column of the plan against the live one, and the live ones that an insert could not leave out. */
export function compareColumns(table: TablePlan, live: LiveTable): Finding[] {
  const liveColumns = new Map(live.columns.map((column) => [column.name, column]));
  const planned = new Set(table.columns.map(({ name }) => name));
  return [
    ...table.columns.flatMap((column) => {
      const found = liveColumns.get(column.name);
      if (found === undefined) return [missingColumn(table, column, live)];
      if (found.generated) return [generatedColumn(table, column)];
      return [...compareType(table, column, found), ...compareNullability(table, column, found)];
    }),
    ...live.columns
      .filter(({ name, nullable, filled }) => !planned.has(name) && !nullable && !filled)
      .map(({ name, type }) =>
        mismatch(table, {
          part: `column ${name}`,
          expected: 'no such column, or one that is nullable or has a default',
          found: `${type} NOT NULL without a default, which refuses every row`,
        }),
      ),
  ];
}

function missingColumn(table: TablePlan, column: ColumnPlan, live: LiveTable): Finding {
  const addable = column.nullable || live.empty === true;
  return mismatch(
    table,
    {
      part: `column ${column.name}`,
      expected: describe(column),
      found: addable ? 'no such column' : 'no such column, and rows that would have no value for it',
    },
    addable
      ? {
          ...repairOf(
            table,
            'column',
            `add column ${column.name} ${describe(column)}`,
            addColumn(table, column),
          ),
          ...(column.nullable ? {} : { demand: notNull(table, column) }),
        }
      : undefined,
  );
}

function generatedColumn(table: TablePlan, column: ColumnPlan): Finding {
  return mismatch(table, {
    part: `column ${column.name}`,
    expected: describe(column),
    found: 'a generated column, which cannot be written',
  });
}

function compareType(table: TablePlan, column: ColumnPlan, found: LiveColumn): Finding[] {
  const agree = table.existing ? holdsAll(found.type, column.type) : sameType(found.type, column.type);
  if (agree) return [];
  const repair = widensInPlace(found.type, column.type)
    ? repairOf(table, 'column', `widen column ${column.name} to ${column.type}`, setType(table, column))
    : undefined;
  // An own table may be as wide as `apply` of another version of the program makes it.
  const tolerable = widensInPlace(column.type, found.type);
  const difference = { part: `column ${column.name}`, expected: column.type, found: found.type, tolerable };
  return [mismatch(table, difference, repair)];
}

/** A user's own table may allow nulls that nomnom never writes. */
function compareNullability(table: TablePlan, column: ColumnPlan, found: LiveColumn): Finding[] {
  if (found.nullable === column.nullable || (table.existing && found.nullable)) return [];
  const inKey = table.constraints.some(
    ({ kind, columns }) => kind === 'key' && columns.includes(column.name),
  );
  const change = column.nullable ? 'allow nulls in' : 'forbid nulls in';
  const repair =
    column.nullable && inKey
      ? undefined
      : {
          ...repairOf(table, 'column', `${change} column ${column.name}`, setNullable(table, column)),
          ...(column.nullable ? {} : { demand: notNull(table, column), optional: true as const }),
        };
  return [
    mismatch(
      table,
      {
        part: `column ${column.name}`,
        expected: column.nullable ? 'nullable' : 'NOT NULL',
        found: found.nullable ? 'nullable' : 'NOT NULL',
        // Another version of the program may write nulls; this one does not.
        tolerable: found.nullable,
      },
      repair,
    ),
  ];
}

function notNull({ sqlName: table }: TablePlan, { name }: ColumnPlan): Demand {
  return { kind: 'not-null', table, column: name };
}

function describe({ type, nullable }: ColumnPlan): string {
  return nullable ? type : `${type} NOT NULL`;
}
