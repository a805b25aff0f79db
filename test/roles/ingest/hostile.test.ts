import fc from 'fast-check';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { planOf } from '../../support/plan.ts';
import { runs } from '../../support/property-runs.ts';
import { ledgerStore, run, type Running } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';

const store = await ledgerStore();

/** Every type of column, a nested list, and a raw entity with a header. */
const plan = planOf(`
shape Line { number: int  note: text? }
entity Order {
  id: bigint
  name: text(20)?
  price: decimal(15, 2)?
  ratio: float?
  paid: bool?
  day: date?
  at: time?
  moment: timestamp?
  token: uuid?
  blob: bytes?
  extra: json?
  tags: text[]?
  lines: Line[]?
  store orders { key (id)  upsert on (id) keep }
}
entity Note {
  filename: text @header("x-filename")
  body: text @body
  store notes { key (filename)  upsert on (filename) keep }
}
stream S { subject ingest = "s.{entity}" }
role ingest { publish S.ingest  body_limit: 4KB  batch_limit: 16KB }
role worker { consume S.ingest }
`);
const role = plan.roles.find(({ name }) => name === 'ingest');
if (role === undefined) throw new Error('there is no ingest role');
const roles = { plan, role };
const prove = () => Promise.resolve();

/** What an answer may be whatever came in: never a fault of the server, never silence. */
const CALM = new Set([202, 400, 403, 404, 405, 408, 413, 415, 422, 431]);

async function stillWell({ get, log }: Running): Promise<void> {
  expect(await get('/healthz')).toMatchObject({ status: 200 });
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
}

const bytes = fc.uint8Array({ maxLength: 400 });
const anyText = fc.string({ unit: 'binary', maxLength: 40 });

/** What mostly fits the entity. */
const wellMeant = fc
  .record(
    {
      id: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }).map(String), fc.maxSafeInteger()),
      name: fc.option(fc.string({ unit: 'grapheme', maxLength: 10 })),
      price: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('12.30', 7, 0.1) }, fc.double({ noNaN: true })),
      ratio: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      paid: fc.boolean(),
      day: fc.constantFrom('2024-02-29', '0001-01-01', '9999-12-31', null),
      moment: fc.constantFrom('2024-02-29T23:59:60Z', '2024-01-01T00:00:00+14:00', null),
      token: fc.option(fc.uuid()),
      blob: fc.base64String({ maxLength: 20 }),
      extra: fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
      tags: fc.array(anyText, { maxLength: 3 }),
      lines: fc.array(fc.record({ number: fc.integer(), note: fc.option(anyText) }), { maxLength: 3 }),
    },
    { requiredKeys: ['id'] },
  )
  .map((value) => JSON.stringify(value));

/** JSON as senders write it, and as they should not. */
const oddJson = fc.oneof(
  { weight: 6, arbitrary: wellMeant },
  fc.json({ maxDepth: 5 }),
  fc.integer({ min: 1, max: 2_000 }).map((depth) => '['.repeat(depth)),
  fc
    .integer({ min: 1, max: 1_000 })
    .map((depth) => `{"extra":${'['.repeat(depth)}${']'.repeat(depth)},"id":1}`),
  fc.constantFrom(
    '{"__proto__":{"id":1}}',
    '{"id":1,"constructor":{"prototype":{"polluted":true}},"extra":{"__proto__":1}}',
    '{"id":1,"id":2}',
    '{"id":1e400}',
    '{"id":9007199254740993}',
    '{"id":1,"name":"\\ud800"}',
    '{"id":1,"name":"\\u0000"}',
    '{"id":1,"price":1e-400}',
    '{"id":1,"price":"NaN"}',
    '{"id":1,"ratio":1e309}',
    '{"id":1,"day":"2023-02-29"}',
    '{"id":1,"moment":"0000-00-00T00:00:00Z"}',
    '{"id":1,"blob":"===="}',
    '\ufeff{"id":1}',
    '{"id":1}garbage',
    "{'id':1}",
    'null',
    '',
  ),
  fc
    .dictionary(
      fc.constantFrom('name', 'price', 'paid', 'extra', 'lines', '__proto__'),
      fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        anyText,
        fc.constantFrom(1e308, -0, 2 ** 53, '1', '2024-01-01'),
      ),
    )
    .map((value) => JSON.stringify({ id: 1, ...value })),
);

