import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { deadLetterConformance } from './ledger/dead-letters.ts';
import { keyConformance } from './ledger/keys.ts';
import { lostMessageConformance } from './ledger/lost-messages.ts';
import { messageConformance } from './ledger/messages.ts';
import { partitionConformance } from './ledger/partitions.ts';
import { presenceConformance } from './ledger/presence.ts';
import { purgeConformance } from './ledger/purge.ts';

/**
 * What src/ports/ledger.ts promises, for any adapter. `open` gives a store over an empty database of its own, without
 * nomnom's tables; the suite makes them, and closes the store. Each test has a pipeline and messages of its own.
 */
export function ledgerConformance(open: () => Promise<Store>): void {
  describe('ledger', () => {
    let store: Store;
    let made: readonly (readonly string[])[];
    let missing: number;
    const opened = () => store;

    beforeAll(async () => {
      store = await open();
      missing = (await store.ledger.pendingMigrations()).length;
      // Processes start at once.
      made = await Promise.all([1, 2].map(() => migrate(store)));
    });
    afterAll(() => store.close());

    test('of two who make the tables at once one does it, and a repeat does nothing', async () => {
      expect(missing).toBeGreaterThan(0);
      expect(made.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([0, missing]);
      expect(await store.ledger.pendingMigrations()).toEqual([]);
      expect(await migrate(store)).toEqual([]);
    });

    messageConformance(opened);
    deadLetterConformance(opened);
    keyConformance(opened);
    lostMessageConformance(opened);
    partitionConformance(opened);
    presenceConformance(opened);
    purgeConformance(opened);
  });
}

function migrate(store: Store): Promise<readonly string[]> {
  return store.transaction(({ ledger }) => ledger.migrate());
}
