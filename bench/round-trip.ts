import { Client } from 'pg';
import { openTcpProxy, through } from '../test/support/tcp-proxy.ts';
import type { Bench, Outcome } from './bench.ts';
import { median } from './figures.ts';
import { contestants } from './peers/contestants.ts';
import { drainRound } from './peers/drain-round.ts';

/** Milliseconds of a round trip between worker and Postgres, and the share of the rate without them that must remain. */
const TRIPS = [
  { trip: 0, target: 1 },
  { trip: 2.5, target: 0.9 },
  { trip: 12, target: 0.7 },
];

const PINGS = 25;

/** What one worker drains when Postgres is further away. */
export async function roundTrip(bench: Bench): Promise<Outcome> {
  const [nomnom] = contestants;
  if (nomnom === undefined) throw new Error('there is no contestant');
  const rates = TRIPS.map((): number[] => []);
  const pings = TRIPS.map((): number[] => []);
  for (let repeat = 0; repeat < bench.repeats; repeat += 1) {
    for (const [at, { trip }] of TRIPS.entries()) {
      const found = await bench.withDatabase(async (url) => {
        const proxy = await openTcpProxy(url);
        try {
          proxy.slow(trip / 2);
          pings[at]?.push(await ping(through(proxy, url)));
          return await drainRound(bench, nomnom, (databaseUrl) => through(proxy, databaseUrl));
        } finally {
          await proxy.close();
        }
      });
      rates[at]?.push(found.rate);
    }
  }
  const near = median(rates[0] ?? []);
  return {
    figures: TRIPS.map((_, at) => ({
      id: '',
      what: `one worker, a round trip takes ${median(pings[at] ?? []).toFixed(1)} ms`,
      value: median(rates[at] ?? []),
      unit: 'orders/s',
    })),
    ratios: TRIPS.flatMap(({ trip, target }, at) =>
      trip === 0
        ? []
        : [{ what: `rate with ${trip} ms / rate with 0 ms`, value: median(rates[at] ?? []) / near, target }],
    ),
  };
}

/** Milliseconds of a statement that does nothing. */
async function ping(connectionString: string): Promise<number> {
  const client = new Client({ connectionString });
  await client.connect();
  const took: number[] = [];
  for (let at = 0; at < PINGS; at += 1) {
    const started = performance.now();
    await client.query('SELECT 1');
    took.push(performance.now() - started);
  }
  await client.end();
  return median(took);
}
