import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { expect, inject, onTestFinished, test } from 'vitest';
import { sessionOver } from '../../../../src/adapters/postgres/session.ts';
import { openStore } from '../../../../src/adapters/postgres/store.ts';
import type { Ledger } from '../../../../src/ports/ledger.ts';
import type { SqlSession } from '../../../../src/sql/postgres/session.ts';
import { deadEntry, entry, ERROR } from '../../../conformance/ledger/entries.ts';
import { createDatabase } from '../../../support/database.ts';
import { memoryLog } from '../../../support/memory-log.ts';

const ROWS = 60_000;
const DAY = 86_400_000;
const pipeline = 'shop';

/** What a run of the statements is about: messages, and dead letters. */
interface Known {
  readonly ids: readonly string[];
  readonly letters: readonly string[];
}

type Run = (ledger: Ledger, known: Known) => Promise<unknown>;

/** Each is to read about as many rows as it is asked for, however many the tables hold. */
const narrow: Readonly<Record<string, Run>> = {
  claim: (ledger, { ids }) => ledger.claim(ids.map(entryOf)),
  recordAccepted: (ledger, { ids }) => ledger.recordAccepted(ids.map(entryOf)),
  readOpen: (ledger, { ids }) => ledger.readOpen(ids.map(entryOf)),
  markRetrying: (ledger, { ids }) => ledger.markRetrying(ids.map((id) => ({ ...entryOf(id), error: ERROR }))),
  noteWaiting: (ledger, { ids }) => ledger.noteWaiting(ids.map((id) => ({ ...entryOf(id), error: ERROR }))),
  markSuperseded: (ledger, { ids }) => ledger.markSuperseded(ids),
  markUnfinished: (ledger, { ids }) => ledger.markUnfinished(entryOf(ids[0] ?? ''), ERROR),
  markTogether: (ledger, { ids }) =>
    ledger.markTogether(ids.map((id) => ({ entry: entryOf(id), error: ERROR }))),
  clearUnfinished: (ledger, { ids }) => ledger.clearUnfinished(ids),
  recordDeadLetters: (ledger, { ids }) => ledger.recordDeadLetters(ids.map((id) => deadEntry(entryOf(id)))),
  bindKeys: (ledger, { ids }) =>
    ledger.bindKeys(
      pipeline,
      ids.map((id) => ({ id, hash: 'ab' })),
    ),
  readStatus: (ledger, { ids }) => ledger.readStatus(ids[0] ?? ''),
  'lost.read': (ledger, { ids }) => ledger.lost.read(ids),
  'lost.reopen': (ledger, { ids }) => ledger.lost.reopen(ids.map(entryOf)),
  'deadLetters.count since a moment': (ledger) =>
    ledger.deadLetters.count({ pipeline, since: Date.now() - DAY / 2 }),
  'deadLetters.readFull': (ledger, { letters }) => ledger.deadLetters.readFull(letters),
  'deadLetters.leaseForReplay': (ledger, { letters }) =>
    ledger.deadLetters.leaseForReplay(letters, randomUUID()),
  'deadLetters.standing': (ledger, { letters }) => ledger.deadLetters.standing(letters),
  'deadLetters.finishReplay': (ledger, { letters }) => ledger.deadLetters.finishReplay(letters, randomUUID()),
  'deadLetters.releaseReplay': (ledger, { letters }) =>
    ledger.deadLetters.releaseReplay(letters, randomUUID()),
  'deadLetters.drop': (ledger, { letters }) => ledger.deadLetters.drop(letters, true),
};

/**
 * The same once Postgres has statistics of the tables, which come with the first autovacuum. Before that it reads all dead
 * letters of the pipeline, by an index: for a person, or once in ten minutes.
 */
const browsing: Readonly<Record<string, Run>> = {
  'deadLetters.count of messages': (ledger, { ids }) =>
    ledger.deadLetters.count({ pipeline, messageIds: ids.slice(0, 20) }),
  'deadLetters.newest': (ledger) => ledger.deadLetters.newest({ pipeline }, 50),
  'deadLetters.newest of messages': (ledger, { ids }) =>
    ledger.deadLetters.newest({ pipeline, messageIds: ids.slice(0, 20), replayed: true }, 50),
  'deadLetters.page': (ledger, { letters }) => ledger.deadLetters.page({ pipeline }, letters[0], 500),
  'purge.deadLetters': (ledger) => ledger.purge.deadLetters(pipeline, DAY),
};

/** Each looks through a range of pages of a table, which counts as a scan, or through what is lost, or counts all for a person. */
const stepping: Readonly<Record<string, Run>> = {
  'purge.tryLock': (ledger) => ledger.purge.tryLock(),
  'purge.statuses': (ledger) => ledger.purge.statuses(pipeline, DAY, 0),
  'purge.keys': (ledger) => ledger.purge.keys(pipeline, DAY, 0),
  'lost.tryLock': (ledger) => ledger.lost.tryLock(pipeline),
  'lost.openSince': async (ledger) =>
    ledger.lost.openSince(pipeline, (await ledger.lost.horizon()).number, Date.now()),
  'lost.markSince': async (ledger) =>
    ledger.lost.markSince(
      { pipeline, horizon: (await ledger.lost.horizon()).number, errors: [] },
      Date.now(),
    ),
  'lost.markStretch': async (ledger) =>
    ledger.lost.markStretch({ pipeline, horizon: (await ledger.lost.horizon()).number, errors: [] }, 0),
  'deadLetters.countByCode': (ledger) => ledger.deadLetters.countByCode(pipeline),
  'lost.count': (ledger) => ledger.lost.count(pipeline, undefined),
  'lost.byEntity': (ledger) => ledger.lost.byEntity(pipeline),
};

