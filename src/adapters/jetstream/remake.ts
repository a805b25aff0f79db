import type { JetStreamManager } from '@nats-io/jetstream';
import type { ConsumePlan } from '../../plan/plan.ts';
import { type Backoff, retryUntilDone } from '../../ports/retry.ts';
import { systemClock } from '../system-clock.ts';
import { apiFailure, unlessMissing } from './api-failure.ts';
import { consumerConfig } from './consumer-settings.ts';

/*
 * A consumer is made anew in four steps: noted → deleted → added → no longer noted. The note stands in the description of
 * the stream, which every server version keeps, and which a person sees. Whoever finds a consumer missing that is noted
 * may add it: a process that died in between leaves work for the next, and not a consumer that only a person can bring
 * back. One that is missing without a note was deleted by somebody else, and stays a difference.
 */

/** How often adding is tried, over a connection that may be down for a moment. */
const TRIES = 16;
const BACKOFF: Backoff = { from: 100, to: 500 };

/** Makes the consumer anew. Where that fails half-way, `finishRemaking` does the rest. */
export async function remakeConsumer(manager: JetStreamManager, plan: ConsumePlan): Promise<void> {
  await describe(manager, plan, (text) => `${text}${text === '' ? '' : ' '}${noteOf(plan)}`);
  await manager.consumers.delete(plan.stream, plan.durable);
  let left = TRIES;
  const add = async (): Promise<'done' | 'again'> => {
    try {
      await finishRemaking(manager, plan);
      return 'done';
    } catch (error) {
      left -= 1;
      if (left === 0) throw error;
      return 'again';
    }
  };
  await retryUntilDone(add, { clock: systemClock, backoff: BACKOFF });
}

/** Whether a stream with this description says that the consumer is being made anew. */
export function isBeingRemade(description: string | undefined, plan: ConsumePlan): boolean {
  return description?.includes(noteOf(plan)) ?? false;
}

/**
 * Adds the consumer where it is being made anew and is missing; gives whether it was being made anew. Safe to repeat. Rejects with
 * a `Failure`: a server that does not answer is one to wait for.
 */
export async function finishRemaking(manager: JetStreamManager, plan: ConsumePlan): Promise<boolean> {
  try {
    return await finish(manager, plan);
  } catch (error) {
    throw apiFailure(error, `making consumer ${plan.durable} of stream ${plan.stream} anew`);
  }
}

async function finish(manager: JetStreamManager, plan: ConsumePlan): Promise<boolean> {
  const stream = await unlessMissing(manager.streams.info(plan.stream), `stream ${plan.stream}`);
  if (!isBeingRemade(stream?.config.description, plan)) return false;
  // The same consumer twice is one: another process may do the same at this moment.
  await manager.consumers.add(plan.stream, consumerConfig(plan));
  await describe(manager, plan, (text) => text.replace(noteOf(plan), '').trim());
  return true;
}

async function describe(
  manager: JetStreamManager,
  plan: ConsumePlan,
  change: (text: string) => string,
): Promise<void> {
  const { config } = await manager.streams.info(plan.stream);
  const text = config.description ?? '';
  const next = change(text);
  if (next !== text) await manager.streams.update(plan.stream, { description: next });
}

function noteOf({ durable }: ConsumePlan): string {
  return `(nomnom makes consumer ${durable} anew)`;
}
