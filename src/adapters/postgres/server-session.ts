/** What the server knows a connection by: a row of `OWN_SESSION`. */
export interface ServerSession {
  /** 0 where a pooler has lent none yet. */
  readonly pid: number;
  /** Decimal digits, as `server`. */
  readonly at: string;
  readonly server: string;
  /** Whether a pooler lends it, for one transaction. */
  readonly lent: boolean;
}

export function sessionOf(row: Readonly<Record<string, unknown>>): ServerSession {
  return { pid: Number(row['pid']), at: String(row['at']), server: String(row['server']), lent: false };
}

/** That of one transaction behind a pooler. */
export function lentSession(row: Readonly<Record<string, unknown>>): ServerSession {
  return { ...sessionOf(row), lent: true };
}

/**
 * No session has this number. A pooler serves its clients in turn: where somebody who came later is served, one who waits
 * for the begin of a transaction waits in vain.
 */
export function notLentYet(session: ServerSession): ServerSession {
  return { ...session, pid: 0, lent: true };
}
