import type { Plan, RoleSettings } from '../../../plan/plan.ts';
import type { Store } from '../../../ports/store.ts';
import type { Telemetry } from '../../../ports/telemetry.ts';
import type { Failed } from '../message.ts';
import type { Order } from '../order.ts';
import type { Evidence } from './evidence.ts';
import type { RetryContext } from './with-retries.ts';

/** What it takes to say of a message that it failed, or to give it back. */
export interface Failing extends RetryContext {
  readonly plan: Plan;
  readonly settings: RoleSettings;
  readonly store: Store;
  readonly telemetry: Telemetry;
  readonly evidence: Evidence;
  readonly order: Order;
  /** Rejects with a `Failure` of the queue; doing it again is harmless. */
  readonly publishDead: (dead: readonly Failed[]) => Promise<void>;
}
