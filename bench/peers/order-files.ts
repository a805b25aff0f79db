import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order } from './hand-written/order.ts';
import type { Queue } from './waiting-orders.ts';

/** The messages, a line each, for those who read files and no queue. */
export const orderFile: Queue = ({ orders }, databaseUrl, work) =>
  inFiles({ ORDERS_FILE: orders }, databaseUrl, work);

/** The rows of both tables, a line each, for those who cannot make two tables of one message. */
export const rowFiles: Queue = ({ orders }, databaseUrl, work) => {
  const parsed = orders.map((order) => JSON.parse(order) as Order);
  return inFiles(
    {
      // JSON leaves out what is undefined.
      ORDERS_FILE: parsed.map(({ order_status, order_priority, ...order }) =>
        JSON.stringify({
          ...order,
          status: order_status,
          priority: order_priority,
          version: versionOf(order),
          line_items: undefined,
        }),
      ),
      LINES_FILE: parsed.flatMap((order) =>
        order.line_items.map((line) =>
          JSON.stringify({
            order_key: order.order_key,
            version: versionOf(order),
            ...line,
            revenue: revenueOf(line),
          }),
        ),
      ),
    },
    databaseUrl,
    work,
  );
};

function versionOf({ version = 1 }: Pick<Order, 'version'>): number {
  return version;
}

/** Four digits after the point, exactly: both factors have two. */
function revenueOf({ extended_price, discount = 0 }: Order['line_items'][number]): number {
  return (Math.round(extended_price * 100) * (100 - Math.round(discount * 100))) / 10_000;
}

async function inFiles<T>(
  files: Readonly<Record<string, readonly string[]>>,
  databaseUrl: string,
  work: Parameters<typeof orderFile<T>>[2],
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-bench-'));
  try {
    const paths = Object.entries(files).map(([name, lines]) => {
      const path = join(folder, `${name}.jsonl`);
      writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
      return [name, path] as const;
    });
    return await work({
      env: { ...Object.fromEntries(paths), DATABASE_URL: databaseUrl, FOLDER: folder },
      left: () => Promise.resolve(0),
      saidByWorker: true,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
