import type { Plan } from '../../plan/plan.ts';
import type { Delivery } from '../../ports/queue.ts';
import type { LedgerEntry } from '../../ports/ledger-entries.ts';

/** A delivery as the ledger names it. */
export function entryOf(plan: Plan, { messageId, entity, generation, receivedAt }: Delivery): LedgerEntry {
  return { messageId, pipeline: plan.pipeline, entity, generation, receivedAt };
}
