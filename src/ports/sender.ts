/** What a sender may ask for: to send, to read its own statuses, to use the console, to read and change everything. */
export const SCOPES = ['ingest', 'status', 'console', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** So many messages in so many milliseconds; also how many may come at once. */
export interface Rate {
  readonly messages: number;
  readonly per: number;
}

/** Who sends a request, as a key or a token proved it. */
export interface Sender {
  /** As people know it; it becomes `meta.source`. */
  readonly name: string;
  /** Tells senders apart that have one name: a key from a token. */
  readonly id: string;
  /** Twelve hexadecimal digits that end the ids of this sender's messages, whole or the last five of them. */
  readonly mark: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The entities that it may send; undefined for every one. */
  readonly entities: ReadonlySet<string> | undefined;
  readonly rate: Rate | undefined;
}

/**
 * Who sends a request with this credential. `anonymous`: nobody has to prove anything now. `refused`: this sender does not get
 * in. `unready`: it cannot be told yet; `reason` is for a person.
 */
export type Identity =
  | { readonly kind: 'sender'; readonly sender: Sender }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unready'; readonly reason: string };

/** Tells who sends a request. */
export interface Identify {
  /**
   * `credential` is what came as `Authorization: Bearer`, or undefined. `isLocal`: the request comes from this machine.
   * Answers at once where it can.
   */
  (credential: string | undefined, isLocal: boolean): Identity | Promise<Identity>;
}
