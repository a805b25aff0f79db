import type { TraceContext } from './trace-context.ts';

/**
 * Hears what happens to messages and to roles. Each thing is told once, at the moment it became true: after the commit,
 * after the queue stored it, before the answer. `record` returns at once, never rejects and never throws: whoever listens
 * may not hold a role up.
 */
export interface Telemetry {
  record(event: TelemetryEvent): void;
}

export type TelemetryEvent = IngestEvent | DeliveryEvent | RoleEvent;

/** Names and ids only. A body, a header or a value of a message is never part of an event. */
export interface MessageRef {
  readonly messageId: string;
  readonly entity: string;
  /** Milliseconds since the epoch, when ingest accepted it. */
  readonly receivedAt: number;
  /** The span that it belongs to. */
  readonly trace?: TraceContext | undefined;
}

/** Why a message was refused or failed, by names of the program only: a JSON pointer may quote keys of a message. */
export interface ErrorRef {
  readonly code: string;
  readonly field: string;
  readonly constraint?: string | undefined;
}

export type IngestEvent =
  /** A message was stored by the queue, and is answered with 202; `ms` milliseconds after its body was there. */
  | { readonly kind: 'accepted'; readonly entity: string; readonly messageId: string; readonly ms: number }
  /** What became of a batch: elements that are stored, and that were refused, by code. It may have been broken off after them. */
  | {
      readonly kind: 'batch-accepted';
      readonly entity: string;
      readonly accepted: number;
      readonly refusals: ReadonlyMap<string, number>;
      readonly ms: number;
    }
  /** A request was refused, and nothing of it is stored. `status` is the answer's, 503 where the sender may ask again. */
  | {
      readonly kind: 'refused';
      /** Empty where the sender was refused before its entity was looked at. */
      readonly entity: string;
      readonly status: number;
      readonly code: string;
      readonly field?: string | undefined;
    }
  /** A request was refused before its body was examined. `entity` is empty where the program has none of that name. */
  | {
      readonly kind: 'turned-away';
      readonly entity: string;
      readonly status: number;
      readonly code: string;
    };

export type DeliveryEvent =
  /** The queue delivered messages; some of them not for the first time. */
  | { readonly kind: 'delivered'; readonly messages: readonly MessageRef[]; readonly redelivered: number }
  /**
   * The rows of these messages are committed. `unknownKeys` counts JSON keys without a field, by entity; `unknownNames`
   * has some of them, `Line.colour`.
   */
  | {
      readonly kind: 'committed';
      readonly messages: readonly MessageRef[];
      readonly unknownKeys: ReadonlyMap<string, number>;
      readonly unknownNames?: ReadonlyMap<string, Iterable<string>>;
    }
  /** Newer messages had written the rows of these; that is recorded. */
  | { readonly kind: 'superseded'; readonly messages: readonly MessageRef[] }
  /** These were settled before they came; they are acknowledged without any effect. */
  | { readonly kind: 'settled-before'; readonly messages: readonly MessageRef[] }
  /** A message failed by its own fault and comes again after `delay` milliseconds; `attempts` are spent. */
  | {
      readonly kind: 'retried';
      readonly message: MessageRef;
      readonly error: ErrorRef;
      readonly attempts: number;
      readonly delay: number;
    }
  /** A message failed permanently; its dead letter is recorded. */
  | { readonly kind: 'dead-lettered'; readonly message: MessageRef; readonly error: ErrorRef }
  /** A message failed permanently; the role stops, and the message stays in the queue. */
  | { readonly kind: 'halted'; readonly message: MessageRef; readonly error: ErrorRef }
  /** A batch is done: each of its messages is settled, or goes back. Times in milliseconds, `startedAt` since the epoch. */
  | {
      readonly kind: 'worked';
      readonly messages: readonly MessageRef[];
      readonly startedAt: number;
      readonly ms: number;
    }
  /** How many dead letters wait for room in their stream now. */
  | { readonly kind: 'unpublished'; readonly waiting: number };

export type RoleEvent =
  /** The worker waits for a server, or for a changed configuration. Told once for each code until it resumes. */
  | {
      readonly kind: 'paused';
      readonly code: string;
      readonly reason: string;
      readonly sqlstate?: string | undefined;
      /** Whether waiting alone does not help: a person has to change something. */
      readonly needsChange: boolean;
    }
  | { readonly kind: 'resumed'; readonly pausedMs: number }
  /** A look at its servers found that the role cannot do its job. Told once, until `ready-again`. */
  | {
      readonly kind: 'not-ready';
      readonly reasons: readonly { readonly check: string; readonly message: string }[];
    }
  | { readonly kind: 'ready-again'; readonly pausedMs: number }
  | { readonly kind: 'worker-started'; readonly role: string; readonly lanes: number }
  | { readonly kind: 'worker-stopped'; readonly role: string };
