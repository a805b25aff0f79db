import autocannon from 'autocannon';
import type { Bench } from './bench.ts';
import { withBareServer, withIngest } from './ingest-process.ts';

const CONNECTIONS = 32;
const SECONDS = 5;

/** (d) Requests a second of a bare fastify that publishes to JetStream. */
export function bareSingle(bench: Bench): Promise<number> {
  return withBareServer(bench, async ({ address }) => (await postSingly(address, bench.orders)).rate);
}

/** (d) Requests a second of `POST /ingest/Order`. */
export function singleIngest(bench: Bench): Promise<number> {
  return withIngest(bench, async ({ address }) => (await postSingly(address, bench.orders)).rate);
}

export interface PostedSingly {
  /** Requests a second, once the server is warm. */
  readonly rate: number;
  /** All of them. */
  readonly requests: number;
}

export async function postSingly(address: string, orders: readonly string[]): Promise<PostedSingly> {
  const requests = orders.slice(0, 1000).map((body) => ({
    method: 'POST' as const,
    path: '/ingest/Order',
    headers: { 'content-type': 'application/json' },
    body,
  }));
  const shot = (duration: number) =>
    autocannon({ url: address, connections: CONNECTIONS, duration, requests });
  const warming = await shot(1);
  const result = await shot(SECONDS);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} requests were refused, ${result.errors} failed`);
  return { rate: result.requests.average, requests: warming.requests.total + result.requests.total };
}
