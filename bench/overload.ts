import autocannon from 'autocannon';
import type { Bench, Outcome } from './bench.ts';
import { percentile } from './figures.ts';
import { withIngest } from './ingest-process.ts';

const SECONDS = 6;
/** Clients that wait for their answers: what a busy server has at once. */
const CLOSED = 32;
/** Clients that do not care how busy the server is. */
const OPEN = 600;
/** Milliseconds after which a client gives up. */
const PATIENCE = 10_000;

/** What clients saw of a server for some seconds. */
interface Seen {
  /** Answers a second. */
  readonly rate: number;
  /** Milliseconds of each request that was accepted. */
  readonly accepted: readonly number[];
  /** Milliseconds of each that got a 503. */
  readonly refused: readonly number[];
  /** Requests with another answer. */
  readonly other: number;
  /** Requests without an answer. */
  readonly unanswered: number;
}

/**
 * What an ingest process does with three times the requests that it can answer: each gets a 202 or a 503 in bounded time, and
 * those that are accepted do not wait much longer than at half load.
 */
export async function overload(bench: Bench): Promise<Outcome> {
  return withIngest(bench, async ({ address, process }) => {
    const send = (connections: number, overallRate?: number) =>
      shoot(address, bench.orders, connections, overallRate);
    await send(CLOSED);
    const full = await send(CLOSED);
    const half = await send(CLOSED, Math.round(full.rate / 2));
    const before = process.peakMemory();
    const triple = await send(OPEN, Math.round(full.rate * 3));
    const p99 = (times: readonly number[]) => percentile(times, 0.99);
    return {
      figures: [
        { id: 'o', what: 'capacity: answers with 32 clients', value: full.rate, unit: 'requests/s' },
        { id: '', what: 'p99 of accepted requests at half of it', value: p99(half.accepted), unit: 'ms' },
        {
          id: '',
          what: 'p99 of accepted requests at three times of it',
          value: p99(triple.accepted),
          unit: 'ms',
        },
        { id: '', what: 'p99 of refused requests (503) then', value: p99(triple.refused), unit: 'ms' },
        { id: '', what: 'accepted then', value: triple.accepted.length / SECONDS, unit: 'requests/s' },
        { id: '', what: 'refused then (503)', value: triple.refused.length / SECONDS, unit: 'requests/s' },
        { id: '', what: 'memory of the process before, peak', value: before, unit: 'MB' },
        { id: '', what: 'memory of the process then, peak', value: process.peakMemory(), unit: 'MB' },
      ],
      ratios: [
        {
          what: 'requests without a 202 or 503',
          value: triple.other + triple.unanswered,
          target: 0,
          most: true,
        },
        {
          what: 'p99 of accepted requests: three times / half of the capacity',
          value: p99(triple.accepted) / p99(half.accepted),
          target: 5,
          most: true,
        },
        {
          what: 'accepted a second: three times the capacity / capacity',
          value: triple.accepted.length / SECONDS / full.rate,
          target: 0.7,
        },
        { what: 'memory, MB', value: process.peakMemory(), target: 512, most: true },
      ],
    };
  });
}

async function shoot(
  address: string,
  orders: readonly string[],
  connections: number,
  overallRate?: number,
): Promise<Seen> {
  const requests = orders.slice(0, 1000).map((body) => ({
    method: 'POST' as const,
    path: '/ingest/Order',
    headers: { 'content-type': 'application/json' },
    body,
  }));
  const accepted: number[] = [];
  const refused: number[] = [];
  let other = 0;
  const options = { url: address, connections, duration: SECONDS, requests, timeout: PATIENCE / 1000 };
  const { errors, timeouts } = await new Promise<autocannon.Result>((resolve, reject) => {
    const shooting = autocannon(
      overallRate === undefined ? options : { ...options, overallRate },
      (error, result) => (error === null || error === undefined ? resolve(result) : reject(error)),
    );
    shooting.on('response', (_client, status, _bytes, ms) => {
      if (status === 202) accepted.push(ms);
      else if (status === 503) refused.push(ms);
      else other += 1;
    });
  });
  const unanswered = errors + timeouts;
  return { rate: (accepted.length + refused.length) / SECONDS, accepted, refused, other, unanswered };
}
