import { beforeAll, expect, inject, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { runWholePipeline, type StoredCells } from '../support/whole-pipeline.ts';

let expected: StoredCells;

beforeAll(async () => {
  const plain = await createDatabase(inject('databaseUrl'));
  const ran = await runWholePipeline({
    databaseUrl: plain.url,
    directUrl: plain.url,
    natsUrl: inject('natsUrl'),
  });
  expected = ran.cells;
  await plain.drop();
}, 180_000);

test.each([
  { kind: 'JetStream', poolMode: 'transaction', poolSize: 3 },
  { kind: 'Postgres', poolMode: 'transaction', poolSize: 3 },
  // Each client keeps its connection here, so there must be one for each.
  { kind: 'Postgres', poolMode: 'session', poolSize: 50 },
] as const)(
  'a pipeline over $kind stores the same behind $poolMode pooling of $poolSize connections',
  async ({ kind, poolMode, poolSize }) => {
    const database = await createDatabase(inject('databaseUrl'));
    const pooler = await startPgBouncer({ postgresUrl: database.url, poolMode, poolSize });
    try {
      const found = await runWholePipeline({
        databaseUrl: pooler.url,
        directUrl: database.url,
        natsUrl: kind === 'JetStream' ? inject('natsUrl') : undefined,
      });
      expect(found.cells).toEqual(expected);
      expect(found.cells).toMatchObject({ letters: 9, totals: ['(1,1785.00)'] });
      expect(found.status).toEqual([0, 0, 0]);
      for (const state of ['26000', '42P05', '42P01']) expect(found.log).not.toContain(state);
    } finally {
      await pooler.stop();
      await database.drop();
    }
  },
  180_000,
);
