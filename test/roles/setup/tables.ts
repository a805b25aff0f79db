import type {
  ColumnPlan,
  ColumnValue,
  ConstraintPlan,
  Plan,
  RefPlan,
  TablePlan,
} from '../../../src/plan/plan.ts';
import { quoteIdentifier } from '../../../src/sql/postgres/identifier.ts';
import { columnTypes } from '../../../src/types/registry.ts';

/** A column by hand, of a type as a program writes it; its functions are never called. */
export function column(name: string, type: string, more: Partial<ColumnPlan> = {}): ColumnPlan {
  return {
    name,
    nullable: false,
    pii: false,
    holds: valueOf(type),
    toJson: (value) => value,
    compare: () => 0,
    ...more,
  };
}

/** `decimal(15, 2)`, `text[]` */
function valueOf(type: string): ColumnValue {
  if (type.endsWith('[]')) return { kind: 'list', element: valueOf(type.slice(0, -2)) };
  const [name = '', parameters = ''] = type.replace(')', '').split('(');
  const column = columnTypes.get(name);
  if (column === undefined) throw new Error(`no column type ${name}`);
  return { kind: 'scalar', column, parameters: parameters.split(',').filter(Boolean).map(Number) };
}

export function key(table: string, ...columns: readonly string[]): ConstraintPlan {
  return { kind: 'key', name: `${table}_pkey`, columns, nullsEqual: false };
}

export function unique(name: string, columns: readonly string[], nullsEqual = false): ConstraintPlan {
  return { kind: 'unique', name, columns, nullsEqual };
}

/** A table whose upsert key is its first constraint. */
export function table(
  name: string,
  columns: readonly ColumnPlan[],
  constraints: readonly ConstraintPlan[],
  more: Partial<TablePlan> = {},
): TablePlan {
  const schema = more.schema === undefined ? '' : `${quoteIdentifier(more.schema)}.`;
  return {
    name,
    id: `${schema}${quoteIdentifier(name)}`,
    existing: false,
    writers: [name],
    columns,
    constraints,
    indexes: [],
    refs: [],
    upsert: {
      key: (constraints[0]?.columns ?? []).map((part) => columns.findIndex((known) => known.name === part)),
      action: { kind: 'replace' },
      decides: false,
    },
    ...more,
  };
}

export function ref(
  name: string,
  columns: readonly string[],
  target: number,
  more: Partial<RefPlan> = {},
): RefPlan {
  return { name, columns, target, targetColumns: columns, soft: false, ...more };
}

export function planOfTables(...tables: readonly TablePlan[]): Plan {
  const limits = { maxDepth: 64, maxListLength: 100_000, maxBytes: Infinity, maxRows: Infinity };
  return {
    pipeline: 'shop',
    file: 'shop.nom',
    program: 'program-of-shop-',
    limits,
    entities: [],
    tables,
    streams: [],
    roles: [],
  };
}
