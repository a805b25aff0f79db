import autocannon from 'autocannon';
import { pinoLog } from '../src/adapters/pino-log.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import { keyHash, newKey } from '../src/roles/access/key-text.ts';
import { applyTables } from '../src/roles/setup/apply-tables.ts';
import type { Bench, Outcome } from './bench.ts';
import { startChild, type Child } from './child.ts';
import { drain } from './drain.ts';
import { median } from './figures.ts';
import { startIngest } from './ingest-process.ts';
import { withEmptyStream } from './messages.ts';
import { processorTime } from './peers/processor-time.ts';

const CONNECTIONS = 32;
/** Seconds for which requests are sent. */
const SECONDS = 10;
/** Seconds over which an idle process is watched, and those it has to come to rest. */
const IDLE = 20;
const REST = 3;

/**
 * What metrics and keys cost, in percent of all that the process takes. Both are timed where they are called: two processes with the same program, and two
 * seconds of one, differ by more than they take.
 */
export async function cost(bench: Bench): Promise<Outcome> {
  const ingest: Timed[] = [];
  const workers: Timed[] = [];
  for (let at = 0; at < bench.repeats; at += 1) {
    ingest.push(await timedIngest(bench));
    workers.push(await timedWorker(bench));
  }
  const idle = await idleShares(bench);
  const figure = (what: string, all: readonly Timed[], of: keyof Timed, unit: string) => ({
    id: '',
    what,
    value: median(all.map((each) => each[of])),
    unit,
  });
  const more = (what: string, value: number, target: number) => ({
    what,
    value,
    target,
    most: true as const,
  });
  const share = (all: readonly Timed[]): number =>
    median(all.map(({ processor, metrics, keys }) => ((metrics + keys) / processor) * 100));
  return {
    figures: [
      figure('ingest, processor', ingest, 'processor', 'µs for each request'),
      figure('of that its metrics', ingest, 'metrics', 'µs for each request'),
      figure('and its keys', ingest, 'keys', 'µs for each request'),
      figure('worker, processor', workers, 'processor', 'µs for each order'),
      figure('of that its metrics', workers, 'metrics', 'µs for each order'),
    ],
    ratios: [
      more('keys and metrics of ingest, % of its processor', share(ingest), 3),
      more('metrics of a worker, % of its processor', share(workers), 2),
      more('idle ingest, % of a core', idle.ingest, 0.5),
      more('idle worker, % of a core', idle.worker, 0.5),
    ],
  };
}

/** Microseconds of processor for each message, and those of them that metrics and keys take. */
interface Timed {
  readonly processor: number;
  readonly metrics: number;
  readonly keys: number;
}

const PARTS = /counting metrics took ([\d.e-]+) ms, keys ([\d.e-]+) ms/;

/** A process that says at its end what its parts took: one of the sources, where each part has a module of its own. */
const timed = (bench: Bench): Bench => ({ ...bench, program: `${bench.root}/bin/nomnom` });
const timing = ({ root }: Bench): readonly string[] => [`--import=${root}/bench/timed-parts.ts`];

function partsOf(processor: number, said: Child['said'], count: number): Timed {
  const [, metrics, keys] = said(PARTS) ?? [];
  if (metrics === undefined) throw new Error('the process did not tell what its parts took');
  return {
    processor: (processor * 1e6) / count,
    metrics: (Number(metrics) * 1e3) / count,
    keys: (Number(keys) * 1e3) / count,
  };
}

async function timedWorker(bench: Bench): Promise<Timed> {
  const { processor, said } = await drain(timed(bench), { nodeFlags: timing(bench) });
  return partsOf(processor, said, bench.orders.length);
}

async function timedIngest(bench: Bench): Promise<Timed> {
  const key = newKey();
  return bench.withDatabase((url) =>
    withEmptyStream(bench.natsUrl, bench.plan, async () => {
      await withTables(bench, url, key);
      const { address, process } = await startIngest(timed(bench), url, timing(bench));
      let count: number;
      let processor: number;
      try {
        const before = processorTime(process.pid);
        count = await send(address, bench.orders.slice(0, 1000), key);
        processor = processorTime(process.pid) - before;
      } finally {
        await process.stop();
      }
      return partsOf(processor, process.said, count);
    }),
  );
}

async function withTables({ plan }: Bench, url: string, key?: string): Promise<void> {
  const store = openStore({ url, max: 1, log: pinoLog({ level: 'silent' }) });
  await applyTables(store, plan);
  const terms = { name: 'bench', scopes: ['ingest'] as const, entities: undefined, rate: undefined };
  if (key !== undefined) await store.ledger.keys.add(plan.pipeline, { ...terms, hash: keyHash(key) });
  await store.close();
}

/** Gives how many requests there were. */
async function send(address: string, bodies: readonly string[], key: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const result = await autocannon({
    url: address,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: bodies.map((body) => ({ method: 'POST', path: '/ingest/Order', headers, body })),
  });
  // A busy machine is told so (503), and sent the next one.
  if (result['4xx'] > 0 || result.errors > 0)
    throw new Error(`${result['4xx']} requests were refused, ${result.errors} failed`);
  return result.requests.total;
}

/** What an ingest role and a worker take while nothing comes. */
async function idleShares(bench: Bench): Promise<{ readonly ingest: number; readonly worker: number }> {
  return bench.withDatabase((url) =>
    withEmptyStream(bench.natsUrl, bench.plan, async () => {
      await withTables(bench, url);
      const ingest = (await startIngest(bench, url)).process;
      const worker = await startChild(
        [bench.program, 'run', bench.file, '--role=worker'],
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
