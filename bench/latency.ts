import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Bench, Outcome } from './bench.ts';
import { startChild } from './child.ts';
import { percentile } from './figures.ts';
import { withIngest } from './ingest-process.ts';
import { outgoing } from './messages.ts';

/** Requests a second. */
const RATE = 200;
/** Seconds of requests before those that count. */
const WARM_UP = 3;
const SECONDS = 15;
/** Orders of the measurement have keys from here on; those of the backlog have smaller ones. */
const FIRST_KEY = 1_000_000_000;
/** Milliseconds until an order that nobody sees fails the measurement. */
const PATIENCE = 120_000;

/**
 * A commit tells which of the measured orders it makes visible: asking again and again would disturb, and the time of a
 * commit that Postgres keeps is earlier than the moment from which others see it.
 */
const ANNOUNCE = `CREATE FUNCTION bench_announce() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE keys text := (SELECT string_agg(order_key::text, ',') FROM written WHERE order_key >= ${FIRST_KEY});
BEGIN
  IF keys IS NOT NULL THEN PERFORM pg_notify('bench_visible', keys); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER bench_announce AFTER INSERT ON orders REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION bench_announce()`;

/** Milliseconds. */
interface Latencies {
  readonly accepted: readonly number[];
  readonly visible: readonly number[];
}

/** From POST to 202 and to the visible row, at a steady rate: with nothing else to do, and while a backlog is drained. */
export async function latency(bench: Bench): Promise<Outcome> {
  const outcomes = [await measured(bench, 0), await measured(bench, bench.orders.length)];
  return {
    figures: outcomes.flatMap(({ figures }) => figures),
    ratios: outcomes.flatMap(({ ratios }) => ratios),
  };
}

async function measured(bench: Bench, backlog: number): Promise<Outcome> {
  const { accepted, visible } = await atSteadyRate(bench, backlog);
  const during = backlog === 0 ? '' : `, of ${backlog.toLocaleString('en')} waiting`;
  const figure = (what: string, values: readonly number[], share: number) => ({
    id: '',
    what: `${what}, p${share * 100}${during}`,
    value: percentile(values, share),
    unit: `ms, ${values.length} requests`,
  });
  const ratio = (share: number, target: number) => ({
    what: `POST to visible row, ms, p${share * 100}${during}`,
    value: percentile(visible, share),
    target,
    most: true as const,
  });
  return {
    figures: [0.5, 0.99].flatMap((share) => [
      figure('POST to 202', accepted, share),
      figure('POST to visible row', visible, share),
    ]),
    ratios: [ratio(0.5, 12), ratio(0.99, 30)],
  };
}

function atSteadyRate(bench: Bench, backlog: number): Promise<Latencies> {
  const { program, file, plan, orders, natsUrl } = bench;
  return withIngest(bench, async ({ address, databaseUrl, queue }) => {
    const listener = new Client({ connectionString: databaseUrl });
    await listener.connect();
    const [consume] = plan.roles.flatMap((role) => role.consumes);
    if (consume === undefined) throw new Error('the program consumes nothing');
    const consumer = await queue.consumer(consume);
    const agent = new Agent({ keepAlive: true });
    try {
      await listener.query(ANNOUNCE);
      await listener.query('LISTEN bench_visible');
      const visibleAt = new Map<number, number>();
      listener.on('notification', ({ payload = '' }) => {
        const now = performance.now();
        for (const key of payload.split(',')) visibleAt.set(Number(key), now);
      });
      await queue.publisher().publish(outgoing(plan, orders.slice(0, backlog)));
      const worker = await startChild(
        [program, 'run', file, '--role=worker'],
        { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'info' },
        /worker started/,
      );
      try {
        const drained = async () => backlog > 0 && (await consumer.pending()) < RATE;
        const sent = await sendSteadily(`${address}/ingest/Order`, agent, orders, drained);
        const until = performance.now() + PATIENCE;
        while (visibleAt.size < sent.length) {
          if (performance.now() > until)
            throw new Error(`${sent.length - visibleAt.size} orders were not seen`);
          worker.mustRun();
          await sleep(10);
        }
        const counted = sent.slice(backlog === 0 ? WARM_UP * RATE : 0);
        return {
          accepted: counted.map(({ at, acceptedAt }) => acceptedAt - at),
          visible: counted.map(({ key, at }) => (visibleAt.get(key) ?? Number.NaN) - at),
        };
      } finally {
        await worker.stop();
      }
    } finally {
      agent.destroy();
      await consumer.close();
      await listener.end();
    }
  });
}

interface Sent {
  readonly key: number;
  readonly at: number;
  readonly acceptedAt: number;
}

/** Sends at the rate, however long answers take, until the time is over or `over` says so. */
async function sendSteadily(
  url: string,
  agent: Agent,
  orders: readonly string[],
  over: () => Promise<boolean>,
): Promise<readonly Sent[]> {
  const answers: Promise<Sent>[] = [];
  const started = performance.now();
  while (answers.length < (WARM_UP + SECONDS) * RATE) {
    const due = started + (answers.length * 1000) / RATE - performance.now();
    if (due >= 1) await sleep(due);
    const key = FIRST_KEY + answers.length;
    const order = orders[answers.length % orders.length] ?? '';
    answers.push(post(url, agent, key, order.replace(/"order_key":\d+/, `"order_key":${key}`)));
    if (answers.length % (RATE / 10) === 0 && (await over())) break;
  }
  return Promise.all(answers);
}

function post(url: string, agent: Agent, key: number, body: string): Promise<Sent> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const at = performance.now();
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 202) resolve({ key, at, acceptedAt: performance.now() });
        else reject(new Error(`an order was answered ${response.statusCode}`));
      });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}
