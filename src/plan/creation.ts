import type { Change } from './change.ts';
import { hardRefs } from './hard-refs.ts';
import type { Plan, TablePlan } from './plan.ts';
import { tableAt, tablesOf } from './tables-of.ts';

/** Every change that makes the tables of a plan on an empty database, in order. */
export function creation(plan: Pick<Plan, 'tables'>): readonly Change[] {
  const own = tablesOf(plan).filter(({ existing }) => !existing);
  const schemas = new Set(own.flatMap(({ schema }) => (schema === undefined ? [] : [schema])));
  return [
    ...[...schemas].map((schema): Change => ({ kind: 'create-schema', schema })),
    ...own.map((table): Change => ({ kind: 'create-table', table })),
    ...own.flatMap((table) => table.indexes.map((index): Change => ({ kind: 'create-index', table, index }))),
    ...own.flatMap((table) => foreignKeys(plan, table)),
    ...own.flatMap(comments),
  ];
}

function foreignKeys(plan: Pick<Plan, 'tables'>, table: TablePlan): readonly Change[] {
  return hardRefs(table).map((ref) => ({
    kind: 'add-foreign-key',
    table,
    ref,
    target: tableAt(plan, ref.target),
  }));
}

function comments(table: TablePlan): readonly Change[] {
  const { doc } = table;
  return [
    ...(doc === undefined ? [] : [{ kind: 'comment-on-table', table, text: doc } as const]),
    ...table.columns.flatMap((column) =>
      column.doc === undefined
        ? []
        : [{ kind: 'comment-on-column', table, column, text: column.doc } as const],
    ),
  ];
}
