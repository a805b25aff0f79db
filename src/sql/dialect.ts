import type { RoleKind } from './role-kind.ts';
import type { Change } from '../plan/change.ts';
import type { ColumnValue, PrunePlan, TablePlan, TombstonePlan } from '../plan/plan.ts';
import type { ColumnType } from '../types/column-type.ts';

export type GrantPart = 'ledger' | 'queue' | 'refused';

/** The SQL of one kind of database, as pure text: what `explain`, editors and the reference show. */
export interface Dialect {
  /** For people: `Postgres`. */
  readonly title: string;
  /** The name of a table as it stands in a statement. */
  readonly tableName: (table: TablePlan) => string;
  /** The type of a column that holds this: `numeric(15,2)`, `text[]`. */
  readonly typeName: (holds: ColumnValue) => string;
  /** The name of a column type without its parameters: `numeric`. */
  readonly baseName: (type: ColumnType) => string;
  /** The statement that makes a change, without a semicolon. */
  readonly changeText: (change: Change) => string;
  readonly upsertText: (table: TablePlan) => string;
  /** For a table with `delete when`. */
  readonly deleteText: (table: TablePlan) => string;
  readonly pruneText: (table: TablePlan, prune: PrunePlan) => string;
  /**
   * The statements that give a user what a role of this kind does to nomnom's own tables, to those of a queue in this database, or to
   * keep refused messages.
   */
  readonly grantTexts: (kind: RoleKind, part: GrantPart, user: string) => readonly string[];
  /** Gives keys their tombstones, and takes these off again. */
  readonly tombstoneTexts: (tombstones: TombstonePlan) => { readonly hold: string; readonly release: string };
}
