import type { ColumnPlan, ConstraintPlan, IndexPlan, RefPlan, TablePlan } from './plan.ts';

/** One change of the tables in a database, as plain data. None drops data or narrows what a table takes. */
export type Change =
  | { readonly kind: 'create-schema'; readonly schema: string }
  /** With its columns, the checks of these, and its keys and unique constraints. */
  | { readonly kind: 'create-table'; readonly table: TablePlan }
  | ({ readonly kind: 'add-column' } & OfColumn)
  /** Gives the column its planned type, which holds every value of the one that it has. */
  | ({ readonly kind: 'widen-column' } & OfColumn)
  /** Allows or forbids nulls, as the column says. */
  | ({ readonly kind: 'set-nullable' } & OfColumn)
  /** Lets the column have its allowed strings only. */
  | ({ readonly kind: 'add-check' } & OfColumn)
  | { readonly kind: 'drop-check'; readonly table: TablePlan; readonly name: string }
  | { readonly kind: 'add-constraint'; readonly table: TablePlan; readonly constraint: ConstraintPlan }
  | { readonly kind: 'create-index'; readonly table: TablePlan; readonly index: IndexPlan }
  | {
      readonly kind: 'add-foreign-key';
      readonly table: TablePlan;
      readonly ref: RefPlan;
      readonly target: TablePlan;
    }
  | { readonly kind: 'comment-on-table'; readonly table: TablePlan; readonly text: string }
  | ({ readonly kind: 'comment-on-column'; readonly text: string } & OfColumn);

interface OfColumn {
  readonly table: TablePlan;
  readonly column: ColumnPlan;
}
