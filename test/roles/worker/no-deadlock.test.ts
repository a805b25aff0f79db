import { expect, test } from 'vitest';
import { apply } from './apply-all.ts';
import { planOf } from '../../support/plan.ts';
import { openProgramTables } from './program-tables.ts';

/** Every version counts, so that two versions of one order cannot be written by one statement. */
const plan = planOf(`
  entity Order {
    id:      int
    version: int
    store orders { key (id)  upsert on (id) newest by version }
  }
  derive Tally from Order as o {
    id:      int    = o.id
    written: bigint = 1
    store tallies { key (id)  upsert on (id) add (written) }
  }
`);
const { write, store, message } = await openProgramTables(plan, 4);

const order = (id: number, version: number) => message('Order', { id, version });

const KEYS = Array.from({ length: 30 }, (_, at) => at + 1);

test('batches that meet the same keys in another order, several times each, never deadlock', async () => {
  const rounds = 20;
  const writer = async (keys: readonly number[]): Promise<number> => {
    let applied = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const version = round * 10;
      // Each key twice in a row, so that what comes after it is written after it.
      const batch = keys.flatMap((key) => [order(key, version), order(key, version + 1)]);
      applied += (await apply(store, write, batch)).applied.length;
    }
    return applied;
  };
  const counts = await Promise.all([writer(KEYS), writer(KEYS.toReversed()), writer(KEYS.toReversed())]);
  const { rows } = await store.sql.query({ text: 'SELECT sum(written)::int AS written FROM tallies' });
  expect(rows[0]?.['written']).toBe(counts.reduce((sum, count) => sum + count, 0));
});
