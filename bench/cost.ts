import autocannon from 'autocannon';
import { pinoLog } from '../src/adapters/pino-log.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import { keyHash, newKey } from '../src/roles/access/key-text.ts';
import { applyTables } from '../src/roles/setup/apply-tables.ts';
import type { Bench, Outcome } from './bench.ts';
import { startChild, type Child } from './child.ts';
import { drain } from './drain.ts';
import { median, percentile } from './figures.ts';
import { startIngest } from './ingest-process.ts';
import { withEmptyStream } from './messages.ts';
import { processorTime } from './peers/processor-time.ts';

const CONNECTIONS = 32;
/** Seconds of each turn, and turns of each of two. */
const TURN = 2;
const TURNS = 6;
/** Seconds over which an idle process is watched, and those it has to come to rest. */
const IDLE = 20;
const REST = 3;

/**
 * What metrics and keys cost. One ingest process has them and one has not, and they work in turn; processor time is compared, because a
 * machine that others use changes the time that passes. What a worker's metrics take is less than two workers differ by: it is timed.
 */
export async function cost(bench: Bench): Promise<Outcome> {
  const withoutMetrics = `--import=${bench.root}/bench/without-metrics.ts`;
  const ingest = await ingestCost(bench, withoutMetrics);
  const workers: TimedWorker[] = [];
  for (let at = 0; at < bench.repeats; at += 1) workers.push(await timedWorker(bench));
  const counting = median(workers.map((worker) => worker.counting));
  const ofMetrics = median(workers.map((worker) => (worker.counting / worker.processor) * 100));
  const idle = await idleShares(bench);
  const figure = (what: string, value: number, unit: string) => ({ id: '', what, value, unit });
  const more = (what: string, value: number, target: number) => ({
    what,
    value,
    target,
    most: true as const,
  });
  return {
    figures: [
      figure('ingest with keys and metrics, processor', undisturbed(ingest.full), 'µs for each request'),
      figure('ingest with neither', undisturbed(ingest.bare), 'µs for each request'),
      figure('worker, processor', median(workers.map(({ processor }) => processor)), 'µs for each order'),
      figure('of that its metrics', counting, 'µs for each order'),
    ],
    ratios: [
      more('keys and metrics of ingest, % of its processor', share(ingest.full, ingest.bare), 3),
      more('metrics of a worker, % of its processor', ofMetrics, 2),
      more('idle ingest, % of a core', idle.ingest, 0.5),
      more('idle worker, % of a core', idle.worker, 0.5),
    ],
  };
}

interface TimedWorker {
  /** Microseconds of processor for each order, and those of them that metrics take. */
  readonly processor: number;
  readonly counting: number;
}

async function timedWorker(bench: Bench): Promise<TimedWorker> {
  const nodeFlags = [`--import=${bench.root}/bench/timed-metrics.ts`];
  const { processor, said } = await drain(bench, { nodeFlags });
  const took = said(/counting metrics took ([\d.e-]+) ms/)?.[1];
  if (took === undefined) throw new Error('the worker did not tell how long it was counting');
  const count = bench.orders.length;
  return { processor: (processor * 1e6) / count, counting: (Number(took) * 1e3) / count };
}

/** How much more the first take than the second, in percent. */
function share(full: readonly number[], bare: readonly number[]): number {
  return (undisturbed(full) / undisturbed(bare) - 1) * 100;
}

/** Others on the machine only ever make a turn dearer: a quarter of all turns stays below this. */
function undisturbed(turns: readonly number[]): number {
  return percentile(turns, 0.25);
}

async function ingestCost(bench: Bench, withoutMetrics: string) {
  const key = newKey();
  const bodies = bench.orders.slice(0, 1000);
  const prepared = (work: (full: string, bare: string) => Promise<void>) =>
    bench.withDatabase((full) => bench.withDatabase((bare) => work(full, bare)));
  const taken = { full: [] as number[], bare: [] as number[] };
  await prepared((fullUrl, bareUrl) =>
    withEmptyStream(bench.natsUrl, bench.plan, async () => {
      await withTables(bench, fullUrl, key);
      await withTables(bench, bareUrl);
      const full = await startIngest(bench, fullUrl);
      const bare = await startIngest(bench, bareUrl, [withoutMetrics]);
      try {
        const turns = { full: () => turnOf(full, bodies, key), bare: () => turnOf(bare, bodies) };
        for (let warming = 0; warming < 2; warming += 1) {
          await turns.full();
          await turns.bare();
        }
        for (let turn = 0; turn < TURNS * bench.repeats; turn += 1)
          for (const name of turn % 2 === 0 ? (['full', 'bare'] as const) : (['bare', 'full'] as const))
            taken[name].push(await turns[name]());
      } finally {
        await full.process.stop();
        await bare.process.stop();
      }
    }),
  );
  return taken;
}

async function withTables({ plan }: Bench, url: string, key?: string): Promise<void> {
  const store = openStore({ url, max: 1, log: pinoLog({ level: 'silent' }) });
  await applyTables(store, plan);
  const terms = { name: 'bench', scopes: ['ingest'] as const, entities: undefined, rate: undefined };
  if (key !== undefined) await store.ledger.keys.add(plan.pipeline, { ...terms, hash: keyHash(key) });
  await store.close();
}

/** Microseconds of processor for each request of a turn. */
async function turnOf(
  { address, process }: { readonly address: string; readonly process: Child },
  bodies: readonly string[],
  key?: string,
): Promise<number> {
  const before = processorTime(process.pid);
  const result = await autocannon({
    url: address,
    connections: CONNECTIONS,
    duration: TURN,
    requests: bodies.map((body) => ({
      method: 'POST',
      path: '/ingest/Order',
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body,
    })),
  });
  if (result['4xx'] > 0 || result.errors > 0)
    throw new Error(`${result['4xx']} requests were refused, ${result.errors} failed`);
  return ((processorTime(process.pid) - before) * 1e6) / result.requests.total;
}

/** What an ingest role and a worker take while nothing comes. */
async function idleShares(bench: Bench): Promise<{ readonly ingest: number; readonly worker: number }> {
  return bench.withDatabase((url) =>
    withEmptyStream(bench.natsUrl, bench.plan, async () => {
      await withTables(bench, url);
      const ingest = (await startIngest(bench, url)).process;
      const worker = await startChild(
        [`${bench.root}/bin/nomnom`, 'run', bench.file, '--role=worker'],
        { DATABASE_URL: url, NATS_URL: bench.natsUrl, LOG_LEVEL: 'info' },
        /worker started/,
      );
      try {
        await passed(REST);
        const before = [processorTime(ingest.pid), processorTime(worker.pid)];
        await passed(IDLE);
        const [ofIngest = Number.NaN, ofWorker = Number.NaN] = [ingest, worker].map(
          ({ pid }, at) => ((processorTime(pid) - (before[at] ?? Number.NaN)) / IDLE) * 100,
        );
        return { ingest: ofIngest, worker: ofWorker };
      } finally {
        await ingest.stop();
        await worker.stop();
      }
    }),
  );
}

function passed(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
