/** What `docs/scaling.md` makes of the ledger of somebody who has very many messages keeps every promise of a ledger. */
import { afterAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { deadLetterConformance } from '../conformance/ledger/dead-letters.ts';
import { entry } from '../conformance/ledger/entries.ts';
import { lostMessageConformance } from '../conformance/ledger/lost-messages.ts';
import { messageConformance } from '../conformance/ledger/messages.ts';
import { purgeConformance } from '../conformance/ledger/purge.ts';
import { blocksOf } from '../docs/blocks.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';

const text = blocksOf('docs/scaling.md').find(({ settings }) => settings['file'] === 'partitions.sql')?.text;
const database = await freshDatabase();
const store = openStore({ url: database.url, max: 4, log: memoryLog() });
afterAll(() => store.close());
await store.transaction(({ ledger }) => ledger.migrate());
const before = entry();
await store.ledger.claim([before]);
await store.sql.query({ text: text ?? 'the page has no partitions.sql' });

describe('a ledger in partitions', () => {
  test('has what it had, and lacks no migration', async () => {
    expect(await store.ledger.readStatus(before.messageId)).toMatchObject({ status: 'completed' });
    expect(await store.ledger.pendingMigrations()).toEqual([]);
    const { rows } = await store.sql.query({
      text: `SELECT count(*)::int AS n FROM pg_partition_tree('message_status') WHERE isleaf`,
    });
    expect(rows).toEqual([{ n: 16 }]);
  });

  messageConformance(() => store);
  deadLetterConformance(() => store);
  lostMessageConformance(() => store);
  purgeConformance(() => store);
});
