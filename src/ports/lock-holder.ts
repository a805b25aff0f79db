/** A session of the database that holds a lock. */
export interface LockHolder {
  /** 0 is a prepared transaction, which no session has. */
  readonly pid: number;
  /** What the server tells of it to this user: the name that it gave itself, whose it is, what it does. */
  readonly application?: string;
  readonly user?: string;
  readonly state?: string;
  /** When its transaction began, in milliseconds since 1970. */
  readonly since?: number;
}
