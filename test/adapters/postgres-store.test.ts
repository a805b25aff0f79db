import { connect, createServer, type Socket } from 'node:net';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { codeOfState } from '../../src/adapters/postgres/failure-of.ts';
import type { SqlSession } from '../../src/sql/postgres/session.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { freePort } from '../support/process.ts';
import { openTcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { failureOf } from '../support/failure-of.ts';

const database = await freshDatabase();
const log = memoryLog();
const store = openStore({ url: database.url, max: 4, log });
afterAll(() => store.close());

await store.sql.query({
  text: `
    CREATE TABLE parent (id int PRIMARY KEY);
    CREATE TABLE item (
      id int PRIMARY KEY, parent int REFERENCES parent, note varchar(5), total int CONSTRAINT positive CHECK (total > 0)
    )`,
});

async function count(): Promise<number> {
  const { rows } = await store.sql.query({ text: 'SELECT count(*)::int AS n FROM item' });
  return Number(rows[0]?.['n']);
}

async function pidOf(session: SqlSession): Promise<unknown> {
  return (await session.query({ text: 'SELECT pg_backend_pid() AS pid' })).rows[0]?.['pid'];
}

test('what a transaction wrote is there once it resolves', async () => {
  const before = await count();
  const result = await store.sql.transaction(async (session) => {
    await session.query({ text: 'INSERT INTO item (id) VALUES ($1)', values: [1] });
    return 'done';
  });
  expect(result).toBe('done');
  expect(await count()).toBe(before + 1);
});

test('a transaction whose work rejects writes nothing and gives the error of the work', async () => {
  const before = await count();
  const work = store.sql.transaction(async (session) => {
    await session.query({ text: 'INSERT INTO item (id) VALUES (2)' });
    throw new Error('not this one');
  });
  await expect(work).rejects.toThrow('not this one');
  expect(await count()).toBe(before);
});

test('a failed statement that the work ignored fails the transaction, because COMMIT was answered with ROLLBACK', async () => {
  const before = await count();
  const failure = await failureOf(
    store.sql.transaction(async (session) => {
      await session.query({ text: 'INSERT INTO item (id) VALUES (3)' });
      await session.query({ text: 'INSERT INTO item (id, total) VALUES (4, -1)' }).catch(() => {});
    }),
  );
  expect(failure).toMatchObject({
    code: 'STORE_REFUSED',
    sql: { sqlstate: '23514', constraint: 'positive' },
  });
  expect(await count()).toBe(before);
});

test('statements of a session that are not awaited one by one still run in order', async () => {
  const answers = await store.sql.transaction((session) =>
    Promise.all([1, 2, 3].map((n) => session.query({ text: 'SELECT $1::int AS n', values: [n] }))),
  );
  expect(answers.map(({ rows }) => rows[0]?.['n'])).toEqual([1, 2, 3]);
});

test('a backend that dies in a transaction is a retryable failure, and the store works on', async () => {
  const failure = await failureOf(
    store.sql.transaction(async (session) => {
      const pid = await pidOf(session);
      await store.sql.query({ text: 'SELECT pg_terminate_backend($1)', values: [pid] });
      await session.query({ text: 'SELECT 1' });
    }),
  );
  expect(failure.code).toBe('STORE_UNAVAILABLE');
  expect(failure.retryable).toBe(true);
  expect(await count()).toBeGreaterThanOrEqual(0);
});

test('a backend that dies while its connection is idle costs no process and no statement', async () => {
  const own = openStore({ url: database.url, max: 1, log });
  onTestFinished(() => own.close());
  const pid = await pidOf(own.sql);
  const lost = () => log.lines.filter(({ message }) => message === 'lost a connection to Postgres').length;
  const before = lost();
  await store.sql.query({ text: 'SELECT pg_terminate_backend($1)', values: [pid] });
  await until('the lost connection to be noticed', () => lost() > before);
  expect(await pidOf(own.sql)).not.toBe(pid);
});

test('a server that does not listen is STORE_UNAVAILABLE', async () => {
  const port = await freePort();
  const nowhere = openStore({ url: `postgres://postgres@127.0.0.1:${port}/x`, max: 1, log });
  expect((await failureOf(nowhere.sql.query({ text: 'SELECT 1' }))).code).toBe('STORE_UNAVAILABLE');
});

test('a server that stops answering is STORE_UNAVAILABLE after the statement timeout and the grace', async () => {
  const { port } = new URL(database.url);
  const sockets = new Set<Socket>();
  let silent = false;
  const proxy = createServer((client) => {
    const server = connect(Number(port), '127.0.0.1');
    sockets.add(client).add(server);
    client.on('data', (data) => silent || server.write(data));
    server.on('data', (data) => silent || client.write(data));
    for (const socket of [client, server]) socket.on('error', () => {});
    client.on('close', () => server.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const url = new URL(database.url);
  url.port = String(typeof address === 'object' ? address?.port : address);
  const own = openStore({ url: url.href, max: 1, log, statementTimeout: 100 });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await own.close();
  });
  const failure = await failureOf(
    own.sql.transaction(async (session) => {
      await session.query({ text: 'SELECT 1' });
      silent = true;
      await session.query({ text: 'SELECT 2' });
    }),
  );
  expect(failure.code).toBe('STORE_UNAVAILABLE');
  silent = false;
  expect((await own.sql.query({ text: 'SELECT 3 AS n' })).rows).toEqual([{ n: 3 }]);
});

describe('a line to Postgres that is half open', () => {
  test('costs one timeout, not one for each connection', async () => {
    const proxy = await openTcpProxy(database.url);
    const own = openStore({ url: through(proxy, database.url), max: 4, log, statementTimeout: 1_000 });
    onTestFinished(async () => {
      await own.close();
      await proxy.close();
    });
    // Four connections at once, all idle afterwards.
    await Promise.all(Array.from({ length: 4 }, () => own.sql.query({ text: 'SELECT pg_sleep(0.05)' })));
    expect(proxy.strand()).toBe(4);
    expect((await failureOf(own.sql.query({ text: 'SELECT 1' }))).code).toBe('STORE_UNAVAILABLE');
    // The three idle connections are given up with the first: none of them costs another timeout.
    expect((await own.sql.query({ text: 'SELECT 2 AS n' })).rows).toEqual([{ n: 2 }]);
  });

  test('does not hold up a close, neither from a statement in work nor from an idle connection', async () => {
    const proxy = await openTcpProxy(database.url);
    onTestFinished(() => proxy.close());
    // Without a limit on statements nothing but the close itself can end the waiting one.
    const own = openStore({ url: through(proxy, database.url), max: 2, log, statementTimeout: 0 });
    await Promise.all([1, 2].map(() => own.sql.query({ text: 'SELECT pg_sleep(0.05)' })));
    expect(proxy.strand()).toBe(2);
    const waiting = failureOf(own.sql.query({ text: 'SELECT 1' }));
    // So that it has its connection.
    await new Promise((resolve) => setImmediate(resolve));
    await own.close();
    expect((await waiting).code).toBe('STORE_UNAVAILABLE');
  });
});

test('a statement that takes too long is ended, and may be tried again', async () => {
  const own = openStore({ url: database.url, max: 1, log, statementTimeout: 100 });
  onTestFinished(() => own.close());
  const failure = await failureOf(own.sql.query({ text: 'SELECT pg_sleep(30)' }));
  expect(failure).toMatchObject({ code: 'STORE_CONFLICT', sql: { sqlstate: '57014' } });
});

test('a prepared statement survives a change of its table', async () => {
  await store.sql.query({ text: 'CREATE TABLE shape (a int)' });
  const query = { name: 'read_shape', text: 'SELECT * FROM shape' };
  const own = openStore({ url: database.url, max: 1, log });
  onTestFinished(() => own.close());
  await own.sql.query(query);
  await store.sql.query({ text: 'ALTER TABLE shape ADD COLUMN b int' });
  await failureOf(own.sql.query(query));
  expect((await own.sql.query(query)).rowCount).toBe(0);
});

test('a statement that Postgres refuses names table, column and constraint, and never a value', async () => {
  const missing = await failureOf(
    store.sql.query({ text: 'INSERT INTO item (id, parent) VALUES ($1, $2)', values: [9, 4711] }),
  );
  expect(missing).toMatchObject({
    code: 'STORE_MISSING_PARENT',
    sql: { sqlstate: '23503', table: 'item', constraint: 'item_parent_fkey' },
  });
  const wrong = await failureOf(
    store.sql.query({ text: 'SELECT ($1::text)::int', values: ['secret-value'] }),
  );
  expect(wrong).toMatchObject({ code: 'STORE_REFUSED', sql: { sqlstate: '22P02' } });
  for (const failure of [missing, wrong]) {
    const told = JSON.stringify([
      failure.message,
      failure.stack,
      (failure.cause as Error).stack,
      failure.cause,
    ]);
    expect(told).not.toContain('4711');
    expect(told).not.toContain('secret-value');
  }
});

test.each([
  ['SELECT * FROM nowhere', 'STORE_MISCONFIGURED'],
  ['INSERT INTO item (id) VALUES (77) ON CONFLICT (total) DO NOTHING', 'STORE_MISCONFIGURED'],
  ["INSERT INTO item (id, note) VALUES (77, 'too long')", 'STORE_REFUSED'],
  ["DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$", 'STORE_CONFLICT'],
  ['DO $$ BEGIN RAISE EXCEPTION division_by_zero; END $$', 'STORE_REFUSED'],
  ["DO $$ BEGIN RAISE EXCEPTION 'own' ; END $$", 'STORE_UNEXPECTED'],
])('%s is %s', async (text, code) => {
  expect((await failureOf(store.sql.query({ text }))).code).toBe(code);
});

test('every class of SQLSTATE has the action that the delivery rules give it', () => {
  const codes = Object.fromEntries(
    [
      '08006',
      '53300',
      '57P01',
      '57P03',
      '40001',
      '40P01',
      '55P03',
      '57014',
      '42P10',
      '42501',
      '55000',
      '28P01',
      '3D000',
      '22003',
      '23505',
      '54000',
      '23503',
      '21000',
      'XX000',
      '25006',
      '58030',
      '53100',
      '54001',
      '99999',
    ].map((state) => [state, codeOfState(state)]),
  );
  expect(codes).toEqual({
    '08006': 'STORE_UNAVAILABLE',
    '53300': 'STORE_UNAVAILABLE',
    '57P01': 'STORE_UNAVAILABLE',
    '57P03': 'STORE_UNAVAILABLE',
    '40001': 'STORE_CONFLICT',
    '40P01': 'STORE_CONFLICT',
    '55P03': 'STORE_CONFLICT',
    '57014': 'STORE_CONFLICT',
    '42P10': 'STORE_MISCONFIGURED',
    '42501': 'STORE_MISCONFIGURED',
    '55000': 'STORE_MISCONFIGURED',
    '28P01': 'STORE_MISCONFIGURED',
    '3D000': 'STORE_MISCONFIGURED',
    '22003': 'STORE_REFUSED',
    '23505': 'STORE_REFUSED',
    '54000': 'STORE_REFUSED',
    '23503': 'STORE_MISSING_PARENT',
    '21000': 'STORE_UNEXPECTED',
    XX000: 'STORE_UNEXPECTED',
    '25006': 'STORE_UNAVAILABLE',
    '58030': 'STORE_FAILING',
    '53100': 'STORE_FULL',
    '54001': 'STORE_UNEXPECTED',
    '99999': 'STORE_UNEXPECTED',
  });
});

test.each(['53100', '53300', '57P01', '58030', '08006'])(
  'a function that raises %s does not speak for the server',
  async (state) => {
    const text = `DO $$ BEGIN RAISE EXCEPTION 'own' USING ERRCODE = '${state}'; END $$`;
    expect((await failureOf(store.sql.query({ text }))).code).toBe('STORE_UNEXPECTED');
  },
);

test('what a function raises is never told, whatever SQLSTATE it chooses', async () => {
  for (const state of ['P0001', '58030', '22023', '23514', 'XX000']) {
    const failure = await failureOf(
      store.sql.query({ text: `DO $$ BEGIN RAISE EXCEPTION 'a secret' USING ERRCODE = '${state}'; END $$` }),
    );
    expect(failure.sql?.sqlstate).toBe(state);
    expect(failure.message).toContain(state);
    expect(JSON.stringify([failure.message, (failure.cause as Error).stack])).not.toContain('secret');
  }
});

test('a statement prepared for an older shape of its table is a conflict, another 0A000 is not', async () => {
  await store.sql.query({ text: 'CREATE TABLE older (a int)' });
  const own = openStore({ url: database.url, max: 1, log });
  onTestFinished(() => own.close());
  const query = { name: 'read_older', text: 'SELECT * FROM older' };
  await own.sql.query(query);
  await store.sql.query({ text: 'ALTER TABLE older ADD COLUMN b int' });
  expect(await failureOf(own.sql.query(query))).toMatchObject({
    code: 'STORE_CONFLICT',
    sql: { sqlstate: '0A000' },
  });
  const other = await failureOf(store.sql.query({ text: 'SELECT count(*) FROM older FOR UPDATE' }));
  expect(other).toMatchObject({ code: 'STORE_UNEXPECTED', sql: { sqlstate: '0A000' } });
});

test('numbers, times and JSON come back as Postgres prints them, digit for digit', async () => {
  const { rows } = await store.sql.query({
    text: `SELECT 9007199254740993::int8 AS big, 0.10::numeric AS exact, '{"a": 1e400}'::json AS doc,
      '2024-02-29 23:59:59.123456+02'::timestamptz AS at, '2024-02-29'::date AS day, 7 AS small, true AS yes,
      ARRAY[9007199254740993::int8] AS bigs, ARRAY['2024-02-29'::date] AS days, '\\x00ff'::bytea AS raw`,
  });
  expect(rows[0]).toEqual({
    big: '9007199254740993',
    exact: '0.10',
    doc: '{"a": 1e400}',
    at: '2024-02-29 21:59:59.123456+00',
    day: '2024-02-29',
    small: 7,
    yes: true,
    bigs: ['9007199254740993'],
    days: ['2024-02-29'],
    raw: Buffer.from([0, 255]),
  });
});

test('sessions have our settings, whatever the database has as its defaults', async () => {
  await store.sql.query({
    text: `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET timezone = 'Asia/Tokyo'`,
  });
  const own = openStore({ url: database.url, max: 1, log });
  onTestFinished(() => own.close());
  const { rows } = await own.sql.query({
    text: `SELECT current_setting('timezone') AS zone, current_setting('application_name') AS name`,
  });
  expect(rows).toEqual([{ zone: 'UTC', name: 'nomnom' }]);
});
