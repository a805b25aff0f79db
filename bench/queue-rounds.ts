import { Client } from 'pg';
import { pinoLog } from '../src/adapters/pino-log.ts';
import { openPostgresQueue } from '../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import type { Plan } from '../src/plan/plan.ts';
import type { Outgoing } from '../src/ports/queue.ts';

export interface QueueRounds {
  readonly rounds: number;
  readonly plan: Plan;
  /** The messages of one round, each time with new ids. */
  messages(): readonly Outgoing[];
  /** Keep one REPEATABLE READ transaction open throughout. */
  readonly snapshot: boolean;
}

const BATCH = 500;

/** Seconds of each round: everything is published, fetched and acknowledged over the queue in Postgres, and no worker. */
export async function queueRounds(
  url: string,
  { rounds, plan, messages, snapshot }: QueueRounds,
): Promise<readonly number[]> {
  const log = pinoLog({ level: 'silent' });
  const store = openStore({ url, max: 4, log });
  const holder = new Client({ connectionString: url });
  const seconds: number[] = [];
  try {
    const queue = openPostgresQueue({ store: store.sql, log });
    await queue.apply(plan);
    if (snapshot) {
      await holder.connect();
      await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await holder.query('SELECT 1 FROM pg_class LIMIT 1');
    }
    const publisher = queue.publisher();
    const [consume] = plan.roles.flatMap((role) => role.consumes);
    if (consume === undefined) throw new Error('the program consumes nothing');
    const consumer = await queue.consumer(consume);
    for (let round = 0; round < rounds; round += 1) {
      const sent = messages();
      const started = performance.now();
      const outcomes = await publisher.publish(sent);
      if (outcomes.some((outcome) => outcome.kind !== 'stored')) throw new Error('a message was not stored');
      for (let left = sent.length; left > 0;) {
        const some = await consumer.fetch({
          max: BATCH,
          wait: 5_000,
          linger: 0,
          signal: new AbortController().signal,
        });
        await consumer.ack(some);
        left -= some.length;
        if (some.length === 0) throw new Error(`${left} messages did not come`);
      }
      seconds.push((performance.now() - started) / 1000);
    }
    await consumer.close();
    return seconds;
  } finally {
    if (snapshot) await holder.end();
    await store.close();
  }
}