test('whatever the body, the answer is calm; what is accepted is stored byte for byte and passes the worker', async () => {
  const queue = scriptedQueue();
  const running = await run(store, queue, roles, { prove });
  const entity = plan.entities.find(({ name }) => name === 'Order');
  const bodies: (readonly [stored: Buffer, sent: Buffer])[] = [];
  const body = fc.oneof(
    oddJson.map((text) => Buffer.from(text)),
    bytes.map((raw) => Buffer.from(raw)),
  );
  await fc.assert(
    fc.asyncProperty(body, fc.boolean(), async (sent, batch) => {
      const before = queue.stored.length;
      const answer = await running.post(`/ingest/Order${batch ? '/batch' : ''}`, sent);
      expect(CALM, JSON.stringify(answer.body)).toContain(answer.status);
      const stored = queue.stored.slice(before);
      const accepted = answer.status !== 202 ? 0 : batch ? Number(answer.body['accepted']) : 1;
      expect(stored).toHaveLength(accepted);
      if (!batch) bodies.push(...stored.map(({ body }) => [Buffer.from(body), sent] as const));
      for (const message of stored) {
        const evaluation = entity?.evaluate({
          body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message.body),
          headers: message.headers,
          messageId: message.messageId,
          receivedAt: message.receivedAt,
        });
        expect(evaluation?.kind).toBe('rows');
      }
    }),
    { numRuns: runs(500) },
  );
  expect(bodies.filter(([stored, sent]) => !stored.equals(sent))).toEqual([]);
  expect(queue.stored.length).toBeGreaterThan(runs(15));
  expect(Object.keys(Object.prototype)).toEqual([]);
  await stillWell(running);
});

test('hostile names in the URL reach no subject: only a declared entity does', async () => {
  const queue = scriptedQueue();
  const running = await run(store, queue, roles, { prove });
  const names = fc.oneof(
    anyText.filter((text) => text.isWellFormed()),
    fc.constantFrom(
      'Order.>',
      '*',
      '>',
      'Order*',
      'order',
      'Order ',
      ' Order',
      'Order\r\nX: y',
      '../Order',
      '..',
      '$JS.API.STREAM.DELETE.S',
      `'; DROP TABLE orders; --`,
      '__proto__',
      'constructor',
      'toString',
      'Order\0',
      'Ｏrder',
    ),
  );
  await fc.assert(
    fc.asyncProperty(names, async (name) => {
      if (name === 'Order') return;
      const answer = await running.post(`/ingest/${encodeURIComponent(name)}`, '{"id":1}');
      expect([400, 404, 405], name).toContain(answer.status);
      const asked = await running.get(`/status/${encodeURIComponent(name)}`);
      expect([400, 404, 405], name).toContain(asked.status);
    }),
    { numRuns: runs(300) },
  );
  expect(queue.stored).toEqual([]);
  await stillWell(running);
});

test('hostile headers change nothing but the value that the entity reads, which is kept as it came', async () => {
  const queue = scriptedQueue();
  const running = await run(store, queue, roles, { prove });
  // What HTTP lets into a header value, read as Latin-1.
  const value = fc
    .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff })), {
      minLength: 1,
      maxLength: 60,
    })
    .map((codes) => String.fromCharCode(...codes).trim())
    .filter((text) => text !== '');
  await fc.assert(
    fc.asyncProperty(value, value, async (filename, key) => {
      const before = queue.stored.length;
      const headers = {
        'x-filename': filename,
        'idempotency-key': key,
        'nats-msg-id': 'x',
        'nomnom-message-id': 'x',
      };
      const answer = await running.post('/ingest/Note', 'text', headers);
      expect([202, 400, 422]).toContain(answer.status);
      const stored = queue.stored.slice(before);
      expect(stored).toHaveLength(answer.status === 202 ? 1 : 0);
      expect(stored.map(({ headers }) => headers)).toEqual(stored.map(() => ({ 'x-filename': filename })));
    }),
    { numRuns: runs(300) },
  );
  await stillWell(running);
});

test('bytes that are no HTTP get an answer or a closed line, and nobody else notices', async () => {
  const running = await run(store, scriptedQueue(), roles, { prove });
  const { port, hostname } = new URL(running.ingest.address);
  const request =
    'POST /ingest/Order HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{"id":1}';
  const statuses = new Set<number>();
  const mutated = fc
    .tuple(fc.nat(request.length), fc.nat(20), bytes)
    .map(([at, cut, put]) =>
      Buffer.concat([
        Buffer.from(request.slice(0, at)),
        put.subarray(0, 20),
        Buffer.from(request.slice(at + cut)),
      ]),
    );
  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, mutated), async (sent) => {
      const answer = await exchange(Number(port), hostname, Buffer.from(sent));
      if (answer !== '') statuses.add(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]));
    }),
    { numRuns: runs(300) },
  );
  expect(statuses.isSubsetOf(CALM)).toBe(true);
  expect(statuses.size).toBeGreaterThan(1);
  await stillWell(running);
});

/** Sends bytes, ends the line, and gives everything that came back. */
function exchange(port: number, host: string, sent: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, host, () => socket.end(sent));
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}
