import type { JetStreamManager } from '@nats-io/jetstream';
import type { ConsumePlan } from '../../plan/plan.ts';
import type { Log } from '../../ports/log.ts';
import { remakeConsumer } from './remake.ts';

/** Milliseconds between two looks of one process. */
const EVERY = 4_000;
/** Looks in a row that must find the same before anything is done: what is on its way settles in between. */
const LOOKS = 3;

/**
 * Finds messages that are in the stream and that its consumer neither holds nor will deliver, and makes the consumer
 * anew, which then delivers all that the stream holds; the ledger knows what was done. Servers of version 2.9 forget
 * messages so when they are delivered again out of order (nats-server issue 4736); later ones keep what was
 * acknowledged just before they were killed. Never rejects: a look that fails is made again.
 */
export function forgottenMessages(
  manager: JetStreamManager,
  plan: ConsumePlan,
  log: Log,
  now: () => number = Date.now,
): () => Promise<void> {
  let next = now() + EVERY;
  let found = 0;
  let made: string | undefined;

  const look = async (): Promise<void> => {
    const before = await stored(manager, plan);
    const { num_pending: waiting, num_ack_pending: out, created } = await infoOf(manager, plan);
    if (created !== made || before <= waiting + out) {
      made = created;
      found = 0;
      return;
    }
    // What was acknowledged between the two questions is gone from the stream by now.
    if (Math.min(before, await stored(manager, plan)) <= waiting + out) {
      found = 0;
      return;
    }
    found += 1;
    if (found < LOOKS) return;
    found = 0;
    // Another process may have been first.
    if ((await infoOf(manager, plan)).created !== created) return;
    log.warn(
      { stream: plan.stream, consumer: plan.durable, messages: before - waiting - out },
      'the consumer has forgotten messages of its stream; it is made anew and delivers what the stream holds',
    );
    await remakeConsumer(manager, plan);
  };

  return async () => {
    if (now() < next) return;
    next = Number.POSITIVE_INFINITY;
    try {
      await look();
    } catch (error) {
      log.debug({ reason: String(error) }, 'could not look for forgotten messages');
    }
    next = now() + EVERY;
  };
}

function infoOf(manager: JetStreamManager, plan: ConsumePlan) {
  return manager.consumers.info(plan.stream, plan.durable);
}

/** Messages that the consumer is to deliver; none of a stream that keeps what was acknowledged. */
async function stored(manager: JetStreamManager, plan: ConsumePlan): Promise<number> {
  const { state, config } = await manager.streams.info(plan.stream, { subjects_filter: plan.filter });
  if (config.retention !== 'workqueue') return 0;
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}
