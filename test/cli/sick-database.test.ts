import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { createDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

interface Running {
  readonly url: string;
  readonly store: PostgresStore;
  readonly output: () => string;
}

/** A process of a role that takes messages and works them, on a database of its own. */
async function runAll(env: Readonly<Record<string, string>>): Promise<Running> {
  const name = `sick_${randomUUID().slice(0, 8)}`;
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), `${name}.nom`);
  writeFileSync(
    file,
    `entity Ping { id: uuid  note: text?  store pings { key (id)  upsert on (id) keep } }
stream ${name.toUpperCase()} { subject ingest = "${name}.{entity}" }
role all { publish ${name.toUpperCase()}.ingest  consume ${name.toUpperCase()}.ingest  attempts: 1 }
`,
  );
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const store = openStore({ url: database.url, max: 2, log: memoryLog() });
  onTestFinished(() => store.close());
  const servers = { DATABASE_URL: database.url, ...env };
  expect(await nomnom(['apply', file, '--yes'], { env: servers })).toMatchObject({ status: 0 });
  const started = startNomnom(['run', file, '--role=all', '--port=0', '--host=127.0.0.1'], { env: servers });
  onTestFinished(async () => {
    await started.stop('SIGKILL');
  });
  const url = (await started.printed(/"address":"(http:[^"]+)"/))[1] ?? '';
  await until('the role to be ready', async () => (await readiness(url)).status === 200, { within: 30_000 });
  return { url, store, output: started.output };
}

async function readiness(url: string) {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.json() };
}

function send(url: string): Promise<Response> {
  return fetch(`${url}/ingest/Ping`, { method: 'POST', body: JSON.stringify({ id: randomUUID() }) });
}

/** Makes every write of the tables fail whose name is like that. */
async function sicken(store: PostgresStore, like: string, drop = false): Promise<void> {
  await store.sql.query({
    text: `CREATE OR REPLACE FUNCTION sicken() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'I/O error' USING ERRCODE = '58030'; END $$`,
  });
  const what = drop
    ? `'DROP TRIGGER IF EXISTS sicken ON %I'`
    : `'CREATE TRIGGER sicken BEFORE INSERT OR UPDATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION sicken()'`;
  await store.sql.query({
    text: `DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE '${like}'
      LOOP EXECUTE format(${what}, name); END LOOP; END $$`,
  });
}

const cure = (store: PostgresStore, like: string) => sicken(store, like, true);

test.each([
  ['JetStream', () => ({ NATS_URL: inject('natsUrl') })],
  ['Postgres', () => ({})],
])('a role over %s is not ready while a table is sick, and says why', async (_kind, env) => {
  const { url, store, output } = await runAll(env());
  await sicken(store, 'pings');
  expect((await send(url)).status).toBe(202);
  const answer = await until('a role that is not ready', async () => {
    const found = await readiness(url);
    return found.status === 503 && found;
  });
  expect(answer.body).toMatchObject({
    reasons: [{ check: 'worker', message: expect.stringContaining('58030') }],
  });
  await cure(store, 'pings');
  await until('the role to be ready again', async () => (await readiness(url)).status === 200, {
    within: 30_000,
  });
  const { rows } = await store.sql.query({ text: 'SELECT status, retry_count FROM message_status' });
  expect(rows).toEqual([{ status: 'completed', retry_count: 0 }]);
  expect(output().match(/"msg":"paused/g)).toHaveLength(1);
  expect(output().match(/"msg":"resumed/g)).toHaveLength(1);
});

test('a queue whose tables are sick refuses messages with 503, and takes them again afterwards', async () => {
  const { url, store } = await runAll({});
  await sicken(store, 'nomnom_queue%');
  const refused = await send(url);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'queue_unavailable' });
  await cure(store, 'nomnom_queue%');
  expect((await send(url)).status).toBe(202);
  await until(
    'a worker that goes on',
    async () => {
      const { rows } = await store.sql.query({ text: 'SELECT count(*)::int AS n FROM pings' });
      return rows[0]?.['n'] === 1;
    },
    { within: 30_000 },
  );
});
