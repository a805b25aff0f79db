import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Delivery, Publisher } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import type { Programs } from '../presence/programs.ts';
import type { Counters } from './counters.ts';
import type { Evidence } from './fail/evidence.ts';
import type { UnpublishedDeadLetters } from './fail/unpublished-dead-letters.ts';
import type { LeftNotes } from './receive/left-notes.ts';
import type { Holds } from './receive/holds.ts';
import type { Failed, Message } from './receive/message.ts';
import type { Pauses } from './fail/pauses.ts';
import type { ConflictOrder } from './write/conflict-order.ts';
import type { WritePlan } from './write/write-plan.ts';

/** What all batches of one worker share. */
export interface Context {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly store: Store;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly log: Log;
  readonly pauses: Pauses;
  readonly counters: Counters;
  /** Aborts when the worker stops. */
  readonly signal: AbortSignal;
  readonly write: WritePlan;
  readonly conflictOrder: ConflictOrder;
  readonly evidence: Evidence;
  /** Dead letters that wait for room in their stream. */
  readonly unpublishedDeadLetters: UnpublishedDeadLetters;
  readonly evaluate: (delivery: Delivery) => Message | Failed;
  /** Which program is older, and which is active. */
  readonly programs: Programs;
  readonly notes: LeftNotes;
  /** For the messages of a partition: what has to wait for an earlier message of its key. */
  readonly holds?: Holds;
}
