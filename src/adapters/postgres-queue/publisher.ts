import { Failure } from '../../ports/failure.ts';
import type { Outgoing, Publisher, PublishOutcome } from '../../ports/queue.ts';
import type { SqlStore } from '../../sql/postgres/session.ts';
import { publishAll } from './publish.ts';
import { DISK_FULL, isMisconfigured } from './queue-failure.ts';

/** Statements at once: one runs while the next is collected. */
const STATEMENTS = 2;
const MESSAGES_PER_STATEMENT = 1_000;
const BYTES_PER_STATEMENT = 8 * 1024 * 1024;
/** Tries of a statement that Postgres ended for another one. */
const TRIES = 3;
/** Milliseconds after which a message is not sent any more: nobody waits for its outcome then. */
const SEND_WITHIN = 20_000;
/** A statement that ran for as long as it may would only do so again, while others wait. */
const TIMED_OUT = '57014';

/** Postgres takes a parameter of 1 GB; what a message may weigh is decided long before. */
const MAX_BODY = 64 * 1024 * 1024;

interface Waiting {
  readonly message: Outgoing;
  readonly since: number;
  readonly settle: (outcome: PublishOutcome) => void;
}

/**
 * Publishes what several callers bring at the same time in one statement. `published` is called after a statement
 * that stored something, `idle` after each.
 */
export function postgresPublisher(
  store: SqlStore,
  published: () => void,
  idle: () => Promise<void>,
): Publisher {
  const waiting: Waiting[] = [];
  let running = 0;

  const run = async () => {
    running += 1;
    for (let batch = take(waiting); batch.length > 0; batch = take(waiting)) {
      const outcomes = await publishSafely(store, batch);
      batch.forEach(({ settle }, index) => settle(outcomes[index] ?? LOST));
      if (outcomes.some(({ kind }) => kind === 'stored')) published();
      await idle();
    }
    running -= 1;
  };

  return {
    maxBody: MAX_BODY,
    publish(messages) {
      if (messages.length === 0) return Promise.resolve([]);
      const since = performance.now();
      const outcomes = messages.map(
        (message) => new Promise<PublishOutcome>((settle) => waiting.push({ message, since, settle })),
      );
      // Callers of the same turn of the event loop share a statement.
      queueMicrotask(() => {
        if (running < STATEMENTS && waiting.length > 0) void run();
      });
      return Promise.all(outcomes);
    },
  };
}

const UNSENT: PublishOutcome = {
  kind: 'unavailable',
  reason: `Postgres was busy with others for ${SEND_WITHIN / 1_000} s; it is not stored`,
};
const LOST: PublishOutcome = { kind: 'unavailable', reason: 'no outcome' };

/** The first that are still waited for; the others are settled. They wait in the order in which they came. */
function take(waiting: Waiting[]): readonly Waiting[] {
  const now = performance.now();
  const timely = waiting.findIndex(({ since }) => now - since < SEND_WITHIN);
  const late = timely === 0 ? [] : waiting.splice(0, timely < 0 ? waiting.length : timely);
  for (const { settle } of late) settle(UNSENT);
  let bytes = 0;
  let count = 0;
  for (const { message } of waiting) {
    bytes += message.body.length;
    if (count === MESSAGES_PER_STATEMENT || (count > 0 && bytes > BYTES_PER_STATEMENT)) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

async function publishSafely(store: SqlStore, batch: readonly Waiting[]): Promise<readonly PublishOutcome[]> {
  const messages = batch.map(({ message }) => message);
  for (let left = TRIES; ; left -= 1) {
    try {
      return await publishAll(store, messages);
    } catch (error) {
      const conflict =
        error instanceof Failure && error.code === 'STORE_CONFLICT' && error.sql?.sqlstate !== TIMED_OUT;
      if (!conflict || left <= 1) return messages.map(() => failed(error));
    }
  }
}

function failed(error: unknown): PublishOutcome {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof Failure && error.sql?.sqlstate === DISK_FULL)
    return { kind: 'full', reason, disk: true };
  const lasting = error instanceof Failure && isMisconfigured(error);
  return { kind: lasting ? 'misconfigured' : 'unavailable', reason };
}
