import { postBatches } from '../batch-ingest.ts';
import type { Bench, Outcome } from '../bench.ts';
import { median } from '../figures.ts';
import { withBareServer, withIngest, type OrdersServer } from '../ingest-process.ts';
import { postSingly } from '../single-ingest.ts';
import { processorTime } from './processor-time.ts';

interface Load {
  /** Orders a second, once the server is warm. */
  readonly rate: number;
  /** All orders. */
  readonly orders: number;
}

interface IngestRound {
  readonly rate: number;
  /** Microseconds of processor of the server for each order. */
  readonly server: number;
}

/** `POST /ingest/Order` and its batch, beside the least that publishes without a check: `bare-server.ts`. */
export async function ingestPeers(bench: Bench): Promise<Outcome> {
  const singly = async ({ address }: OrdersServer): Promise<Load> => {
    const { rate, requests } = await postSingly(address, bench.orders);
    return { rate, orders: requests };
  };
  const inBatches = async ({ address }: OrdersServer): Promise<Load> => ({
    rate: await postBatches(address, bench.orders),
    orders: bench.orders.length,
  });
  const own = (load: (server: OrdersServer) => Promise<Load>) =>
    withIngest(bench, (server) => underLoad(server, load));
  const bare = (load: (server: OrdersServer) => Promise<Load>) =>
    withBareServer(bench, (server) => underLoad(server, load));
  const rounds: {
    single: IngestRound;
    bareSingle: IngestRound;
    batch: IngestRound;
    bareBatch: IngestRound;
  }[] = [];
  for (let repeat = 0; repeat < bench.repeats; repeat += 1)
    rounds.push({
      single: await own(singly),
      bareSingle: await bare(singly),
      batch: await own(inBatches),
      bareBatch: await bare(inBatches),
    });
  const figures = (
    [
      ['single', 'nomnom, POST /ingest/Order'],
      ['bareSingle', 'bare fastify + publish'],
      ['batch', 'nomnom, POST /ingest/Order/batch'],
      ['bareBatch', 'bare fastify + a publish for each line'],
    ] as const
  ).flatMap(([name, what]) => [
    { id: '', what, value: median(rounds.map((round) => round[name].rate)), unit: 'orders/s' },
    {
      id: '',
      what: `${what}, the server's processor`,
      value: median(rounds.map((round) => round[name].server)),
      unit: 'µs for each order',
    },
  ]);
  return {
    figures,
    ratios: [
      {
        what: 'single ingest / bare',
        value: median(rounds.map(({ single, bareSingle }) => single.rate / bareSingle.rate)),
        target: 1.2,
      },
      {
        what: 'batch ingest / bare',
        value: median(rounds.map(({ batch, bareBatch }) => batch.rate / bareBatch.rate)),
        target: 1,
      },
    ],
  };
}

async function underLoad(
  server: OrdersServer,
  load: (server: OrdersServer) => Promise<Load>,
): Promise<IngestRound> {
  const before = processorTime(server.process.pid);
  const { rate, orders } = await load(server);
  return { rate, server: ((processorTime(server.process.pid) - before) * 1e6) / orders };
}
