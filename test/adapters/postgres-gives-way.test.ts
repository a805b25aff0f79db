import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { MIGRATIONS as QUEUE_MIGRATIONS } from '../../src/adapters/postgres-queue/migrations.ts';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import { MIGRATIONS } from '../../src/sql/postgres/ledger/migrations.ts';
import { queuePlan } from '../conformance/queue-plan.ts';
import { memoryLog } from '../support/memory-log.ts';
import { ownStore } from '../support/own-queue.ts';
import { until } from '../support/until.ts';
import { column, key, planOfTables, ref, table } from '../roles/setup/tables.ts';

const WAITS = `
SELECT FROM pg_stat_activity
WHERE application_name = 'nomnom' AND datname = current_database() AND wait_event_type = 'Lock'`;

async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Without a limit of statements, as `apply` is: such a limit would let writers go on too. */
function patientStore(url: string): PostgresStore {
  const store = openStore({ url, max: 2, log: memoryLog(), statementTimeout: 0 });
  onTestFinished(() => store.close());
  return store;
}

/** Runs `change` while a reader of `name` holds it up, and writers of this table come, of which each has to go on before the reader ends. */
async function besideReader(
  url: string,
  name: string,
  change: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const [reader, writer, watching] = [await connectTo(url), await connectTo(url), await connectTo(url)];
  await reader.query('BEGIN');
  await reader.query(`SELECT FROM ${name}`);
  const changing = change();
  for (let round = 1; round <= 2; round += 1) {
    await until('the change to wait for the lock', async () => (await watching.query(WAITS)).rowCount === 1);
    let written = false;
    const writing = writer
      .query(`BEGIN; LOCK TABLE ${name} IN ROW EXCLUSIVE MODE; COMMIT`)
      .then(() => (written = true));
    await until(`a writer of ${name} to go on`, () => written).catch(async (error: unknown) => {
      await reader.query('ROLLBACK');
      await Promise.all([writing, changing]);
      throw error;
    });
  }
  await reader.query('COMMIT');
  return changing;
}

/** The tables of nomnom as they were before all migrations but the first. */
async function oldLedger(store: PostgresStore): Promise<void> {
  for (const text of MIGRATIONS[0]?.statements ?? []) await store.sql.query({ text });
  await store.sql.query({
    text: 'CREATE TABLE nomnom_migrations (part text, number integer, name text, applied_at timestamptz)',
  });
  await store.sql.query({ text: `INSERT INTO nomnom_migrations VALUES ('ledger', 1, 'first', now())` });
}

test.each(['message_status', 'dead_letters'])(
  'writers go on while a new version of nomnom waits for a reader of %s',
  async (name) => {
    const { store, url } = await ownStore();
    await oldLedger(store);
    const done = await besideReader(url, name, () => applyTables(patientStore(url), planOfTables()));
    expect(done).toHaveLength(MIGRATIONS.length - 1);
    expect(await store.ledger.pendingMigrations()).toEqual([]);
  },
);

test('writers go on while a new version of the queue waits for a reader of its messages', async () => {
  const { store, url } = await ownStore();
  for (const { number, sql } of QUEUE_MIGRATIONS.slice(0, 2)) {
    await store.sql.query({ text: sql });
    await store.sql.query({
      text: `CREATE TABLE IF NOT EXISTS nomnom_queue_migration (number integer PRIMARY KEY, name text NOT NULL)`,
    });
    await store.sql.query({
      text: 'INSERT INTO nomnom_queue_migration VALUES ($1, $2)',
      values: [number, ''],
    });
  }
  const queue = openPostgresQueue({ store: patientStore(url).sql, log: memoryLog() });
  const { plan } = queuePlan();
  const done = await besideReader(url, 'nomnom_queue', () => queue.apply(plan));
  expect(done[0]).toContain('migrated the queue to version 3');
  expect(await queue.differences(plan)).toEqual([]);
});

test('a change that Postgres ends as one of a deadlock is tried again as a whole', async () => {
  const { store, url } = await ownStore();
  const other = await connectTo(url);
  // Postgres ends the one who finds the deadlock: not this one.
  await other.query(`CREATE TABLE a (); CREATE TABLE b (); SET deadlock_timeout = '1h'`);
  await other.query('BEGIN; LOCK TABLE a');
  let waiting: Promise<unknown> | undefined;
  let tries = 0;
  await store.sql.transactionGivingWay(async (session) => {
    tries += 1;
    await session.query({ text: 'LOCK TABLE b' });
    waiting ??= other.query('LOCK TABLE b; COMMIT');
    await session.query({ text: 'LOCK TABLE a' });
    await session.query({ text: 'ALTER TABLE a ADD COLUMN note text' });
  });
  await waiting;
  expect(tries).toBe(2);
  await store.sql.query({ text: 'SELECT note FROM a' });
});

test('a table that this user may refer to, and not lock, gets its foreign key', async () => {
  const user = `refers_${process.pid}`;
  onTestFinished(async () => {
    const admin = new Client({ connectionString: inject('databaseUrl') });
    await admin.connect();
    await admin.query(`DROP ROLE IF EXISTS ${user}`);
    await admin.end();
  });
  const { store, url } = await ownStore();
  const admin = await connectTo(url);
  await admin.query(`CREATE ROLE ${user}; GRANT CREATE, USAGE ON SCHEMA public TO ${user}`);
  await admin.query(`CREATE TABLE orders (id bigint PRIMARY KEY); GRANT REFERENCES ON orders TO ${user}`);
  const own = openStore({ url: `${url}?options=-crole%3D${user}`, max: 2, log: memoryLog() });
  onTestFinished(() => own.close());
  const id = column('id', 'int');
  const orders = table('orders', [id], [key('orders', 'id')], { existing: true });
  const lines = table('lines', [id], [key('lines', 'id')]);
  await applyTables(own, planOfTables(orders, lines));
  const after = { ...lines, refs: [ref('lines_id_fkey', ['id'], 0)] };
  expect(await applyTables(own, planOfTables(orders, after))).toEqual([
    'table lines: add ref (id) -> orders (id)',
  ]);
  const { rows } = await store.sql.query({ text: `SELECT conname FROM pg_constraint WHERE contype = 'f'` });
  expect(rows).toEqual([{ conname: 'lines_id_fkey' }]);
});
