import type { PruneParent, Row, TablePlan } from '../plan/plan.ts';
import type { Difference } from './queue.ts';

/**
 * Rows of one table as they travel to the database. Who has them need not keep the rows themselves: all that is in flight
 * would be copied by each garbage collection.
 */
export interface PackedRows {
  readonly table: TablePlan;
  readonly count: number;
}

/** What became of rows that were written to a table that decides messages, by their places, from 0 and ascending. */
export interface Decided {
  /** Not written, because the table has the same or a newer version of their key. */
  readonly lost: readonly number[];
  /** Not inserted: all but those of which the table had no row. Where the database does not tell, all of them. */
  readonly known: 'all' | readonly number[];
}

/**
 * Writes the tables of a pipeline. Rows have a value for each column of their table, in its order; where several go
 * together, each conflict key comes once, sorted by key: so no two transactions wait for each other in a circle. What writes
 * or deletes belongs into one transaction with the statuses of its messages. Every operation rejects with a `Failure`, and
 * asks nothing where there is nothing to do.
 */
export interface Writer {
  /** Makes rows ready for any session of the store. Throws a `Failure` where they are too much for one statement. */
  pack(table: TablePlan, rows: readonly Row[]): PackedRows;
  /** Inserts the rows, or does what the table's upsert says where their key is there. */
  upsert(rows: PackedRows): Promise<void>;
  /**
   * The same for rows whose keys the table cannot have: their parents are new, and a foreign key stands between. Where it has one all
   * the same, rejects with STORE_CONFLICT, and the same work does not when it is done again.
   */
  insertNew(rows: PackedRows): Promise<void>;
  /** Upserts rows of a table that decides messages (`upsert.decides`); says what became of them. */
  upsertDeciding(rows: PackedRows): Promise<Decided>;
  /**
   * For a table with `prune by`: deletes the rows of these parents that are not in `listed`, with `newest by` only those
   * that are older than the parent's version.
   */
  prune(parents: readonly PruneParent[], listed: PackedRows): Promise<void>;
  /** For a table with `delete when`: deletes the rows with these keys, with `newest by` only those that are older. */
  delete(table: TablePlan, rows: readonly Row[]): Promise<void>;
  /**
   * For a table with tombstones: gives each key one with the version of the row, unless it has one of the same or a newer
   * version; gives the rows with such keys. Until the transaction ends nobody else writes or deletes any of the keys.
   */
  holdKeys(table: TablePlan, rows: readonly Row[]): Promise<readonly Row[]>;
  /**
   * Of rows that are to be deleted, and whose keys are held: those that come too late, because the table has the same or a
   * newer version. Until the transaction ends that stays so.
   */
  lateDeletions(table: TablePlan, rows: readonly Row[]): Promise<readonly Row[]>;
  /** Takes the tombstones off keys that are held: of rows that are in the table. */
  releaseKeys(table: TablePlan, rows: readonly Row[]): Promise<void>;
  /**
   * Whether the database would take all this for these tables, by planning it and executing nothing: what it would refuse
   * (no unique index behind a key, a missing table or column, another type, a missing right) is found before the first
   * message. Not in a transaction, which would end at the first refusal.
   */
  prove(tables: readonly TablePlan[]): Promise<readonly Difference[]>;
}
