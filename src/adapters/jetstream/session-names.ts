import { randomBytes } from 'node:crypto';
import type { ConsumePlan } from '../../plan/plan.ts';

/*
 * Whoever takes a partition makes its consumer under a name of its own: `shop_worker_ingest_p3-5f0c91ab`. Requests and answers name
 * a consumer, so what a holder of before still sends, however late, goes to one that is gone. Under one name for all a late
 * acknowledgement moved the new consumer past messages that it had not delivered (nats-server 2.15), and a late restart made
 * it anew under its holder.
 */

/** A name for a new consumer of a partition; any other consumer has that of the plan. */
export function newSessionName({ durable }: ConsumePlan): string {
  return `${durable}-${randomBytes(4).toString('hex')}`;
}

export function isSessionName(name: string): boolean {
  return /-[0-9a-f]{8}$/.test(name);
}

/** Whether a consumer of this name is the plan's. `apply` makes that of a partition under the plan's name, before any worker has it. */
export function isNameOf({ durable, partition }: ConsumePlan, name: string): boolean {
  return name === durable || (partition !== undefined && name.startsWith(`${durable}-`));
}
