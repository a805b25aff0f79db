import autocannon from 'autocannon';
import type { Bench, Outcome } from './bench.ts';
import { median, percentile } from './figures.ts';
import { withIngest } from './ingest-process.ts';
import { type Answered, openLoad } from './open-load.ts';

const PATH = '/ingest/Order';
const CONNECTIONS = 32;
const SECONDS = 5;
/** Of each load: in the first tenth of a second nobody can tell too much from many at once, which all is accepted. */
const LOAD_SECONDS = 15;
/** Lines of an order: evaluating one takes ingest more than sending it takes the client, so that the client can send three times as many. */
const LINES = 40;
/** What a process may take, in MB, as for a worker. */
const MEMORY = 250;
/** Milliseconds in which every request has its answer. */
const BOUND = 1_000;

interface Round {
  readonly capacity: number;
  readonly half: Answered;
  readonly triple: Answered;
  readonly memory: number;
}

/** What ingest does at half of what it can, and at three times that. */
export async function overload(bench: Bench): Promise<Outcome> {
  const bodies = bench.orders.slice(0, 500).map(longOrder);
  const rounds: Round[] = [];
  for (let at = 0; at < bench.repeats; at += 1)
    rounds.push(
      await withIngest(bench, async ({ address, process }) => {
        const capacity = await capacityOf(address, bodies);
        const load = (share: number) =>
          openLoad({ address, path: PATH, bodies, rate: capacity * share, seconds: LOAD_SECONDS });
        const half = await load(0.5);
        const triple = await load(3);
        return { capacity, half, triple, memory: process.peakMemory() };
      }),
    );
  const of = (value: (round: Round) => number): number => median(rounds.map(value));
  const p99 = (times: readonly number[]): number => percentile(times, 0.99);
  const slowest = ({ triple }: Round): number => Math.max(...[triple.accepted, triple.refused].map(highest));
  const unanswered = rounds.reduce((sum, { half, triple }) => sum + half.other + triple.other, 0);
  const memory = Math.max(...rounds.map((round) => round.memory));
  const figure = (what: string, value: number, unit: string) => ({ id: '', what, value, unit });
  return {
    figures: [
      figure(
        `POST ${PATH}, orders of ${LINES} lines: capacity`,
        of(({ capacity }) => capacity),
        'requests/s',
      ),
      figure(
        'at half of it, p99 of accepted requests',
        of(({ half }) => p99(half.accepted)),
        'ms',
      ),
      figure(
        'at half of it, refused',
        of(({ half }) => half.refused.length),
        'requests',
      ),
      figure(
        'at three times it, accepted',
        of(({ triple }) => triple.accepted.length / LOAD_SECONDS),
        'requests/s',
      ),
      figure(
        'at three times it, found all connections taken',
        of(({ triple }) => triple.unsent / LOAD_SECONDS),
        'requests/s',
      ),
      figure(
        'at three times it, refused',
        of(({ triple }) => triple.refused.length / LOAD_SECONDS),
        'requests/s',
      ),
      figure(
        'at three times it, p99 of accepted requests',
        of(({ triple }) => p99(triple.accepted)),
        'ms',
      ),
      figure(
        'at three times it, p99 of refused requests',
        of(({ triple }) => p99(triple.refused)),
        'ms',
      ),
    ],
    ratios: [
      {
        what: 'p99 of accepted requests, three times / half',
        value: of(({ half, triple }) => p99(triple.accepted) / p99(half.accepted)),
        target: 5,
        most: true,
      },
      { what: 'requests without 202 or 503', value: unanswered, target: 0, most: true },
      {
        what: 'slowest answer at three times, ms',
        value: Math.max(...rounds.map(slowest)),
        target: BOUND,
        most: true,
      },
      {
        what: 'accepted at three times / capacity',
        value: of(({ triple, capacity }) => triple.accepted.length / LOAD_SECONDS / capacity),
        target: 0.5,
      },
      { what: 'memory of ingest, MB', value: memory, target: MEMORY, most: true },
    ],
  };
}

async function capacityOf(address: string, bodies: readonly string[]): Promise<number> {
  const requests = bodies.map((body) => ({
    method: 'POST' as const,
    path: PATH,
    headers: { 'content-type': 'application/json' },
    body,
  }));
  const shot = (duration: number) =>
    autocannon({ url: address, connections: CONNECTIONS, duration, requests });
  await shot(2);
  const result = await shot(SECONDS);
  if (result.errors > 0) throw new Error(`${result.errors} requests failed`);
  return result['2xx'] / result.duration;
}

/** The same order, with its lines again and again under other numbers. */
function longOrder(body: string): string {
  const order = JSON.parse(body) as { readonly line_items: readonly Record<string, unknown>[] };
  const lines = Array.from({ length: LINES }, (_, at) => ({
    ...order.line_items[at % order.line_items.length],
    line_number: at + 1,
    comment: 'said "carefully"',
  }));
  return JSON.stringify({ ...order, line_items: lines });
}

function highest(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), 0);
}
