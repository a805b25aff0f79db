/**
 * `node bench/snapshot-hour.ts held|free [minutes] [messages a second]`: the queue in Postgres and the ledger at a steady
 * rate, with a REPEATABLE READ transaction held open throughout or without; a line each minute. Two at once, one of each,
 * tell what the dead rows of an hour cost.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { pinoLog } from '../src/adapters/pino-log.ts';
import { openPostgresQueue } from '../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import { messages, queuePlan } from '../test/conformance/queue-plan.ts';
import { createDatabase } from '../test/support/database.ts';
import { startLocalPostgres } from '../test/support/postgres-server.ts';

const [mode, minutes = '60', rate = '300'] = process.argv.slice(2);
/** Publishes a second; each brings its share of the rate. */
const PUBLISHES = 10;

const SIZES = `SELECT pg_total_relation_size('message_status') / 1048576 AS ledger,
  (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c
    WHERE c.relkind = 'r' AND c.relname LIKE 'nomnom\\_queue%') / 1048576 AS queue`;

const postgres = await startLocalPostgres({ durable: true });
if (postgres === undefined) throw new Error('there are no Postgres binaries here');
const database = await createDatabase(postgres.url);
const log = pinoLog({ level: 'silent' });
const store = openStore({ url: database.url, max: 6, log });
const holder = new Client({ connectionString: database.url });
try {
  const names = queuePlan();
  const queue = openPostgresQueue({ store: store.sql, log });
  await queue.apply(names.plan);
  await store.transaction(({ ledger }) => ledger.migrate());
  if (mode === 'held') {
    await holder.connect();
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await holder.query('SELECT count(*) FROM pg_class');
  }
  const stop = new AbortController();
  const times: Record<'publish' | 'record' | 'fetch' | 'claim' | 'ack' | 'latency', number[]> = {
    publish: [],
    record: [],
    fetch: [],
    claim: [],
    ack: [],
    latency: [],
  };
  let done = 0;
  const timed = async <T>(what: keyof typeof times, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    times[what].push(performance.now() - started);
    return result;
  };
  const entriesOf = (all: readonly { messageId: string; entity: string; receivedAt: number }[]) =>
    all.map(({ messageId, entity, receivedAt }) => ({
      messageId,
      entity,
      receivedAt,
      pipeline: 'bench',
      generation: 0,
    }));
  const send = async () => {
    const publisher = queue.publisher();
    for (let next = Date.now(); !stop.signal.aborted; next += 1000 / PUBLISHES) {
      await sleep(Math.max(0, next - Date.now()));
      const now = Date.now();
      const sent = messages(names, Number(rate) / PUBLISHES).map((each) => ({ ...each, receivedAt: now }));
      await timed('publish', () => publisher.publish(sent));
      await timed('record', () => store.ledger.recordAccepted(entriesOf(sent)));
    }
  };
  const work = async () => {
    const consumer = await queue.consumer(names.consume);
    while (!stop.signal.aborted) {
      const request = { max: 500, wait: 1000, linger: 0, signal: stop.signal };
      const some = await timed('fetch', () => consumer.fetch(request));
      if (some.length === 0) continue;
      await timed('claim', () => store.transaction(({ ledger }) => ledger.claim(entriesOf(some))));
      await timed('ack', () => consumer.ack(some));
      const now = Date.now();
      for (const { receivedAt } of some) times.latency.push(now - receivedAt);
      done += some.length;
    }
  };
  const running = Promise.all([send(), work()]);
  for (let minute = 1; minute <= Number(minutes); minute += 1) {
    await Promise.race([sleep(60_000), running]);
    const { rows } = await store.sql.query({ text: SIZES });
    const parts = Object.entries(times).map(([what, all]) => {
      const sorted = all.splice(0).toSorted((left, right) => left - right);
      const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
      return `${what} ${at(0.5)}/${at(0.95)}`;
    });
    process.stdout.write(
      `${mode} minute ${minute}: ${done} done, ms p50/p95: ${parts.join(', ')}, ` +
        `MB: queue ${String(rows[0]?.['queue'])}, ledger ${String(rows[0]?.['ledger'])}\n`,
    );
    done = 0;
  }
  stop.abort();
  await running;
} finally {
  if (mode === 'held') await holder.end();
  await store.close();
  await postgres.stop();
}
