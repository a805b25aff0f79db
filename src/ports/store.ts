import type { Catalog } from './catalog.ts';
import type { Ledger } from './ledger.ts';
import type { LockHolder } from './lock-holder.ts';
import type { Writer } from './writer.ts';

/** What the roles need of Postgres. Every failure is a `Failure` with a `STORE_…` code and the SQLSTATE. */
export interface Store extends Session {
  /**
   * Runs `work` in one transaction (READ COMMITTED) on one connection: commits when it resolves, rolls back when
   * it rejects. Resolves only after the server answered COMMIT with COMMIT; anything else is a `Failure`.
   */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * As `transaction`, for work that changes tables which others use. Where others hold a lock that it needs, it gives way to those who
   * wait behind it: it is rolled back, and runs again after a pause, as often as it takes. The work limits its waits itself.
   */
  transactionGivingWay<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * Whom those statements of this store wait for now that have had no answer for so many milliseconds; asks nobody where there are none.
   * Rejects with a `Failure` where that cannot be asked: the server is away, or gives no further connection.
   */
  awaited(unansweredFor: number): Promise<readonly LockHolder[]>;
  close(): Promise<void>;
}

/** The operations of one session: of a transaction, or of the store itself, where each is a transaction of its own. */
export interface Session {
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly writer: Writer;
}
