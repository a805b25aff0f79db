import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';

const order = {
  order_key: 1,
  customer_key: 370,
  order_status: 'O',
  total_price: 172799.49,
  order_date: '1996-01-02',
  line_items: [
    {
      line_number: 1,
      part_key: 1552,
      supplier_key: 93,
      quantity: 17,
      extended_price: 24710.35,
      discount: 0.04,
      tax: 0.02,
      return_flag: 'N',
    },
  ],
};

test('a message becomes its rows without any server; bigint and decimal are strings', async () => {
  const ran = await nomnom(['eval', 'test/examples/tpch.nom', 'Order', '-'], {
    input: JSON.stringify(order),
  });
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(JSON.parse(ran.out)).toEqual({
    rows: {
      orders: [
        {
          order_key: '1',
          customer_key: '370',
          status: 'O',
          total_price: '172799.49',
          order_date: '1996-01-02',
          priority: null,
          version: '1',
          comment: null,
        },
      ],
      order_line_items: [
        {
          line_number: 1,
          part_key: '1552',
          supplier_key: '93',
          quantity: '17.00',
          extended_price: '24710.35',
          discount: '0.04',
          tax: '0.02',
          return_flag: 'N',
          ship_date: null,
          order_key: '1',
          version: '1',
          revenue: '23721.9360',
        },
      ],
    },
  });
});

test('a number that a double cannot hold keeps its digits', async () => {
  const input =
    '{"order_key":9007199254740993,"customer_key":1,"order_status":"F","total_price":9999999999999.99,"order_date":"1996-01-02","line_items":[]}';
  const ran = await nomnom(['eval', 'test/examples/tpch.nom', 'Order'], { input });
  expect(ran.out).toContain('"order_key": "9007199254740993"');
  expect(ran.out).toContain('"total_price": "9999999999999.99"');
});

test('a rejected message says code, entity, field, pointer and message, with exit status 1', async () => {
  const bad = { ...order, line_items: [order.line_items[0], { ...order.line_items[0], quantity: 'many' }] };
  const ran = await nomnom(['eval', 'test/examples/tpch.nom', 'Order'], { input: JSON.stringify(bad) });
  expect(ran.status).toBe(1);
  expect(JSON.parse(ran.out)).toEqual({
    rejected: {
      code: 'invalid_format',
      entity: 'Order',
      field: 'Line.quantity',
      pointer: '/line_items/1/quantity',
      message: expect.stringContaining('expected a decimal') as string,
    },
  });
});

test('the input may be a file, standard input, or the message itself', async () => {
  const body = '{"id":"6f1f3b0e-1111-4222-8333-0123456789ab","sent_at":"2026-01-01T00:00:00Z"}';
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'ping.json');
  writeFileSync(file, body);
  const ways = [
    await nomnom(['eval', 'test/examples/tiny.nom', 'Ping', file]),
    await nomnom(['eval', 'test/examples/tiny.nom', 'Ping'], { input: body }),
    await nomnom(['eval', 'test/examples/tiny.nom', 'Ping', '-'], { input: body }),
    await nomnom(['eval', 'test/examples/tiny.nom', 'Ping', body]),
  ];
  for (const way of ways) {
    expect(way.status).toBe(0);
    expect(JSON.parse(way.out)).toEqual({
      rows: {
        pings: [{ id: '6f1f3b0e-1111-4222-8333-0123456789ab', sent_at: '2026-01-01T00:00:00Z', note: null }],
      },
    });
  }
});

test('a raw body and a header reach the fields that ask for them', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'raw.nom');
  writeFileSync(
    file,
    'entity Note { name: text(40) @header("X-Name")  raw: text @body  store notes { key (name)  upsert on (name) } }',
  );
  const ran = await nomnom(['eval', file, 'Note', '--raw', '--header', 'x-name: first'], {
    input: 'plain text, {not json',
  });
  expect(JSON.parse(ran.out)).toEqual({ rows: { notes: [{ name: 'first', raw: 'plain text, {not json' }] } });
  const missing = await nomnom(['eval', file, 'Note'], { input: 'x' });
  expect(JSON.parse(missing.out)).toMatchObject({ rejected: { code: 'missing', field: 'Note.name' } });
});

test('nothing is evaluated from a program that does not pass', async () => {
  const ran = await nomnom(['eval', 'test/examples/rejected/maybe-null.nom', 'Order'], { input: '{}' });
  expect(ran).toMatchObject({ status: 1, out: '' });
  expect(ran.err).toContain('error[NOM302]');
});

test.each([
  ['an unknown entity', ['eval', 'test/examples/tpch.nom', 'Ordr', '{}'], 'did you mean Order?'],
  [
    '--raw for an entity that takes JSON',
    ['eval', 'test/examples/tiny.nom', 'Ping', '{}', '--raw'],
    'Ping takes JSON',
  ],
  [
    'a header without a colon',
    ['eval', 'test/examples/tiny.nom', 'Ping', '{}', '--header', 'x'],
    '--header takes "name: value"',
  ],
  [
    'an input that is not there',
    ['eval', 'test/examples/tiny.nom', 'Ping', 'nowhere.json'],
    'there is no file nowhere.json',
  ],
])('%s is wrong use', async (_what, args, message) => {
  const ran = await nomnom(args);
  expect(ran.status).toBe(2);
  expect(ran.err).toContain(message);
});

test('a message that deletes shows the keys that it takes away, and the version that they must be older than', async () => {
  const customer = { id: 1, version: 3, email: 'a@example.com', name: 'A', country: 'DE', deleted: true };
  const ran = await nomnom(['eval', 'pipelines/webshop.nom', 'Customer', JSON.stringify(customer)]);
  expect(JSON.parse(ran.out)).toEqual({
    rows: { customers: [] },
    deleted: { customers: [{ id: '1', version: 3 }] },
  });
  const product = { sku: 'TO-0001', name: 'R', category: 'toy', pricing: { net: 1 }, discontinued: true };
  const gone = await nomnom(['eval', 'pipelines/webshop.nom', 'Product', JSON.stringify(product)]);
  expect(JSON.parse(gone.out)).toMatchObject({ deleted: { products: [{ sku: 'TO-0001' }] } });
});
