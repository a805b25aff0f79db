/** Why a role cannot do its job now, or what else is wrong with it. */
export interface Reason {
  /** What was looked at, in one word: `queue`, `database`. */
  readonly check: string;
  readonly message: string;
}

/** What a role says of itself. Each takes a few seconds at most, and never rejects. */
export interface Health {
  /**
   * Why the role cannot do its job now; empty where it can. `patience` is how many milliseconds who asks waits for a server; without
   * it, as long as a probe may.
   */
  readonly reasons: (patience?: number) => Promise<readonly Reason[]>;
  /** What a person should look at, although the role does its job. */
  readonly degraded: () => Promise<readonly Reason[]>;
}
