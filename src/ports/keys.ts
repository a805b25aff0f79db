import type { Rate, Scope } from './sender.ts';

/** The keys that senders have, in nomnom's own tables. Nothing here can be turned back into a key. */
export interface Keys {
  /** Every key of the pipeline, those that have ended too, the oldest first. */
  read(pipeline: string): Promise<readonly KnownKey[]>;
  /** Gives false where a key of this name exists that has no end. */
  add(pipeline: string, key: NewKey): Promise<boolean>;
  /**
   * Gives the name a new key with the terms of the old one, which ends in `keep` milliseconds. Gives false where no key of
   * this name is valid without an end. Call it in a transaction.
   */
  rotate(pipeline: string, name: string, hash: string, keep: number): Promise<boolean>;
  /** Ends every key of the name now; gives how many that were. */
  revoke(pipeline: string, name: string): Promise<number>;
}

export interface KeyTerms {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Undefined for every entity. */
  readonly entities: readonly string[] | undefined;
  readonly rate: Rate | undefined;
}

export interface NewKey extends KeyTerms {
  /** SHA-256 of the key as hexadecimal digits. */
  readonly hash: string;
}

export interface KnownKey extends NewKey {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds for which it is still valid by the clock of Postgres, 0 or less where it has ended; undefined without an end. */
  readonly left: number | undefined;
}
