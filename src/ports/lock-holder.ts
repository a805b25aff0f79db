/** A session of the database that holds a lock. */
export interface LockHolder {
  /** 0 is a prepared transaction, which no session has. */
  readonly pid: number;
  /** The table that the lock is on, or one of whose rows; absent where the server does not tell. */
  readonly table?: string;
  /** What the server tells of it to this user: the name that it gave itself, whose it is, what it does. */
  readonly application?: string;
  readonly user?: string;
  readonly state?: string;
  /** When its transaction began, in milliseconds since 1970. */
  readonly since?: number;
}

/** `pid 4711 (psql, user bob, idle in transaction, since 2026-11-30T12:00:00.000Z)`. */
export function holderText({ pid, application, user, state, since }: LockHolder): string {
  if (pid === 0) return 'a prepared transaction (see pg_prepared_xacts)';
  const who = [
    application,
    user === undefined ? undefined : `user ${user}`,
    state,
    since === undefined ? undefined : `since ${new Date(since).toISOString()}`,
  ].filter((part) => part !== undefined);
  return `pid ${pid}${who.length === 0 ? '' : ` (${who.join(', ')})`}`;
}
