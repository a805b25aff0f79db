/** What somebody who looks after a server wants to know of it. */
export interface ServerFacts {
  /** For people: `Postgres 15.6`. */
  readonly version: string;
  /** Whether nobody on the way can read along. */
  readonly encrypted: boolean;
  /** Whether the way does not leave this machine. */
  readonly local: boolean;
  /** Milliseconds that its clock is ahead of ours; undefined where it does not tell. */
  readonly clockAhead: number | undefined;
  /** What is stored there now, a line each. */
  readonly stores: readonly Stored[];
  /** What a server of this version lacks; absent where it has all. */
  readonly outdated?: Outdated;
}

export interface Outdated {
  /** Whether messages may be lost by it. */
  readonly loses: boolean;
  readonly message: string;
  readonly help: string;
}

export interface Stored {
  /** For people: `stream SHOP`. */
  readonly name: string;
  readonly bytes: number;
  /** Bytes that there is room for; undefined where there is no limit but the disk's. */
  readonly limit: number | undefined;
  /** Whether a restart of the server keeps it. */
  readonly durable: boolean;
}

/** Postgres knows more of the one who asks. */
export interface StoreFacts extends ServerFacts {
  readonly user: string;
  /** Whether it may do everything. */
  readonly superuser: boolean;
}