function entryOf(messageId: string) {
  return entry({ messageId });
}

const every = { ...narrow, ...browsing, ...stepping };

/** Rows that this connection has read by scanning a table, and by an index. */
async function rowsRead(sql: SqlSession): Promise<{ readonly scanned: number; readonly fetched: number }> {
  const text = `
SELECT sum(seq_tup_read)::int AS scanned, sum(coalesce(idx_tup_fetch, 0))::int AS fetched
FROM pg_stat_xact_user_tables`;
  const { rows } = await sql.query({ text });
  return { scanned: Number(rows[0]?.['scanned']), fetched: Number(rows[0]?.['fetched']) };
}

const FILL = `
WITH added AS (
  INSERT INTO message_status (message_id, pipeline, entity_type, status, received_at, updated_at)
  SELECT gen_random_uuid(), 'shop', 'Order', 'accepted', now() - interval '1 day', now() - interval '3 days'
  FROM generate_series(1, ${ROWS})
  RETURNING message_id
), keys AS (
  INSERT INTO idempotency_keys SELECT message_id, 'shop', '', now() FROM added
)
INSERT INTO dead_letters
  (message_id, pipeline, entity_type, generation, body, headers, received_at, failed_at, attempts, error_code, error)
SELECT message_id, 'shop', 'Order', 7, '{}', '{}', now(), now() - interval '3 days', 1, 'too_long', '{}' FROM added`;

test.each([
  { statistics: 'no statistics' },
  { statistics: 'statistics of empty tables', empty: 'ANALYZE' },
  { statistics: 'statistics', full: 'ANALYZE' },
])('with $statistics no statement of the ledger reads a full table', async ({ empty, full }) => {
  const database = await createDatabase(inject('databaseUrl'));
  // One connection, so that what it learned on empty tables is what it goes by.
  const store = openStore({ url: database.url, max: 1, log: memoryLog() });
  onTestFinished(async () => {
    await store.close();
    await database.drop();
  });
  await store.transaction(({ ledger }) => ledger.migrate());
  for (const table of ['message_status', 'dead_letters', 'idempotency_keys'])
    await store.sql.query({ text: `ALTER TABLE ${table} SET (autovacuum_enabled = off)` });
  if (empty !== undefined) await store.sql.query({ text: empty });
  const unknown = { ids: [randomUUID(), randomUUID()], letters: ['1', '2'] };
  // Often enough for Postgres to keep a plan for good.
  for (const run of Object.values(every))
    for (let round = 0; round < 8; round += 1)
      await store
        .transaction(async ({ ledger }) => {
          await run(ledger, unknown);
          throw new Error('undo');
        })
        .catch(() => {});
  await store.sql.query({ text: FILL });
  if (full !== undefined) await store.sql.query({ text: full });
  const { rows } = await store.sql.query({
    text: `SELECT id::text AS id, message_id FROM dead_letters ORDER BY id DESC OFFSET 1000 LIMIT 500`,
  });
  const known = {
    ids: rows.map((row) => String(row['message_id'])),
    letters: rows.map((row) => String(row['id'])),
  };
  const readBy = (run: (ledger: Ledger, of: Known) => Promise<unknown>) =>
    store.sql.transaction(async (sql) => {
      const before = await rowsRead(sql);
      await run(sessionOver(sql).ledger, known);
      const after = await rowsRead(sql);
      return { scanned: after.scanned - before.scanned, fetched: after.fetched - before.fetched };
    });
  const wasteful: string[] = [];
  for (const [name, run] of Object.entries(every)) {
    const { scanned, fetched } = await readBy(run);
    if (scanned > (name in stepping ? (ROWS * 2) / 3 : 100)) wasteful.push(`${name} scans ${scanned} rows`);
    const free = name in stepping || (name in browsing && full === undefined);
    if (fetched > ROWS / 10 && !free) wasteful.push(`${name} reads ${fetched} rows by an index`);
  }
  expect(wasteful).toEqual([]);
});

/** Statements on tables of a few rows, or that run once. */
const OF_SMALL_TABLES = [
  'keys.ts',
  'migrate.ts',
  'migrations.ts',
  'partitions.ts',
  'processes.ts',
  'programs.ts',
];

test('every statement of the ledger on a table that grows is among those', async () => {
  const sent = new Set<string>();
  const sql: SqlSession = {
    query: ({ text }) => {
      sent.add(text);
      // Rows for those that ask first: a table with pages, a letter that was not dropped.
      return Promise.resolve({ rows: [{ pages: 1, id: '0', error: '{}', headers: '{}' }], rowCount: 1 });
    },
  };
  const { ledger } = sessionOver(sql);
  for (const run of Object.values(every)) await run(ledger, { ids: [randomUUID()], letters: ['1'] });
  const folder = new URL('../../../../src/sql/postgres/ledger/', import.meta.url);
  const missing: string[] = [];
  for (const file of readdirSync(folder)) {
    if (OF_SMALL_TABLES.includes(file)) continue;
    const exported = (await import(new URL(file, folder).href)) as Readonly<Record<string, unknown>>;
    for (const [name, value] of Object.entries(exported))
      if (isStatement(value) && !sent.has(value.text)) missing.push(`${file}: ${name}`);
  }
  expect(sent.size).toBeGreaterThan(25);
  expect(missing).toEqual([]);
});

function isStatement(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value;
}
