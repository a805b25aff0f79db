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
  return {
    publisher: () => postgresPublisher(store, signals.announce, tidy),
    consumer: (plan) => postgresConsumer({ store, log, arrivals: signals, tidy }, plan),
    differences: (plan) => differencesOf(store, plan),
    apply: (plan) => applyTo(session, plan, schema),
    extents: (plan) => extentsOf(store, plan),
    backlog: (plan) => backlogOf(store, plan),
    obstacle: (plan) => obstacleOf(store, plan),
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
