import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Plan, Row } from '../../src/plan/plan.ts';
import { planOf } from '../support/plan.ts';

const folder = new URL('../../pipelines/', import.meta.url);

function linesOf(name: string): readonly string[] {
  return readFileSync(new URL(`tpch/${name}.ndjson`, folder), 'utf8')
    .trimEnd()
    .split('\n');
}

const files = {
  Region: 'region',
  Nation: 'nation',
  Supplier: 'supplier',
  Customer: 'customer',
  Part: 'part',
  Order: 'order',
} as const;

let plan: Plan;
const rowsOf = new Map<string, Row[]>();
let unknownFields = 0;
const rejections: string[] = [];

beforeAll(() => {
  plan = planOf(readFileSync(new URL('tpch.nom', folder), 'utf8'), 'tpch.nom');
  for (const entity of plan.entities) {
    const file = files[entity.name as keyof typeof files];
    for (const body of linesOf(file)) {
      const result = entity.evaluate({ body, headers: {}, messageId: '', receivedAt: 0 });
      if (result.kind === 'rejected') {
        rejections.push(`${file}: ${result.rejection.message}`);
        continue;
      }
      unknownFields += result.unknownFields;
      for (const write of result.writes) {
        const table = plan.tables[write.table]?.name ?? '';
        rowsOf.set(table, (rowsOf.get(table) ?? []).concat(write.rows));
      }
    }
  }
});

function column(table: string, name: string) {
  const at = plan.tables.find((each) => each.name === table)?.columns.findIndex((each) => each.name === name);
  return (rowsOf.get(table) ?? []).map((row) => row[at ?? -1]);
}

test('every real message is accepted, and no field of it is unknown to the pipeline', () => {
  expect(rejections).toEqual([]);
  expect(unknownFields).toBe(0);
});

test('the messages become exactly the rows of the eight tables', () => {
  expect(Object.fromEntries([...rowsOf].map(([table, rows]) => [table, rows.length]))).toEqual({
    regions: 5,
    nations: 25,
    suppliers: 10,
    customers: 150,
    parts: 200,
    part_suppliers: 800,
    orders: 1500,
    order_line_items: 6005,
  });
});

test('no two rows have the same key, so that every one of them reaches its table', () => {
  for (const table of plan.tables) {
    const rows = rowsOf.get(table.name) ?? [];
    const keys = new Set(rows.map((row) => table.upsert.key.map((at) => String(row[at])).join('|')));
    expect(keys.size, table.name).toBe(rows.length);
  }
});

test('no column of real data is lost: only the version has the same value everywhere and comes from a default', () => {
  for (const table of plan.tables) {
    for (const { name } of table.columns) {
      expect(column(table.name, name), `${table.name}.${name}`).not.toContain(null);
      expect(column(table.name, name), `${table.name}.${name}`).not.toContain(undefined);
    }
  }
  expect(new Set(column('orders', 'version'))).toEqual(new Set([1n]));
});

test('the revenue of every line is exact: its total agrees with the input in whole digits', () => {
  let expected = 0n;
  for (const [, whole, cents, discount] of linesOf('order')
    .join('\n')
    .matchAll(/"extended_price":([0-9]+)\.([0-9]{2}),"discount":0\.([0-9]{2}),/g)) {
    expected += BigInt(`${whole}${cents}`) * (100n - BigInt(discount ?? ''));
  }
  const total = column('order_line_items', 'revenue')
    .map((revenue) => BigInt(String(revenue).replace('.', '')))
    .reduce((all, each) => all + each, 0n);
  expect(expected).toBeGreaterThan(0n);
  expect(total).toBe(expected);
});
