import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Delivery, Publisher } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import type { Programs } from '../presence/programs.ts';
import type { Counters } from './counters.ts';
import type { Evidence } from './evidence.ts';
import type { LateLetters } from './late-letters.ts';
import type { LeftNotes } from './left-notes.ts';
import type { Holds } from './holds.ts';
import type { Failed, Message } from './message.ts';
import type { Pauses } from './pauses.ts';
import type { Turns } from './turns.ts';
import type { WritePlan } from './write-plan.ts';

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
  readonly turns: Turns;
  readonly evidence: Evidence;
  /** Dead letters that wait for room in their stream. */
  readonly lateLetters: LateLetters;
  readonly evaluate: (delivery: Delivery) => Message | Failed;
  /** Which program is older, and which is active. */
  readonly programs: Programs;
  readonly notes: LeftNotes;
  /** For the messages of a partition: what has to wait for an earlier message of its key. */
  readonly holds?: Holds;
}
