import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { nomnom } from '../support/nomnom.ts';

const database = await freshDatabase();

test('a role whose settings contradict each other does not start, and says why in a sentence each', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'torn.nom');
  writeFileSync(
    file,
    `entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
stream S { subject ingest = "s.{entity}" }
role ingest { publish S.ingest  body_limit: 2MB  batch_limit: 1MB }
role worker { consume S.ingest  linger: 20s }
`,
  );
  const env = { DATABASE_URL: database.url };
  expect(await nomnom(['apply', file, '--yes'], { env })).toMatchObject({ status: 0 });
  const ran = await nomnom(['run', file, '--role=worker'], { env });
  expect(ran.status).toBe(1);
  expect(ran.err).toContain(
    'nomnom: settings contradict each other: linger is 20000 ms and ack_wait 15000 ms',
  );
});
