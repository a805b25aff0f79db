import type { Change } from '../plan/change.ts';
import type { TablePlan } from '../plan/plan.ts';
import type { LockHolder } from './lock-holder.ts';
import type { StoreFacts } from './server-facts.ts';

/**
 * What the database has, as a server and in its tables. Every operation rejects with a `Failure` with a `STORE_…` code:
 * `STORE_UNAVAILABLE` where the server cannot be asked now.
 */
export interface Catalog {
  /** Reads what the database has of these tables; changes nothing. */
  readTables(tables: readonly TablePlan[]): Promise<LiveTables>;
  /**
   * Waits until no other transaction has this lock, and has it until the own transaction ends, in which every other lock is waited for
   * only shortly from now on: see `Store.transactionGivingWay`.
   */
  lockTables(): Promise<void>;
  /**
   * Takes the locks that these changes need, in a transaction, so that none of them has to wait. Rejects where others hold
   * one for longer than the writers of a table can be stopped.
   */
  lockForChanges(changes: readonly Change[]): Promise<void>;
  /** Makes a change. In a transaction, which is over where that fails: `STORE_REFUSED` is rows that it does not fit. */
  change(change: Change): Promise<void>;
  /**
   * Makes all of these changes, or none where rows do not fit one of them, and tells which. In a transaction, which goes
   * on in both cases.
   */
  tryChanges(changes: readonly Change[]): Promise<boolean>;
  /** Holds the server's settings, and how nomnom's own tables are stored, against what nomnom promises. */
  checkSettings(): Promise<readonly Contradiction[]>;
  /** How many connections the server gives to ordinary users. */
  maxConnections(): Promise<number>;
  /** Whether the server takes writes now; a standby does not. Cheap. Not in a transaction: it says what the next may do. */
  takesWrites(): Promise<boolean>;
  /** What is known of the server; `now` is our clock. */
  facts(now: () => number): Promise<StoreFacts>;
  /**
   * The rights on nomnom's own tables that a role of this kind needs and this user lacks, `INSERT on dead_letters`; those
   * on the queue's too where it is in this database. Row security that is on for this user, and a schema or function that it may
   * not use, are told with the statement that fixes them.
   */
  lackingPrivileges(
    kind: 'ingest' | 'worker',
    queueHere: boolean,
    keepsRefused?: boolean,
  ): Promise<readonly string[]>;
  /** Those of them that a worker lacks without which it can work no message, whichever it is. */
  lackingToWork(queueHere: boolean): Promise<readonly string[]>;
  /**
   * What a worker lacks on each of these tables of the program; on a table that is missing, nothing. Only what is `certain` to refuse
   * statements, or also policies that may refuse or hide some rows.
   */
  lackingOn(
    tables: readonly TablePlan[],
    which?: { readonly certain: boolean },
  ): Promise<readonly (readonly string[])[]>;
  /**
   * Whose locks have kept a role of this kind for a second from writing into nomnom's own tables, and into these of the program. Answers
   * at once where there are none. Locks on single rows, and on parts of a table, are not among them: see `Store.awaited`.
   */
  lockedTables(
    kind: 'ingest' | 'worker',
    tables: readonly TablePlan[],
    queueHere: boolean,
  ): Promise<LockedTables>;
}

export interface LockedTables {
  /** Of locks by which the role can work no message at all. */
  readonly all: readonly LockHolder[];
  /** Of the others. */
  readonly some: readonly LockHolder[];
}

/** Settings that do not go together, in one sentence that names the values and what to change. */
export interface Contradiction {
  /** `refusal`: a promise could not be kept, so no role starts. `warning`: it works, but not as written. */
  readonly severity: 'warning' | 'refusal';
  readonly message: string;
  /** What to do about it, where the message does not say it. */
  readonly help?: string;
}

export interface LiveTables {
  /** Those of the tables' schemas that are there. */
  readonly schemas: ReadonlySet<string>;
  /** In the order in which they were asked for; undefined where there is none. */
  readonly tables: readonly (LiveTable | undefined)[];
  /** What the server lacks for a constraint with `nullsEqual`; undefined where it can have them. */
  readonly lacksNullsEqual: { readonly needed: string; readonly found: string } | undefined;
}

export interface LiveTable {
  /** Tells the tables of a database apart; see `LiveForeignKey.targetId`. */
  readonly id: string;
  /** Whether rows can be written into it; a view, for one, only has the name. */
  readonly isTable: boolean;
  /** Whether its rows lie in partitions. */
  readonly partitioned: boolean;
  /** Whether its rows outlive a crash of the server. */
  readonly durable: boolean;
  readonly comment: string | undefined;
  /** Known only where it matters: for a table that lacks a column that may not be null. */
  readonly empty: boolean | undefined;
  readonly columns: readonly LiveColumn[];
  /** Of each planned column, in the order of the plan: its type, and how the live column's type compares. */
  readonly types: readonly PlannedType[];
  readonly indexes: readonly LiveIndex[];
  readonly foreignKeys: readonly LiveForeignKey[];
  readonly checks: readonly LiveCheck[];
}

export interface LiveColumn {
  readonly name: string;
  /** As the server calls it, for people: `character varying(25)`. */
  readonly type: string;
  readonly nullable: boolean;
  /** Has a default: an insert may leave it out. */
  readonly filled: boolean;
  /** Always computed by the server: an insert must leave it out. */
  readonly generated: boolean;
  readonly comment: string | undefined;
}

export interface PlannedType {
  /** The planned type, as the server calls it, for people. */
  readonly name: string;
  /** Undefined where there is no such column. */
  readonly live: TypeComparison | undefined;
}

/** How the type that a column has compares to the planned one. */
export interface TypeComparison {
  readonly same: boolean;
  /** It holds every value of the planned type as it is. */
  readonly holdsAll: boolean;
  /** `widen-column` turns it into the planned type. */
  readonly canWiden: boolean;
  /** `widen-column` of another plan may have made it from the planned type. */
  readonly isWidened: boolean;
}

export interface LiveIndex {
  readonly name: string;
  /** As the server calls its kind, for people: `hash`. */
  readonly method: string;
  /** Whether it finds rows by its first columns alone. */
  readonly ordered: boolean;
  /** Key columns in order, null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly unique: boolean;
  /** False while it is built, and after that failed. */
  readonly valid: boolean;
  /** Whether it may be checked only when a transaction ends, so that no upsert can use it. */
  readonly deferrable: boolean;
  /** The condition of rows that it has, for people; undefined where it has all. */
  readonly predicate: string | undefined;
  readonly nullsEqual: boolean;
}

export interface LiveForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** `LiveTable.id` of the table that it refers to. */
  readonly targetId: string;
  /** The name of that table, for people. */
  readonly target: string;
  readonly targetColumns: readonly string[];
}

export interface LiveCheck {
  readonly name: string;
  readonly columns: readonly string[];
  /** The strings that it allows; undefined where it is another kind of check. */
  readonly allowed: ReadonlySet<string> | undefined;
}
