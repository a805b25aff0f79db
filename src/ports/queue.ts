import type { ConsumePlan, Plan } from '../plan/plan.ts';
import type { Backlog } from './backlog.ts';
import type { ServerFacts } from './server-facts.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * What the roles need of a queue, JetStream or Postgres. One conformance suite holds over every adapter:
 * test/conformance/queue.ts. Delivery is at least once; a message is delivered again when nobody acknowledged it
 * within the consumer's `ackWait`.
 */
export interface Queue {
  /** Whether its messages are in the store's database: which rights on its tables are missing, the store says then. */
  readonly inStore: boolean;
  publisher(): Publisher;
  consumer(plan: ConsumePlan): Promise<Consumer>;
  /** Compares what the server has with what the plan says; empty when they agree. */
  differences(plan: Plan): Promise<readonly Difference[]>;
  /** Makes the server agree with the plan where that loses nothing; gives what it did, a line each. Safe to repeat. */
  apply(plan: Plan): Promise<readonly string[]>;
  /**
   * How far each stream of the plan reaches that has a consumer, and where its oldest message is that a consumer still
   * has to work. Cheap. Rejects with a `Failure` where that cannot be told now, also where a stream is missing.
   */
  extents(plan: Plan): Promise<readonly Extent[]>;
  /**
   * What waits in each stream of the plan. Cheap: asked again every few seconds. Rejects with a `Failure` where that cannot
   * be told now, also where a stream is missing.
   */
  backlog(plan: Plan): Promise<readonly Backlog[]>;
  /**
   * Why the queue would take no message that a role of the plan publishes now: a stream is missing, captures other
   * subjects, is full or cannot be written; undefined where it would. Cheap. Rejects with a `Failure`.
   */
  obstacle(plan: Plan): Promise<string | undefined>;
  /** Rejects with a `Failure` when the queue cannot be reached now. */
  ping(): Promise<void>;
  /** What is known of the queue's own server; undefined where that is the store's. Rejects with a `Failure`. */
  facts(plan: Plan): Promise<ServerFacts | undefined>;
  /**
   * What this user may not do of `needs`, in words; empty where the store's own rights say it, except for `publish`. The plan's
   * streams and consumers have to be there. Rejects with a `Failure`.
   */
  lackingRights(plan: Plan, needs: QueueNeeds): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** All that roles of a kind do in their work, or only what every message needs: to `publish` it, or to `consume` it. */
export type QueueNeeds = 'ingest' | 'worker' | 'publish' | 'consume';

/**
 * The positions of one stream. Messages get ascending positions as they are stored. `end` is read before `floor`: what was
 * stored before `extents` was called, and is not settled, has a position of at least `floor`, or is gone.
 */
export interface Extent {
  readonly stream: string;
  /** Another one when the stream was made anew: positions of two identities cannot be compared. */
  readonly identity: string;
  /** The last position that was given out; less than before where the server lost the end of its stream. */
  readonly end: number;
  /** The oldest message that waits or is out, for any consumer of the plan; undefined where there is none. */
  readonly floor: number | undefined;
}

/** A place where a server and the plan disagree. */
export interface Difference {
  readonly code: 'NOM901' | 'NOM902' | 'NOM903';
  /** `stream TPCH, subjects` */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  /** Whether `nomnom apply` can fix it without losing anything. */
  readonly fixable: boolean;
  /** The plan works on this server all the same: another version of the program may have left it so. */
  readonly tolerable?: boolean;
  /** This user lacks a right: somebody may grant it while roles run. */
  readonly forbidden?: boolean;
}

export interface Publisher {
  /**
   * Publishes every message, many in flight at once; gives one outcome for each, in order. Never rejects.
   * `stored` is given only once the queue has it durably (acknowledged by the stream, or committed). The bytes of its body are
   * no longer read then: whoever published it may free or change them.
   */
  publish(messages: readonly Outgoing[]): Promise<readonly PublishOutcome[]>;
  /** The largest body in bytes that the queue takes, where it has such a limit; 0 where it takes none. */
  readonly maxBody: number | undefined;
  /** Says that somebody wants to send more: looks every few seconds, for a while, whether the limit still stands. Absent where it never changes. */
  readonly lookAtLimit?: () => void;
  /** Why no body is small enough, and what to change; undefined where some are. Absent where the limit never changes. */
  readonly tooLow?: () => string | undefined;
}

export interface Outgoing {
  readonly stream: string;
  readonly subject: string;
  readonly entity: string;
  /** A UUID. */
  readonly messageId: string;
  /** What the queue's own deduplication compares: `messageId`, or with `#rN` behind it for a replay. */
  readonly dedupeId: string;
  /** Counts replays; 0 for the first time. */
  readonly generation: number;
  readonly body: Uint8Array;
  /** The request headers that the entity reads, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The fingerprint of the program that accepted the message; undefined only where nobody knows it any more. */
  readonly program: string | undefined;
  /** The span that brought it. */
  readonly trace?: TraceContext | undefined;
}

export type PublishOutcome =
  | { readonly kind: 'stored'; readonly duplicate: boolean }
  /** The queue holds as much as it may, or its disk as much as it can; the message is not stored. */
  | { readonly kind: 'full'; readonly reason: string; readonly disk?: true }
  /** No answer, or none that tells: the message may or may not be stored; publish again with the same `dedupeId`. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** The queue takes no message of this size, with its headers; the message is not stored. */
  | { readonly kind: 'too_large'; readonly reason: string }
  /** The stream is missing or does not capture the subject. */
  | { readonly kind: 'misconfigured'; readonly reason: string };

export interface Consumer {
  /**
   * Up to `max` messages: resolves with what there is once `max` have come, or `linger` ms after the first came,
   * or with none after `wait` ms or when `signal` aborts. Rejects with a `Failure` when the queue cannot be reached.
   */
  fetch(request: FetchRequest): Promise<readonly Delivery[]>;
  /** Never delivered again. A lost acknowledgement is harmless: the worker recognises what it has applied. */
  ack(deliveries: readonly Delivery[]): Promise<void>;
  /** Delivered again, after `delay` ms. */
  retry(deliveries: readonly Delivery[], delay: number): Promise<void>;
  /** Starts `ackWait` anew for messages that are still worked on. */
  extend(deliveries: readonly Delivery[]): Promise<void>;
  /** Messages that wait or are out for delivery. */
  pending(): Promise<number>;
  /**
   * For a consumer of a partition, by the one worker that has it: what was fetched by anybody and is not acknowledged
   * comes again, in its order, before anything else. Such a consumer gives messages only in the order of the stream, and
   * from then on only to this one: what anybody still fetches, extends or gives back that was there before reaches no
   * message, however late it arrives. Rejects with a `Failure`.
   */
  restart(): Promise<void>;
  /**
   * For a consumer of a partition: whether it has to be restarted, because it never was, a delivery may be lost on its way, or
   * somebody else has restarted it. Until then `fetch` gives none. What was fetched before comes again, so its holder
   * has to forget it first. Always false for other consumers.
   */
  interrupted(): boolean;
  close(): Promise<void>;
}

export interface FetchRequest {
  readonly max: number;
  readonly wait: number;
  readonly linger: number;
  readonly signal: AbortSignal;
}

export interface Delivery {
  readonly messageId: string;
  readonly entity: string;
  readonly generation: number;
  /** Its bytes; or its text, where the queue knows that they are UTF-8 and has it as text. */
  readonly body: Uint8Array | string;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: number;
  /** The fingerprint of the program that accepted it; undefined where a foreign or older publisher said none. */
  readonly program: string | undefined;
  /** The span that brought it. */
  readonly trace?: TraceContext | undefined;
  /** How often it was delivered, this time included. */
  readonly deliveries: number;
}
