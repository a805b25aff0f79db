import { randomUUID } from 'node:crypto';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../src/adapters/postgres/store.ts';
import type { Session } from '../../../../src/ports/store.ts';
import { bindKeys } from '../../../../src/adapters/postgres/ledger/bind-keys.ts';
import { recordDeadLetters } from '../../../../src/adapters/postgres/ledger/record-dead-letters.ts';
import { claim } from '../../../../src/adapters/postgres/ledger/claim.ts';
import { markRetrying } from '../../../../src/adapters/postgres/ledger/mark-retrying.ts';
import { markSuperseded } from '../../../../src/adapters/postgres/ledger/mark-superseded.ts';
import { markUnfinished } from '../../../../src/adapters/postgres/ledger/suspects.ts';
import { migrate } from '../../../../src/adapters/postgres/ledger/migrate.ts';
import { purgePages } from '../../../../src/adapters/postgres/ledger/purge.ts';
import { readOpen } from '../../../../src/adapters/postgres/ledger/read-open.ts';
import { readStatus } from '../../../../src/adapters/postgres/ledger/read-status.ts';
import { recordAccepted } from '../../../../src/adapters/postgres/ledger/record-accepted.ts';
import { createDatabase } from '../../../support/database.ts';
import { memoryLog } from '../../../support/memory-log.ts';

const ROWS = 60_000;

const entry = (messageId: string = randomUUID()) => ({
  messageId,
  pipeline: 'shop',
  entity: 'Order',
  generation: 0,
  receivedAt: 1,
});
const error = { code: 'too_long', message: 'too long', entity: 'Order', field: '', pointer: '' };

const statements: Readonly<Record<string, (session: Session, ids: readonly string[]) => Promise<unknown>>> = {
  claim: (session, ids) => claim(session, ids.map(entry)),
  recordAccepted: (session, ids) => recordAccepted(session, ids.map(entry)),
  readOpen: (session, ids) => readOpen(session, ids.map(entry)),
  markRetrying: (session, ids) =>
    markRetrying(
      session,
      ids.map((id) => ({ ...entry(id), error })),
    ),
  markSuperseded: (session, ids) => markSuperseded(session, ids),
  markUnfinished: (session, ids) => markUnfinished(session, entry(ids[0]), error),
  recordDeadLetters: (session, ids) =>
    recordDeadLetters(
      session,
      ids.map((id) => ({ ...entry(id), error, body: Buffer.from('{}'), headers: {} })),
    ),
  bindKeys: (session, ids) =>
    bindKeys(
      session,
      'shop',
      ids.map((id) => ({ id, hash: 'ab' })),
    ),
  readStatus: (session, ids) => readStatus(session, ids[0] ?? ''),
  purge: (session) => purgePages(session, 'message_status', 'shop', 86_400_000, 0),
};

/** Rows that this connection has read by scanning a table. */
async function scanned(session: Session): Promise<number> {
  const text = `SELECT sum(seq_tup_read)::int AS n FROM pg_stat_xact_user_tables`;
  return Number((await session.sql.query({ text })).rows[0]?.['n']);
}

test.each([
  ['no statistics', ''],
  ['statistics of empty tables', 'ANALYZE'],
])('with %s no statement of the ledger scans a full table', async (_, prepare) => {
  const database = await createDatabase(inject('databaseUrl'));
  // One connection, so that what it learned on empty tables is what it goes by.
  const store = openStore({ url: database.url, max: 1, log: memoryLog() });
  onTestFinished(async () => {
    await store.close();
    await database.drop();
  });
  await migrate(store);
  for (const table of ['message_status', 'dead_letters', 'idempotency_keys'])
    await store.sql.query({ text: `ALTER TABLE ${table} SET (autovacuum_enabled = off)` });
  if (prepare !== '') await store.sql.query({ text: prepare });
  for (const run of Object.values(statements))
    for (let round = 0; round < 8; round += 1)
      await store
        .transaction(async (session) => {
          await run(session, [randomUUID(), randomUUID()]);
          throw new Error('undo');
        })
        .catch(() => {});
  const { rows } = await store.sql.query({
    text: `
WITH added AS (
  INSERT INTO message_status (message_id, pipeline, entity_type, status, received_at, updated_at)
  SELECT gen_random_uuid(), 'shop', 'Order', 'accepted', now(), now() - interval '3 days' FROM generate_series(1, ${ROWS})
  RETURNING message_id
), keys AS (
  INSERT INTO idempotency_keys SELECT message_id, 'shop', '', now() FROM added
)
SELECT message_id AS id FROM added LIMIT 500`,
  });
  const ids = rows.map((row) => String(row['id']));
  for (const [name, run] of Object.entries(statements)) {
    const read = await store.transaction(async (session) => {
      const before = await scanned(session);
      await run(session, ids);
      return (await scanned(session)) - before;
    });
    // The purge reads a range of pages in each step, which counts as a scan.
    expect(read, `${name} scans a table`).toBeLessThan(name === 'purge' ? ROWS / 3 : 100);
  }
});
