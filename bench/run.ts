/**
 * `npm run bench [-- --messages N --repeats N --only b,c,ordered]`: every figure of one run on the same servers, and the
 * ratios that the project promises. Rows are counted in Postgres. Never a test: machines are noisy.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadPlan } from '../src/cli/program-file.ts';
import { processTerminal } from '../src/cli/terminal.ts';
import { createDatabase } from '../test/support/database.ts';
import { largeProgram } from '../test/support/large-program.ts';
import { provideNats, providePostgres } from '../test/support/servers.ts';
import { batchIngest, rawPublish } from './batch-ingest.ts';
import type { Bench, Outcome } from './bench.ts';
import { checking } from './checking.ts';
import { cost } from './cost.ts';
import { drain } from './drain.ts';
import { editing } from './editing.ts';
import { evaluationOutcome, orderMessages } from './evaluating.ts';
import { median, printFigure, printRatio, type Figure } from './figures.ts';
import { general } from './general.ts';
import { latency } from './latency.ts';
import { outgoing } from './messages.ts';
import { orders } from './orders.ts';
import { ingestPeers } from './peers/ingest-peers.ts';
import { peers } from './peers/peers.ts';
import { overload } from './overload.ts';
import { layOut } from '../packaging/lay-out.ts';
import { poisoned, type Poisoned } from './poison.ts';
import { roundTrip } from './round-trip.ts';
import { bareSingle, singleIngest } from './single-ingest.ts';
import { queueRounds } from './queue-rounds.ts';
import { scaling } from './scaling/scaling.ts';
import { sqlLimit } from './sql-limit.ts';
import { growthOutcome, timePerLine } from './time-per-line.ts';
import { webhooks } from './webhooks.ts';

const { values: flags } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    repeats: { type: 'string', default: '3' },
    only: { type: 'string', default: 'check,edit,eval,b,poison,c,d' },
    peers: { type: 'string' },
    // For `scaling`.
    rows: { type: 'string', default: '1000000' },
    statuses: { type: 'string', default: '500000' },
    data: { type: 'string', default: join(tmpdir(), 'nomnom-scaling') },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const terminal = processTerminal();
const file = `${root}/pipelines/tpch.nom`;
const [postgres, nats, laidOut] = await Promise.all([providePostgres(), provideNats(), layOut()]);
const bench: Bench = {
  root,
  program: join(laidOut.folder, 'bin/nomnom'),
  file,
  plan: loadPlan(file, terminal).plan,
  orders: orders(root, Number(flags.messages)),
  natsUrl: nats.url,
  repeats: Number(flags.repeats),
  withDatabase: async (work) => {
    const database = await createDatabase(postgres.url);
    try {
      return await work(database.url);
    } finally {
      await database.drop();
    }
  },
};

const measurements: Readonly<Record<string, () => Promise<Outcome>>> = {
  check: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nomnom-bench-'));
    const large = join(folder, 'large.nom');
    writeFileSync(large, largeProgram(5000));
    const small = await repeated(() => Promise.resolve(checking(bench.program, file)));
    const big = await repeated(() => Promise.resolve(checking(bench.program, large)));
    rmSync(folder, { recursive: true });
    const growth = growthOutcome(await timePerLine());
    return {
      figures: [
        { id: '', what: 'nomnom check pipelines/tpch.nom, whole process', value: small.value, unit: 's' },
        { id: '', what: 'nomnom check of 5,000 lines, whole process', value: big.value, unit: 's' },
        ...growth.figures,
      ],
      ratios: [
        { what: 'check, seconds', value: small.value, target: 0.5, most: true },
        { what: 'check of 5,000 lines, seconds', value: big.value, target: 1, most: true },
        ...growth.ratios,
      ],
    };
  },
  edit: async () => {
    const small = await repeated(async () => (await editing(5000)).hover);
    const large = await repeated(async () => (await editing(20_000)).findings);
    const figure = (what: string, value: number): Figure => ({ id: '', what, value, unit: 'ms' });
    return {
      figures: [
        figure('an edit in 5,000 lines until its hover is answered', small.value),
        figure('an edit in 20,000 lines until its findings are shown', large.value),
      ],
      ratios: [
        { what: 'an edit in 5,000 lines, milliseconds', value: small.value, target: 100, most: true },
        { what: 'an edit in 20,000 lines, milliseconds', value: large.value, target: 100, most: true },
      ],
    };
  },
  eval: async () =>
    evaluationOutcome(bench, { what: 'one order', messages: orderMessages(bench), target: 2.5 }),
  general: async () => general(bench),
  webhooks: async () => webhooks(bench),
  latency: () => latency(bench),
  rtt: () => roundTrip(bench),
  overload: () => overload(bench),
  cost: () => cost(bench),
  b: async () => {
    const limit = await repeated(() => sqlLimit(bench));
    const memories: number[] = [];
    const drained = await repeated(async () => {
      const { seconds, memory } = await drain(bench);
      memories.push(memory);
      return seconds;
    });
    const count = bench.orders.length;
    return {
      figures: [
        {
          id: 'a',
          what: 'SQL limit: orders upserted from temporary tables',
          value: count / limit.value,
          unit: 'orders/s',
        },
        { id: 'b', what: 'one worker draining JetStream', value: count / drained.value, unit: 'orders/s' },
        { id: '', what: 'memory of the worker, peak', value: Math.max(...memories), unit: 'MB' },
      ],
      ratios: [
        { what: 'b / a', value: limit.value / drained.value, target: 0.5 },
        { what: 'worker memory, MB', value: Math.max(...memories), target: 250, most: true },
      ],
    };
  },
  ordered: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nomnom-bench-'));
    const ordered = join(folder, 'tpch.nom');
    const source = readFileSync(file, 'utf8');
    writeFileSync(ordered, source.replace('entity Order {', 'entity Order {\n  ordered by (order_key)\n'));
    const { plan } = loadPlan(ordered, terminal);
    const free = await repeated(async () => (await drain(bench)).seconds);
    const inOrder = await repeated(async () => (await drain({ ...bench, file: ordered, plan })).seconds);
    rmSync(folder, { recursive: true });
    const rate = (what: string, seconds: number): Figure => ({
      id: '',
      what,
      value: bench.orders.length / seconds,
      unit: 'orders/s',
    });
    return {
      figures: [
        rate('one worker draining JetStream', free.value),
        rate('the same in order by (order_key), 8 partitions', inOrder.value),
      ],
      ratios: [{ what: 'in order / in any order', value: free.value / inOrder.value, target: 0.5 }],
    };
  },
  poison: async () => {
    const found: Poisoned[] = [];
    for (let at = 0; at < bench.repeats; at += 1) found.push(await poisoned(bench));
    const per = (of: (each: Poisoned) => number): number =>
      (median(found.map(of)) * 1e6) / bench.orders.length;
    const [clean, refused, rejected] = [
      per((each) => each.clean),
      per((each) => each.refused),
      per((each) => each.rejected),
    ];
    return {
      figures: [
        { id: '', what: 'one worker, for each order', value: clean, unit: 'µs' },
        { id: '', what: 'with one in 500 that Postgres refuses', value: refused, unit: 'µs' },
        { id: '', what: 'with one in 500 that does not pass its checks', value: rejected, unit: 'µs' },
      ],
      ratios: [
        { what: 'refused by Postgres / clean', value: refused / clean, target: 2, most: true },
        { what: 'rejected / clean', value: rejected / clean, target: 2, most: true },
      ],
    };
  },
  'queue-snapshot': async () => {
    const perRound = 25_000;
    const last = (snapshot: boolean) =>
      repeated(() =>
        bench.withDatabase(async (url) => {
          const seconds = await queueRounds(url, {
            rounds: 12,
            plan: bench.plan,
            messages: () => outgoing(bench.plan, bench.orders.slice(0, perRound)),
            snapshot,
          });
          return seconds.slice(-4).reduce((sum, each) => sum + each, 0) / 4;
        }),
      );
    const [free, held] = [await last(false), await last(true)];
    const rate = (what: string, seconds: number): Figure => ({
      id: '',
      what,
      value: Math.min(perRound, bench.orders.length) / seconds,
      unit: 'messages/s',
    });
    return {
      figures: [
        rate('queue in Postgres: published, leased, acknowledged', free.value),
        rate('the same with a snapshot held for twelve rounds', held.value),
      ],
      ratios: [{ what: 'held / free', value: free.value / held.value, target: 0.8 }],
    };
  },
  peers: () => peers(bench, flags.peers?.split(',')),
  ingest: () => ingestPeers(bench),
  scaling: () =>
    scaling(bench, { rows: Number(flags.rows), statuses: Number(flags.statuses) }, flags.data, (line) =>
      terminal.out(`${line}\n`),
    ),
  c: () =>
    rates(
      'c',
      'raw pipelined JetStream publishing',
      rawPublish,
      'POST /ingest/Order/batch',
      batchIngest,
      'messages/s',
      0.5,
    ),
  d: () =>
    rates('d', 'bare fastify + publish', bareSingle, 'POST /ingest/Order', singleIngest, 'requests/s', 0.7),
};

async function rates(
  id: string,
  bareName: string,
  bare: (bench: Bench) => Promise<number>,
  ownName: string,
  own: (bench: Bench) => Promise<number>,
  unit: string,
  target: number,
): Promise<Outcome> {
  const floor = await repeated(() => bare(bench));
  const ours = await repeated(() => own(bench));
  const figure = (what: string, value: number): Figure => ({ id, what, value, unit });
  return {
    figures: [figure(bareName, floor.value), figure(ownName, ours.value)],
    ratios: [{ what: `${ownName} / ${bareName}`, value: ours.value / floor.value, target }],
  };
}

async function repeated(measure: () => Promise<number>): Promise<{ readonly value: number }> {
  const values: number[] = [];
  for (let at = 0; at < bench.repeats; at += 1) values.push(await measure());
  return { value: median(values) };
}

try {
  terminal.out(`${bench.orders.length} orders, median of ${bench.repeats}\n`);
  for (const name of flags.only.split(',')) {
    const outcome = await measurements[name]?.();
    if (outcome === undefined)
      throw new Error(`there is no measurement ${name}: ${Object.keys(measurements).join(', ')}`);
    for (const figure of outcome.figures) terminal.out(`${printFigure(figure)}\n`);
    for (const note of outcome.notes ?? []) terminal.out(`${note}\n`);
    for (const ratio of outcome.ratios) terminal.out(`${printRatio(ratio)}\n`);
  }
} finally {
  laidOut.remove();
  await Promise.all([postgres.stop(), nats.stop()]);
}
