import type { Delivery } from '../../ports/queue.ts';
import type { Failed, Message } from './message.ts';
import type { MessageLease } from './message-lease.ts';

/**
 * In which order a lane works its messages: in any (free-order.ts), or those of one order key as they arrived
 * (ordered-by-key.ts).
 */
export interface Order {
  /** Whether a message may be worked before one that arrived earlier. */
  readonly mayOvertake: boolean;
  /** Messages with the same key keep their order; undefined where none does. */
  keyOf(message: Message): string | undefined;
  /** The messages whose turn it is, in their order; the others stay with the lane until then. */
  free(messages: readonly Message[]): readonly Message[];
  /** The steps in which a batch is worked, one after the other. */
  steps(deliveries: readonly Delivery[], sifted: Sifted): readonly Step[];
  /** Gives messages back, to come again after `delay` ms, each in its place. */
  giveBack(lease: MessageLease, messages: readonly Message[], delay: number): Promise<void>;
  /** Whether a message has to be left because an earlier one of its entity was; `leave` and `pass` say of which. */
  isBarred(delivery: Delivery): boolean;
  /** Whether any message is barred. */
  hasBarriers(): boolean;
  /** Notes that a message is left to a newer program; gives whether it is to be given back, or waits here already. */
  leave(delivery: Delivery, outcome: Message | Failed): boolean;
  /** Notes that a message is worked. */
  pass(delivery: Delivery): void;
}

/** The messages of a batch, by how often they came. */
export interface Sifted {
  readonly innocent: readonly Delivery[];
  /** Came often, and were never noted: most of them were given back by another process. */
  readonly fresh: readonly Delivery[];
  /** Were noted, and the process ended. */
  readonly suspects: readonly Delivery[];
}

export type Step =
  | { readonly kind: 'together'; readonly deliveries: readonly Delivery[] }
  /** Together, once it is noted that they are worked. */
  | { readonly kind: 'noted'; readonly deliveries: readonly Delivery[] }
  /** By itself, once it is noted that it is worked. */
  | { readonly kind: 'alone'; readonly delivery: Delivery };
