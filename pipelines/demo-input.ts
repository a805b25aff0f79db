import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The TPC-H messages, masters first. */
const files = [
  ['Region', 'region'],
  ['Nation', 'nation'],
  ['Supplier', 'supplier'],
  ['Customer', 'customer'],
  ['Part', 'part'],
  ['Order', 'order'],
] as const;

export function inputs(root: string): readonly { readonly entity: string; readonly path: string }[] {
  return files.map(([entity, file]) => ({ entity, path: join(root, 'pipelines/tpch', `${file}.ndjson`) }));
}

/** Rows that each table must have, counted in the input itself. */
export async function expectedRows(root: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const add = (table: string, count: number): void =>
    void counts.set(table, (counts.get(table) ?? 0) + count);
  for (const { entity, path } of inputs(root)) {
    for (const line of (await readFile(path, 'utf8')).split('\n')) {
      if (line === '') continue;
      const message = JSON.parse(line) as { suppliers?: readonly unknown[]; line_items?: readonly unknown[] };
      add(tables[entity] ?? entity, 1);
      if (message.suppliers !== undefined) add('part_suppliers', message.suppliers.length);
      if (message.line_items !== undefined) add('order_line_items', message.line_items.length);
    }
  }
  return counts;
}

const tables: Readonly<Record<string, string>> = {
  Region: 'regions',
  Nation: 'nations',
  Supplier: 'suppliers',
  Customer: 'customers',
  Part: 'parts',
  Order: 'orders',
};
