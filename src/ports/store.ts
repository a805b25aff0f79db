/** What the roles need of Postgres. Every failure is a `Failure` with a `STORE_…` code and the SQLSTATE. */
export interface Store extends Session {
  /**
   * Runs `work` in one transaction (READ COMMITTED) on one connection: commits when it resolves, rolls back when
   * it rejects. Resolves only after the server answered COMMIT with COMMIT; anything else is a `Failure`.
   */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Session {
  query(query: Query): Promise<QueryResult>;
}

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
