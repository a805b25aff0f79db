import type { ColumnPlan, TablePlan } from '../../plan/plan.ts';
import type { LiveColumn, LiveTable, PlannedType, TypeComparison } from '../../ports/catalog.ts';
import { type Demand, type Finding, mismatch, repairOf } from './finding.ts';

/** Every column of the plan against the live one, and the live ones that an insert could not leave out. */
export function compareColumns(table: TablePlan, live: LiveTable): Finding[] {
  const liveColumns = new Map(live.columns.map((column) => [column.name, column]));
  const planned = new Set(table.columns.map(({ name }) => name));
  return [
    ...table.columns.flatMap((column, index) => {
      const found = liveColumns.get(column.name);
      const type = typeAt(live, index);
      if (found === undefined || type.live === undefined) return [missingColumn(table, column, type, live)];
      if (found.generated) return [generatedColumn(table, column, type)];
      return [
        ...compareType(table, column, { wanted: type.name, found: found.type, ...type.live }),
        ...compareNullability(table, column, found),
      ];
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

function typeAt({ types }: LiveTable, index: number): PlannedType {
  const type = types[index];
  if (type === undefined) throw new Error(`the catalog gave no type of column ${index}`);
  return type;
}

function missingColumn(table: TablePlan, column: ColumnPlan, type: PlannedType, live: LiveTable): Finding {
  const addable = column.nullable || live.empty === true;
  return mismatch(
    table,
    {
      part: `column ${column.name}`,
      expected: describe(column, type),
      found: addable ? 'no such column' : 'no such column, and rows that would have no value for it',
    },
    addable
      ? {
          ...repairOf(table, 'column', `add column ${column.name} ${describe(column, type)}`, {
            kind: 'add-column',
            table,
            column,
          }),
          ...(column.nullable ? {} : { demand: notNull(table, column) }),
        }
      : undefined,
  );
}

function generatedColumn(table: TablePlan, column: ColumnPlan, type: PlannedType): Finding {
  return mismatch(table, {
    part: `column ${column.name}`,
    expected: describe(column, type),
    found: 'a generated column, which cannot be written',
  });
}

interface ComparedType extends TypeComparison {
  readonly wanted: string;
  readonly found: string;
}

function compareType(
  table: TablePlan,
  column: ColumnPlan,
  { wanted, found, ...compared }: ComparedType,
): Finding[] {
  const agree = table.existing ? compared.holdsAll : compared.same;
  if (agree) return [];
  const repair = compared.canWiden
    ? repairOf(table, 'column', `widen column ${column.name} to ${wanted}`, {
        kind: 'widen-column',
        table,
        column,
      })
    : undefined;
  // An own table may be as wide as `apply` of another version of the program makes it.
  const tolerable = compared.isWidened;
  const difference = { part: `column ${column.name}`, expected: wanted, found, tolerable };
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
          ...repairOf(table, 'column', `${change} column ${column.name}`, {
            kind: 'set-nullable',
            table,
            column,
          }),
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

function notNull({ id: table }: TablePlan, { name }: ColumnPlan): Demand {
  return { kind: 'not-null', table, column: name };
}

function describe({ nullable }: ColumnPlan, { name }: PlannedType): string {
  return nullable ? name : `${name} NOT NULL`;
}
