/** One statement for Postgres. Values are bound, never part of the text. */
export interface Query {
  /** Prepared once for each connection under this name; leave it out for statements that run once. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface QueryResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowCount: number;
}

/** Executes statements, one after the other. Rejects with a `Failure` with a `STORE_…` code and the SQLSTATE. */
export interface SqlSession {
  query(query: Query): Promise<QueryResult>;
}

/** Executes statements of a database, each in a transaction of its own, or several in one. */
export interface SqlStore extends SqlSession {
  /**
   * Runs `work` in one transaction (READ COMMITTED) on one connection: commits when it resolves, rolls back when
   * it rejects. Resolves only after the server answered COMMIT with COMMIT; anything else is a `Failure`.
   */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  /**
   * As `transaction`, for work that changes tables which others use, and limits its waits for locks (lock-wait.ts): where one of them ends
   * without the lock, it runs again after a pause, as often as it takes.
   */
  transactionGivingWay<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
}
