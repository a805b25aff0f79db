import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { migrate } from '../../../src/roles/ledger/migrate.ts';
import { createStatements } from '../../../src/roles/setup/ddl.ts';
import { apply } from '../../../src/roles/worker/apply.ts';
import { evaluator } from '../../../src/roles/worker/evaluate.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { writePlan } from '../../../src/roles/worker/write-plan.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';

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
const write = writePlan(plan);
const evaluate = evaluator(plan);
const database = await freshDatabase();
const store = openStore({ url: database.url, max: 4, log: memoryLog() });

beforeAll(async () => {
  await migrate(store);
  for (const text of createStatements(plan)) await store.query({ text });
});
afterAll(() => store.close());

let number = 0;

function order(id: number, version: number): Message {
  number += 1;
  const evaluated = evaluate({
    messageId: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    entity: 'Order',
    generation: 0,
    body: Buffer.from(JSON.stringify({ id, version })),
    headers: {},
    receivedAt: 1_700_000_000_000,
    deliveries: 1,
  });
  if (evaluated.kind === 'failed') throw new Error(evaluated.error.message);
  return evaluated;
}

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
  const { rows } = await store.query({ text: 'SELECT sum(written)::int AS written FROM tallies' });
  expect(rows[0]?.['written']).toBe(counts.reduce((sum, count) => sum + count, 0));
});
