import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Publisher } from '../../ports/queue.ts';
import { type Backoff, retryUntilDone } from '../../ports/retry.ts';
import type { LinkOptions } from './link.ts';
import { type JetStreamQueue, openJetStreamQueue } from './queue.ts';

/** Between two attempts to connect. */
const BACKOFF: Backoff = { from: 250, to: 4_000 };

export interface LateQueueOptions extends LinkOptions {
  readonly clock: Clock;
}

/**
 * A queue over NATS JetStream that is there before a server answers: it connects in the background, without limit. Until
 * then publishing is `unavailable` and everything else rejects with QUEUE_UNAVAILABLE; after that it is the queue itself.
 * `lost` resolves also where a server answers and refuses, which no waiting fixes.
 */
export function openLateJetStreamQueue(options: LateQueueOptions): JetStreamQueue {
  const { log, clock } = options;
  const closing = new AbortController();
  const { promise: lost, resolve: lose } = Promise.withResolvers<Failure>();
  let away = new Failure('QUEUE_UNAVAILABLE', 'no connection to NATS yet');
  let opened: JetStreamQueue | undefined;

  const connect = async (delay: number): Promise<'done' | 'again'> => {
    try {
      opened = await openJetStreamQueue(options);
      void opened.lost.then(lose);
      log.info({}, 'connected to NATS');
      return 'done';
    } catch (error) {
      if (!(error instanceof Failure) || !error.retryable) {
        lose(failureOf(error));
        return 'done';
      }
      away = error;
      log.warn({ reason: error.message, delay }, 'waiting for NATS');
      return 'again';
    }
  };
  const connecting = retryUntilDone(connect, { clock, backoff: BACKOFF, signal: closing.signal });

  const queue = (): JetStreamQueue => {
    if (opened === undefined) throw away;
    return opened;
  };
  return {
    inStore: false,
    lost,
    publisher: () =>
      latePublisher(
        () => opened?.publisher(),
        () => away.message,
      ),
    consumer: async (plan) => queue().consumer(plan),
    differences: async (plan) => queue().differences(plan),
    apply: async (plan) => queue().apply(plan),
    extents: async (plan) => queue().extents(plan),
    backlog: async (plan) => queue().backlog(plan),
    obstacle: async (plan) => queue().obstacle(plan),
    ping: async () => queue().ping(),
    facts: async (plan) => queue().facts(plan),
    lackingRights: async (plan, needs) => queue().lackingRights(plan, needs),
    async close() {
      closing.abort();
      await connecting;
      await opened?.close();
    },
  };
}

function latePublisher(open: () => Publisher | undefined, reason: () => string): Publisher {
  let opened: Publisher | undefined;
  const publisher = (): Publisher | undefined => (opened ??= open());
  return {
    async publish(messages) {
      const now = publisher();
      return now === undefined
        ? messages.map(() => ({ kind: 'unavailable', reason: reason() }))
        : now.publish(messages);
    },
    get maxBody() {
      return publisher()?.maxBody;
    },
    lookAtLimit: () => publisher()?.lookAtLimit?.(),
    tooLow: () => publisher()?.tooLow?.(),
  };
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('QUEUE_MISCONFIGURED', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
