import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import { inOwnSchema } from '../../sql/postgres/own-schema.ts';
import type { SqlStore } from '../../sql/postgres/session.ts';
import { arrivals } from './arrivals.ts';
import { backlogOf } from './backlog.ts';
import { postgresConsumer } from './consumer.ts';
import { extentsOf } from './extent.ts';
import { housekeeping } from './housekeeping.ts';
import { obstacleOf } from './obstacle.ts';
import { postgresPublisher } from './publisher.ts';
import { lackingToPublish } from './lacking-rights.ts';
import { queueFailure } from './queue-failure.ts';
import { newReach, type Reach } from './reach.ts';
import { applyTo, differencesOf } from './reconcile.ts';

export interface PostgresQueueOptions {
  /** Stays open when the queue is closed. Needs two connections to publish, and one for each fetch at a time. */
  readonly store: SqlStore;
  readonly log: Log;
  /** The schema of the queue's tables; where `search_path` finds them when absent. */
  readonly schema?: string;
}

/** A queue in tables of Postgres. Nothing is connected or created here: see `apply`. */
export function openPostgresQueue({ store: session, log, schema }: PostgresQueueOptions): Queue {
  const store = inOwnSchema(session, schema);
  const signals = arrivals();
  const tidy = housekeeping(store, log);
  const reaches = new Map<number, Reach>();
  const reachOf = (consumer: number): Reach => {
    const known = reaches.get(consumer) ?? newReach();
    reaches.set(consumer, known);
    return known;
  };
  return {
    inStore: true,
    publisher: () => postgresPublisher(store, signals.announce, tidy),
    consumer: (plan) => postgresConsumer({ store, log, arrivals: signals, tidy, reachOf }, plan),
    differences: (plan) => differencesOf(store, plan),
    apply: (plan) => applyTo(session, plan, schema),
    extents: (plan) => extentsOf(store, plan),
    backlog: (plan) => backlogOf(store, plan),
    async obstacle(plan) {
      // A schema that this user may not use hides its tables, and a policy hides rows, as if there were none.
      const lacking = async (): Promise<string | undefined> => {
        const found = await lackingToPublish(store, schema).catch(() => []);
        return found.length === 0 ? undefined : `messages are refused: ${found.join(', ')}`;
      };
      let obstacle: string | undefined;
      try {
        obstacle = await obstacleOf(store, plan);
      } catch (error) {
        const isWrong = error instanceof Failure && error.code === 'QUEUE_MISCONFIGURED';
        const reason = isWrong ? await lacking() : undefined;
        if (reason === undefined) throw error;
        return reason;
      }
      return obstacle === undefined ? undefined : ((await lacking()) ?? obstacle);
    },
    async ping() {
      try {
        await store.query({ text: 'SELECT 1' });
      } catch (error) {
        throw queueFailure(error);
      }
    },
    facts: async () => undefined,
    lackingRights: async (_plan, needs) => (needs === 'publish' ? lackingToPublish(store, schema) : []),
    async close() {},
  };
}
