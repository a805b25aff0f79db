import { PGlite } from '@electric-sql/pglite';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { sessionOver } from '../../../../src/adapters/postgres/session.ts';
import { openStore } from '../../../../src/adapters/postgres/store.ts';
import { tombstoneTableName } from '../../../../src/model/generated-names.ts';
import type { Store } from '../../../../src/ports/store.ts';
import { MIGRATIONS } from '../../../../src/sql/postgres/ledger/migrations.ts';
import type { SqlSession } from '../../../../src/sql/postgres/session.ts';
import { createDatabase, freshDatabase } from '../../../support/database.ts';
import { embeddedFolder } from '../../../support/embedded-folder.ts';
import { memoryLog } from '../../../support/memory-log.ts';

const database = await freshDatabase();
const folder = await embeddedFolder();

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

/** One whose table of tombstones has a shortened name. */
const LONG = 'a_very_long_name_of_a_table_that_is_shortened_with_others';

test.each([
  ['where nomnom has its other tables', undefined],
  ['beside a schema of its own', 'own'],
] as const)(
  'tombstones of a table in public are found under the name without a schema, %s',
  async (_, schema) => {
    const own = schema === undefined ? '' : `${schema}.`;
    const older = await createDatabase(inject('databaseUrl'));
    const store = openStore({
      url: older.url,
      max: 1,
      log: memoryLog(),
      ...(schema === undefined ? {} : { ledgerSchema: schema }),
    });
    onTestFinished(async () => {
      await store.close();
      await older.drop();
    });
    await migrate(store);
    const shortened = 'nomnom_deleted_public_a_very_long_name_o_b75b8847_d_with_others';
    const known = { '"public"."orders"': {}, [`"public"."${LONG}"`]: {}, '"public"."both"': {} };
    const others = { '"public"."notes"': {}, '"public_notes"': {}, '"app"."orders"': {} };
    await store.sql.query({
      text: `INSERT INTO ${own}nomnom_programs VALUES
      ('shop', 'a', '{}', $1::jsonb, 1, now()), ('notes', 'b', '{}', $2::jsonb, 1, now())`,
      values: [JSON.stringify(known), JSON.stringify(others)],
    });
    for (const name of ['public_orders', 'public_notes', 'public_both', 'both'])
      await store.sql.query({
        text: `CREATE TABLE nomnom_deleted_${name} ("Id" text PRIMARY KEY, "Version" text NOT NULL, deleted_at timestamptz)`,
      });
    await store.sql.query({ text: `CREATE TABLE ${shortened} (id int PRIMARY KEY, deleted_at timestamptz)` });
    await store.sql.query({
      text: `INSERT INTO nomnom_deleted_both VALUES ('old', 'a', now()), ('new', 'b', now())`,
    });
    await store.sql.query({
      text: `INSERT INTO nomnom_deleted_public_both VALUES ('old', 'b', now()), ('new', 'B', now()), ('only', 'a', now())`,
    });
    await store.sql.query({ text: `DELETE FROM ${own}nomnom_migrations WHERE number > 7` });
    await migrate(store);
    const { rows } = await store.sql.query({
      text: `SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'nomnom\\_deleted%' ORDER BY 1`,
    });
    expect(rows.map(({ name }) => name)).toEqual([
      tombstoneTableName({ table: LONG }),
      'nomnom_deleted_both',
      'nomnom_deleted_orders',
      'nomnom_deleted_public_notes',
    ]);
    const { rows: kept } = await store.sql.query({
      text: 'SELECT "Id" AS id, "Version" AS version FROM nomnom_deleted_both ORDER BY 1',
    });
    expect(kept).toEqual([
      { id: 'new', version: 'b' },
      { id: 'old', version: 'b' },
      { id: 'only', version: 'a' },
    ]);
    const [shop, notes] = await Promise.all(
      ['shop', 'notes'].map((name) => store.ledger.programs.read(name, 0)),
    );
    expect(Object.keys(shop?.[0]?.tables ?? {}).sort()).toEqual([`"${LONG}"`, '"both"', '"orders"']);
    expect(Object.keys(notes?.[0]?.tables ?? {}).sort()).toEqual([
      '"app"."orders"',
      '"notes"',
      '"public_notes"',
    ]);
  },
);

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
  const embedded = await PGlite.create({ dataDir: join(folder, 'postgres') });
  onTestFinished(() => embedded.close());
  const over = (client: Pick<PGlite, 'query'>): SqlSession => ({
    async query({ text, values }) {
      const { rows, affectedRows } = await client.query<Record<string, unknown>>(text, [...(values ?? [])]);
      return { rows, rowCount: affectedRows ?? 0 };
    },
  });
  const transaction: Store['transaction'] = (work) =>
    embedded.transaction((session) => work(sessionOver(over(session as unknown as PGlite))));
  const store: Store = {
    ...sessionOver(over(embedded)),
    transaction,
    transactionGivingWay: transaction,
    awaited: async () => [],
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
