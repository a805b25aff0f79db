import type { Store } from '../../../src/ports/store.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { type Applied, applyPart, partsOf } from '../../../src/roles/worker/write/apply.ts';
import type { WritePlan } from '../../../src/roles/worker/write-plan.ts';

/** Writes the messages in order, in as many transactions as that takes; rejects at the first failure. */
export async function apply(store: Store, write: WritePlan, messages: readonly Message[]): Promise<Applied> {
  const parts: Applied[] = [];
  for (const part of partsOf(write, messages)) parts.push(await applyPart(store, write, part));
  return {
    applied: parts.flatMap((part) => part.applied),
    superseded: parts.flatMap((part) => part.superseded),
    settled: parts.flatMap((part) => part.settled),
  };
}
