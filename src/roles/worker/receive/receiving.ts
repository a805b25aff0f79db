import type { Delivery } from '../../../ports/queue.ts';
import type { ConflictOrder } from '../write/conflict-order.ts';
import type { Writing } from '../write/writing.ts';
import type { Failed, Message } from '../message.ts';

/** What it takes to work what the queue delivers. */
export interface Receiving extends Writing {
  readonly evaluate: (delivery: Delivery) => Message | Failed;
  readonly conflictOrder: ConflictOrder;
}
