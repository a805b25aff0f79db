import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { freshDatabase } from '../support/database.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 1, log: pinoLog({ level: 'silent' }) });
afterAll(() => store.close());

test('a role that halts on poison ends its process with status 1 and says which message', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'halting.nom');
  writeFileSync(
    file,
    `entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
stream S { subject ingest = "s.{entity}" }
role all { publish S.ingest  consume S.ingest  on_poison: halt }
`,
  );
  const env = { DATABASE_URL: database.url };
  expect(await nomnom(['apply', file, '--yes'], { env })).toMatchObject({ status: 0 });
  await store.sql.query({
    text: `ALTER TABLE pings ADD CHECK (id <> 'aaaaaaaa-0000-4000-8000-000000000000')`,
  });
  const role = startNomnom(['run', file, '--role=all', '--port=0', '--host=127.0.0.1'], { env });
  const ended = new Promise<number | null>((resolve) => role.child.on('close', resolve));
  try {
    const url = (await role.printed(/"address":"(http:[^"]+)"/))[1] ?? '';
    const id = (at: number) => (at === 0 ? 'aaaaaaaa-0000-4000-8000-000000000000' : randomUUID());
    const lines = Array.from({ length: 20 }, (_, at) => JSON.stringify({ id: id(at) }));
    const answer = await fetch(`${url}/ingest/Ping/batch`, { method: 'POST', body: lines.join('\n') });
    const { message_ids: messageIds } = (await answer.json()) as { readonly message_ids: readonly string[] };
    expect(await ended).toBe(1);
    expect(role.output()).toContain(
      `nomnom: a message failed permanently, and the role halts because of \`on_poison: halt\`: Ping ${messageIds[0]}, constraint_violation`,
    );
    const { rows } = await store.sql.query({ text: 'SELECT count(*)::int AS n FROM nomnom_queue' });
    expect(rows[0]?.['n']).toBeGreaterThan(0);
    expect((await store.sql.query({ text: 'SELECT FROM dead_letters' })).rowCount).toBe(0);
  } finally {
    role.child.kill('SIGKILL');
  }
});
