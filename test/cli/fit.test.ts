import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';

const database = await freshDatabase();

test('a file whose settings contradict each other is refused by every command, before a server is asked', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'torn.nom');
  writeFileSync(
    file,
    `entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
stream S { subject ingest = "s.{entity}" }
role ingest { publish S.ingest  body_limit: 2MB  batch_limit: 1MB }
role worker { consume S.ingest  linger: 20s }
`,
  );
  for (const command of [
    ['apply', file, '--yes'],
    ['run', file, '--role=worker'],
  ]) {
    const ran = await nomnom(command, { env: { DATABASE_URL: 'postgres://127.0.0.1:1/none' } });
    expect(ran.status).toBe(1);
    expect(ran.out + ran.err).toContain('error[NOM510]: `linger` is 20s');
  }
});

test('a body limit above what the NATS server takes is told at the start, with both values', async () => {
  const name = `fit_${randomUUID().slice(0, 8)}`;
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), `${name}.nom`);
  writeFileSync(
    file,
    `entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
stream ${name.toUpperCase()} { subject ingest = "${name}.{entity}" }
role ingest { publish ${name.toUpperCase()}.ingest  body_limit: 32MB }
role worker { consume ${name.toUpperCase()}.ingest }
`,
  );
  const env = { DATABASE_URL: database.url, NATS_URL: inject('natsUrl') };
  expect(await nomnom(['apply', file, '--yes'], { env })).toMatchObject({ status: 0 });
  const role = startNomnom(['run', file, '--role=ingest', '--port=0', '--host=127.0.0.1'], { env });
  try {
    await role.printed(/"address":"http/);
    expect(role.output()).toMatch(
      /"level":40.*body_limit is 33554432 bytes, but the queue takes at most \d+/,
    );
  } finally {
    await role.stop();
  }
});
