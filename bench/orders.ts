import { readFileSync } from 'node:fs';

/** Keys of one copy of the TPC-H orders, which are at most 6,000 at scale factor 0.001. */
const KEYS = 10_000;

/**
 * As many TPC-H orders as asked for, each its own JSON text: the real ones of pipelines/tpch, again and again with
 * other keys.
 */
export function orders(root: string, count: number): readonly string[] {
  const lines = readFileSync(`${root}/pipelines/tpch/order.ndjson`, 'utf8').trimEnd().split('\n');
  return Array.from({ length: count }, (_, at) => {
    const copy = Math.floor(at / lines.length);
    const line = lines[at % lines.length] ?? '';
    return line.replace(
      /"order_key":(\d+)/,
      (_match, key: string) => `"order_key":${Number(key) + copy * KEYS}`,
    );
  });
}
