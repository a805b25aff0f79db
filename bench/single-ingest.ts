import autocannon from 'autocannon';
import { subjectOf } from '../src/plan/plan.ts';
import type { Bench } from './bench.ts';
import { startChild } from './child.ts';
import { ADDRESS, withIngest } from './ingest-process.ts';
import { withEmptyStream } from './messages.ts';

const CONNECTIONS = 32;
const SECONDS = 5;

/** (d) Requests a second of a bare fastify that publishes to JetStream. */
export function bareSingle({ root, plan, orders, natsUrl }: Bench): Promise<number> {
  return withEmptyStream(natsUrl, plan, async () => {
    const publish = plan.roles.find((role) => role.publishes.length > 0)?.publishes[0];
    const server = await startChild(
      [
        `${root}/bench/bare-server.ts`,
        natsUrl,
        publish?.stream ?? '',
        subjectOf(publish?.template ?? '', 'Order'),
      ],
      {},
      ADDRESS,
    );
    const rate = await load(server.match[1] ?? '', orders);
    await server.stop();
    return rate;
  });
}

/** (d) Requests a second of `POST /ingest/Order`. */
export function singleIngest(bench: Bench): Promise<number> {
  return withIngest(bench, (address) => load(address, bench.orders));
}

async function load(address: string, orders: readonly string[]): Promise<number> {
  const requests = orders.slice(0, 1000).map((body) => ({
    method: 'POST' as const,
    path: '/ingest/Order',
    headers: { 'content-type': 'application/json' },
    body,
  }));
  const shot = (duration: number) =>
    autocannon({ url: address, connections: CONNECTIONS, duration, requests });
  await shot(1);
  const result = await shot(SECONDS);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} requests were refused, ${result.errors} failed`);
  return result.requests.average;
}
