import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openStore, type PostgresStore, type StoreOptions } from '../../src/adapters/postgres/store.ts';
import type { SqlSession } from '../../src/sql/postgres/session.ts';
import { freshDatabase } from '../support/database.ts';
import { failureOf } from '../support/failure-of.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { openTcpProxy, type TcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const database = await freshDatabase();

/** No limit on statements: nothing but the watch over silent lines can end one. */
function open(options: Partial<StoreOptions> = {}) {
  const store = openStore({
    url: database.url,
    max: 3,
    log: memoryLog(),
    statementTimeout: 0,
    patience: 100,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

async function proxied(serverUrl = database.url) {
  const proxy = await openTcpProxy(serverUrl);
  onTestFinished(() => proxy.close());
  return { proxy, url: through(proxy, serverUrl) };
}

async function pidOf(session: SqlSession): Promise<unknown> {
  return (await session.query({ text: 'SELECT pg_backend_pid() AS pid' })).rows[0]?.['pid'];
}

/** Makes three connections, and gives their sessions once nobody uses them. */
async function threeIdle(store: PostgresStore): Promise<readonly unknown[]> {
  const pids = await Promise.all(
    [1, 2, 3].map(() =>
      store.sql.transaction(async (session) => {
        await session.query({ text: 'SELECT pg_sleep(0.05)' });
        return pidOf(session);
      }),
    ),
  );
  expect(new Set(pids).size).toBe(3);
  return pids;
}

async function sessions(pids: readonly unknown[]): Promise<number> {
  const { rowCount } = await open().sql.query({
    text: 'SELECT FROM pg_stat_activity WHERE pid = ANY ($1::int4[])',
    values: [pids],
  });
  return rowCount;
}

test('a statement over a half-open line fails, and its session and its locks end, while the server answers over other lines', async () => {
  const { proxy, url } = await proxied();
  const store = open({ url });
  await store.sql.query({ text: 'CREATE TABLE held (id int PRIMARY KEY)' });
  let pid: unknown;
  const failure = await failureOf(
    store.sql.transaction(async (session) => {
      pid = await pidOf(session);
      await session.query({ text: 'INSERT INTO held VALUES (1)' });
      proxy.strand();
      await session.query({ text: 'INSERT INTO held VALUES (2)' });
    }),
  );
  expect(failure.code).toBe('STORE_UNAVAILABLE');
  expect(failure.message).toContain('while the server answers over others');
  await until('the session to end', async () => (await sessions([pid])) === 0);
  await open().sql.query({ text: 'INSERT INTO held VALUES (1)' });
});

/** Bytes of a statement that is never prepared under a name: its text is there, and none, some or most of its value. */
const PARTS = [60, 9_000, 49_000];
const PARTIAL = { text: 'INSERT INTO parts VALUES (1, $1)', values: ['x'.repeat(50_000)] };

async function partsTable(): Promise<void> {
  await open().sql.query({ text: 'DROP TABLE IF EXISTS parts' });
  await open().sql.query({ text: 'CREATE TABLE parts (id int PRIMARY KEY, value text)' });
}

/** Locks the table, and sends a statement of which only the first bytes arrive. */
async function sendPart(store: PostgresStore, proxy: TcpProxy, bytes: number) {
  let pid: unknown;
  const failure = await failureOf(
    store.sql.transaction(async (session) => {
      pid = await pidOf(session);
      await session.query({ text: 'LOCK TABLE parts' });
      proxy.strand(bytes);
      await session.query(PARTIAL);
    }),
  );
  return { failure, pid };
}

test.for(PARTS)(
  'a statement of which only %i bytes reach the server fails, and its session and its locks end',
  async (bytes) => {
    const { proxy, url } = await proxied();
    await partsTable();
    const { failure, pid } = await sendPart(open({ url }), proxy, bytes);
    expect(failure.message).toContain('while the server answers over others');
    await until('the session to end', async () => (await sessions([pid])) === 0);
    await open().sql.query(PARTIAL);
  },
);

test('where the server could not be asked while a line was silent, it is asked as soon as it can be, and ends the session', async () => {
  const { proxy, url } = await proxied();
  await partsTable();
  const sent = sendPart(open({ url, statementTimeout: 1_000 }), proxy, 9_000);
  await until('a part to have come', async () => {
    const text = "SELECT FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'ClientRead'";
    return (await open().sql.query({ text })).rowCount === 1;
  });
  await proxy.cut();
  const { failure, pid } = await sent;
  expect(failure.message).toContain('no answer to a statement in time');
  expect(await sessions([pid])).toBe(1);
  await proxy.restore();
  await until('the session to end', async () => (await sessions([pid])) === 0);
  await open().sql.query(PARTIAL);
});

test('the session of a line that ends only on this side ends too', async () => {
  const { proxy, url } = await proxied();
  await partsTable();
  const store = open({ url, patience: 60_000, statementTimeout: 60_000 });
  let pid: unknown;
  const failure = await failureOf(
    store.sql.transaction(async (session) => {
      pid = await pidOf(session);
      await session.query({ text: 'LOCK TABLE parts' });
      proxy.strand();
      const sent = session.query(PARTIAL);
      proxy.hangUp();
      await sent;
    }),
  );
  expect(failure.code).toBe('STORE_UNAVAILABLE');
  await until('the session to end', async () => (await sessions([pid])) === 0, { within: 10_000 });
});

test('the sessions of idle lines that end only on this side end too', async () => {
  const { proxy, url } = await proxied();
  const store = open({ url });
  const pids = await threeIdle(store);
  expect(proxy.strand()).toBe(3);
  proxy.hangUp();
  await until('the sessions to end', async () => (await sessions(pids)) === 0);
});

test('the idle connections of a half-open line end with it, here and on the server', async () => {
  const { proxy, url } = await proxied();
  const store = open({ url });
  const pids = await threeIdle(store);
  expect(proxy.strand()).toBe(3);
  await failureOf(store.sql.query({ text: 'SELECT 1' }));
  expect((await store.sql.query({ text: 'SELECT 2 AS n' })).rows).toEqual([{ n: 2 }]);
  await until('the sessions to end', async () => (await sessions(pids)) === 0);
});

test('a session that ended without a word is found too', async () => {
  const { proxy, url } = await proxied();
  const store = open({ url });
  const failure = await failureOf(
    store.sql.transaction(async (session) => {
      const pid = await pidOf(session);
      proxy.strand();
      await open().sql.query({ text: 'SELECT pg_terminate_backend($1)', values: [pid] });
      await session.query({ text: 'SELECT 1' });
    }),
  );
  expect(failure.message).toContain('while the server answers over others');
});

describe('behind a pooler of transactions', () => {
  const started = startPgBouncer({ postgresUrl: database.url, poolMode: 'transaction' });
  afterAll(async () => (await started).stop());

  test('a transaction over a half-open line fails, and its locks end', async () => {
    const { proxy, url } = await proxied((await started).url);
    const store = open({ url });
    await open().sql.query({ text: 'CREATE TABLE lent (id int PRIMARY KEY)' });
    const failure = await failureOf(
      store.sql.transaction(async (session) => {
        await session.query({ text: 'INSERT INTO lent VALUES (1)' });
        proxy.strand();
        await session.query({ text: 'INSERT INTO lent VALUES (2)' });
      }),
    );
    expect(failure.message).toContain('while the server answers over others');
    await open().sql.query({ text: 'INSERT INTO lent VALUES (1)' });
  });

  test.for(PARTS)(
    'a statement of which only %i bytes reach the server fails, and its locks end',
    async (bytes) => {
      const { proxy, url } = await proxied((await started).url);
      await partsTable();
      const { failure } = await sendPart(open({ url }), proxy, bytes);
      expect(failure.message).toContain('while the server answers over others');
      await open().sql.query(PARTIAL);
    },
  );

  test('a transaction that does not begin over a half-open line fails', async () => {
    const { proxy, url } = await proxied((await started).url);
    const store = open({ url });
    await store.sql.query({ text: 'SELECT 1' });
    proxy.strand();
    const failure = await failureOf(store.sql.query({ text: 'SELECT 2' }));
    expect(failure.message).toContain('while the server answers over others');
  });
});

test('a transaction that waits for its turn in a pooler is left in peace', async () => {
  const pooler = await startPgBouncer({ postgresUrl: database.url, poolMode: 'transaction', poolSize: 1 });
  onTestFinished(() => pooler.stop());
  const [first, second] = [open({ url: pooler.url }), open({ url: pooler.url })];
  await Promise.all([first, second].map((store) => store.sql.query({ text: 'SELECT 1' })));
  const slow = first.sql.query({ text: 'SELECT pg_sleep(4)' });
  expect((await second.sql.query({ text: 'SELECT 2 AS n' })).rows).toEqual([{ n: 2 }]);
  await slow;
});

test('what takes long on the server is left in peace, also where it waits for a lock', async () => {
  const store = open();
  await store.sql.query({ text: 'CREATE TABLE contested (id int PRIMARY KEY)' });
  let waiting: Promise<unknown> | undefined;
  await store.sql.transaction(async (session) => {
    await session.query({ text: 'LOCK TABLE contested' });
    waiting = open().sql.query({ text: 'INSERT INTO contested VALUES (1)' });
    await store.sql.query({ text: 'SELECT pg_sleep(4)' });
  });
  expect(await waiting).toMatchObject({ rowCount: 1 });
});

test.for([
  ['prepared', { name: 'length' }],
  ['not prepared', {}],
] as const)(
  'a statement that is %s and still on its way over a slow line is no silence',
  async ([, name]) => {
    // Lets 4 MB wait for longer than a look and the next one take.
    const sockets = new Set<Socket>();
    const { port } = new URL(database.url);
    const proxy = createServer((client) => {
      const server = connect(Number(port), '127.0.0.1');
      sockets.add(client).add(server);
      server.pipe(client);
      let held: Promise<unknown> = Promise.resolve();
      client.on('data', (data) => {
        if (data.length > 16_000) held = held.then(() => sleep(60));
        void held.then(() => server.write(data));
      });
      for (const socket of [client, server]) socket.on('error', () => {});
      client.on('close', () => server.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const url = new URL(database.url);
    url.port = String(typeof address === 'object' ? address?.port : address);
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });
    const store = open({ url: url.href });
    // Of a statement that is prepared, nothing comes before its values: the server sees nothing of it until all are there. Of another one
    // it has seen the text.
    const query = { ...name, text: 'SELECT length($1) AS n' };
    await store.sql.query({ ...query, values: ['x'] });
    const startedAt = performance.now();
    const { rows } = await store.sql.query({ ...query, values: ['x'.repeat(4_000_000)] });
    expect(rows).toEqual([{ n: 4_000_000 }]);
    expect(performance.now() - startedAt).toBeGreaterThan(1_500);
  },
);
