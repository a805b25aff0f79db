import { PGlite } from '@electric-sql/pglite';
import { expect, inject, onTestFinished, test } from 'vitest';
import { sessionOver } from '../../../../src/adapters/postgres/session.ts';
import { openStore } from '../../../../src/adapters/postgres/store.ts';
import type { Store } from '../../../../src/ports/store.ts';
import { MIGRATIONS } from '../../../../src/sql/postgres/ledger/migrations.ts';
import type { SqlSession } from '../../../../src/sql/postgres/session.ts';
import { createDatabase, freshDatabase } from '../../../support/database.ts';
import { memoryLog } from '../../../support/memory-log.ts';

const database = await freshDatabase();

const migrate = (store: Store) => store.transaction(({ ledger }) => ledger.migrate());

test('processes that start at once make the tables once, and a repeat does nothing', async () => {
  const stores = [1, 2, 3, 4].map(() => openStore({ url: database.url, max: 1, log: memoryLog() }));
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  const [store] = stores as unknown as [Store];
  expect(await store.ledger.pendingMigrations()).toEqual(MIGRATIONS);
  const done = await Promise.all(stores.map(migrate));
  expect(done.flat()).toHaveLength(MIGRATIONS.length);
  expect(await store.ledger.pendingMigrations()).toEqual([]);
  expect(await migrate(store)).toEqual([]);
});

test('tables of an older version are completed, and what they hold stays', async () => {
  const older = await createDatabase(inject('databaseUrl'));
  const store = openStore({ url: older.url, max: 1, log: memoryLog() });
  onTestFinished(async () => {
    await store.close();
    await older.drop();
  });
  const [first, ...later] = MIGRATIONS;
  for (const text of first?.statements ?? []) await store.sql.query({ text });
  await store.sql.query({
    text: 'CREATE TABLE nomnom_migrations (part text, number integer, name text, applied_at timestamptz)',
  });
  await store.sql.query({ text: `INSERT INTO nomnom_migrations VALUES ('ledger', 1, 'first', now())` });
  await store.sql.query({
    text: `INSERT INTO dead_letters
      (message_id, pipeline, entity_type, generation, body, headers, received_at, failed_at, attempts, error_code, error)
      VALUES (gen_random_uuid(), 'shop', 'Order', 0, '\\x7b7d', '{}', now(), now(), 1, 'failed', '{"code": "failed"}')`,
  });
  expect(await store.ledger.pendingMigrations()).toEqual(later);
  expect(await migrate(store)).toHaveLength(later.length);
  const letters = await store.ledger.deadLetters.newest({ pipeline: 'shop' }, 10);
  expect(letters).toMatchObject([{ entity: 'Order', replayedAt: null, size: 2 }]);
});

test('migrations are numbered from one, without a gap', () => {
  expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, at) => at + 1));
});

test('a change of a status is a heap-only update: no index has a column that changes', async () => {
  const store = openStore({ url: database.url, max: 1, log: memoryLog() });
  onTestFinished(() => store.close());
  await migrate(store);
  const { rows } = await store.sql.query({
    text: `
SELECT c.relname AS index, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_attribute AS a ON a.attrelid = i.indexrelid
WHERE i.indrelid = 'message_status'::regclass AND i.indpred IS NULL GROUP BY 1 ORDER BY 1`,
  });
  expect(rows).toEqual([
    { index: 'message_status_pkey', columns: ['message_id'] },
    { index: 'message_status_received', columns: ['received_at'] },
  ]);
});

test('the embedded Postgres takes the same tables and statements', async () => {
  const embedded = await PGlite.create();
  onTestFinished(() => embedded.close());
  const over = (client: Pick<PGlite, 'query'>): SqlSession => ({
    async query({ text, values }) {
      const { rows, affectedRows } = await client.query<Record<string, unknown>>(text, [...(values ?? [])]);
      return { rows, rowCount: affectedRows ?? 0 };
    },
  });
  const store: Store = {
    ...sessionOver(over(embedded)),
    transaction: (work) =>
      embedded.transaction((session) => work(sessionOver(over(session as unknown as PGlite)))),
    close: () => embedded.close(),
  };
  expect(await migrate(store)).toHaveLength(MIGRATIONS.length);
  expect(await migrate(store)).toEqual([]);
  const message = {
    messageId: '00000000-0000-7000-8000-000000000001',
    pipeline: 'shop',
    entity: 'Order',
    generation: 0,
    receivedAt: 1,
  };
  expect((await store.ledger.claim([message])).size).toBe(1);
  expect((await store.ledger.claim([message])).size).toBe(0);
});
