import { Client } from 'pg';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { partitionConformance } from '../conformance/partition-order.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { type PoolMode, startPgBouncer } from '../support/pgbouncer.ts';
import { openPostgresQueueAt } from '../support/postgres-queue.ts';
import { failureOf } from '../support/failure-of.ts';

const database = await freshDatabase();
const log = memoryLog();

async function pooler(poolMode: PoolMode, poolSize: number): Promise<string> {
  const started = await startPgBouncer({ postgresUrl: database.url, poolMode, poolSize });
  afterAll(() => started.stop());
  return started.url;
}

function openAt(url: string, options: { max?: number; statementTimeout?: number } = {}): PostgresStore {
  const store = openStore({ url, max: 2, log, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** What the next client of the pool finds, other than our own store. */
async function seenByOthers(url: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(`
      SELECT (SELECT json_object_agg(name, setting ORDER BY name) FROM pg_settings WHERE name <> 'transaction_isolation') AS settings,
        (SELECT count(*)::int FROM pg_prepared_statements) AS prepared,
        (SELECT count(*)::int FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory') AS locks,
        (SELECT count(*)::int FROM pg_listening_channels()) AS listening,
        (SELECT count(*)::int FROM pg_class WHERE relpersistence = 't') AS temporary`);
    return rows[0];
  } finally {
    await client.end();
  }
}

describe.each([
  // One connection: whoever comes next has the session of the one before.
  { mode: 'transaction', size: 1 },
  { mode: 'session', size: 1 },
] as const)('behind a pooler of $mode pooling without a reset query', ({ mode, size }) => {
  let url: string;
  const start = pooler(mode, size).then((at) => (url = at));

  /** Session pooling gives the connection to the next client once this one has gone. */
  async function inTurn(works: readonly ((store: PostgresStore) => Promise<void>)[]): Promise<void> {
    await start;
    for (const work of works) {
      const store = openStore({ url, max: 1, log });
      try {
        await work(store);
      } finally {
        await store.close();
      }
    }
  }

  test('two processes use one name for different statements', async () => {
    const ask = (n: number) => async (store: PostgresStore) => {
      const query = { name: 'same', text: `SELECT ${n} + $1::int AS n`, values: [1] };
      expect((await store.sql.query(query)).rows).toEqual([{ n: n + 1 }]);
      await store.sql.transaction(async (session) => {
        expect((await session.query(query)).rows).toEqual([{ n: n + 1 }]);
      });
    };
    await inTurn([ask(1), ask(2), ask(1)]);
  });

  test('another client of the pool sees nothing of ours', async () => {
    await start;
    const before = await seenByOthers(url);
    await inTurn([
      async (store) => {
        await store.sql.query({ name: 'one', text: 'SELECT 1' });
        await store.sql.transaction((session) => session.query({ text: 'SELECT 2' }));
        await failureOf(store.sql.query({ text: 'SELECT 1 / 0' }));
        await failureOf(store.sql.transaction((session) => session.query({ text: 'SELECT 1 / 0' })));
      },
    ]);
    expect(await seenByOthers(url)).toEqual(before);
  });

  test('every statement runs with our settings', async () => {
    const settings = `SELECT current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style,
      current_setting('statement_timeout') AS timeout, current_setting('jit') AS jit`;
    const ours = [{ zone: 'UTC', style: 'ISO, YMD', timeout: '15s', jit: 'off' }];
    await inTurn([
      async (store) => {
        expect((await store.sql.query({ text: settings })).rows).toEqual(ours);
        await store.sql.transaction(async (session) => {
          expect((await session.query({ text: settings })).rows).toEqual(ours);
        });
      },
    ]);
  });

  test('a statement that takes too long ends, alone and in a transaction', async () => {
    await start;
    const store = openAt(url, { max: 1, statementTimeout: 50 });
    const slow = { text: 'SELECT pg_sleep(60)' };
    expect((await failureOf(store.sql.query(slow))).sql?.sqlstate).toBe('57014');
    expect((await failureOf(store.sql.transaction((session) => session.query(slow)))).sql?.sqlstate).toBe(
      '57014',
    );
  });

  test('a refused value rolls back and costs no connection', async () => {
    await inTurn([
      async (store) => {
        await store.sql.query({ text: 'DROP TABLE IF EXISTS item; CREATE TABLE item (n int CHECK (n > 0))' });
        const insert = (n: number) => ({ text: 'INSERT INTO item VALUES ($1)', values: [n] });
        expect((await failureOf(store.sql.query(insert(-1)))).code).toBe('STORE_REFUSED');
        const torn = store.sql.transaction(async (session) => {
          await session.query(insert(1));
          await session.query(insert(-1));
        });
        expect((await failureOf(torn)).code).toBe('STORE_REFUSED');
        await store.sql.query(insert(7));
        expect((await store.sql.query({ text: 'SELECT n FROM item' })).rows).toEqual([{ n: 7 }]);
      },
    ]);
  });
});

test('a pooler of statements is refused in one line, and a parameter that it refuses too', async () => {
  const url = await pooler('statement', 2);
  const refused = await failureOf(openAt(url).sql.query({ text: 'SELECT 1' }));
  expect(refused).toMatchObject({ code: 'STORE_MISCONFIGURED', retryable: false });
  expect(refused.message).toBe(
    'Postgres is not what the plan needs: the pooler in front of it has pool_mode = statement, expected transaction or session',
  );
  const withOptions = await failureOf(
    openAt(`${url}?options=-c%20jit%3Doff`).sql.query({ text: 'SELECT 1' }),
  );
  expect(withOptions).toMatchObject({ code: 'STORE_MISCONFIGURED', retryable: false });
  expect(withOptions.message).toContain('unsupported startup parameter: options');
});

describe('the queue port over Postgres, behind a pooler of three connections', async () => {
  const adapter = { url: await pooler('transaction', 3), open: openPostgresQueueAt };
  partitionConformance(adapter);
});
