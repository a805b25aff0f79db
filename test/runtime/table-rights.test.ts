import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { grantsOf, grantStatements } from '../../src/sql/postgres/privileges.ts';
import { createDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

/** A pipeline on a database of its own, whose worker has a user that has exactly the rights of the documentation. */
async function pipeline() {
  const id = randomBytes(4).toString('hex');
  const user = `worker_${id}`;
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'rights.nom');
  writeFileSync(
    file,
    `entity Order { id: int  note: text  store orders { key (id)  upsert on (id) replace } }
entity Hook { id: int  store hooks { key (id)  upsert on (id) keep } }
stream R { subject ingest = "r.{entity}" }
role ingest { publish R.ingest }
role worker { consume R.ingest  linger: 1ms  attempts: 1 }
`,
  );
  const database = await createDatabase(inject('databaseUrl'));
  const admin = openStore({ url: database.url, max: 2, log: memoryLog() });
  const run = async (...texts: readonly string[]) => {
    for (const text of texts) await admin.sql.query({ text });
  };
  onTestFinished(async () => {
    await run(`DROP OWNED BY ${user}`, `DROP ROLE ${user}`);
    await admin.close();
    await database.drop();
  });
  const env = { DATABASE_URL: database.url };
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
  await run(
    `CREATE ROLE ${user} LOGIN PASSWORD 'secret'`,
    ...(['ledger', 'queue'] as const).flatMap((part) => grantStatements(grantsOf('worker', part), user)),
    `GRANT SELECT, INSERT, UPDATE ON orders TO ${user}`,
    // What the statements need, and no more.
    `GRANT SELECT (id), INSERT (id) ON hooks TO ${user}`,
  );
  const url = new URL(database.url);
  [url.username, url.password] = [user, 'secret'];
  const asWorker = { DATABASE_URL: url.href };
  const start = async (role: 'ingest' | 'worker') => {
    const started = startNomnom(['run', file, `--role=${role}`, '--port=0', '--host=127.0.0.1'], {
      env: role === 'ingest' ? env : asWorker,
    });
    onTestFinished(async () => {
      await started.stop('SIGKILL');
    });
    const address = (await started.printed(/"address":"(http:[^"]+)"/))[1] ?? '';
    return { ...started, ready: async () => (await fetch(`${address}/readyz`)).text(), address };
  };
  const rows = async (table: string) =>
    Number((await admin.sql.query({ text: `SELECT count(*) AS n FROM ${table}` })).rows[0]?.['n']);
  const doctor = () => nomnom(['doctor', file, '--role=worker'], { env: asWorker });
  return { file, user, run, start, rows, doctor, asWorker };
}

test('a worker that lacks a right on one table works the other entities, and says which right it lacks', async () => {
  const { file, user, run, start, rows, doctor, asWorker } = await pipeline();
  const ingest = await start('ingest');
  let worker = await start('worker');
  const send = async (entity: string, id: number) => {
    const body = JSON.stringify(entity === 'Order' ? { id, note: 'x' } : { id });
    expect((await fetch(`${ingest.address}/ingest/${entity}`, { method: 'POST', body })).status).toBe(202);
  };
  const written = (table: string, count: number) =>
    until(`${count} rows of ${table}`, async () => (await rows(table)) === count, { within: 30_000 });
  await send('Order', 1);
  await written('orders', 1);
  expect(await worker.ready()).toBe('{"status":"ready"}');

  await run(`REVOKE UPDATE ON orders FROM ${user}`);
  await until('a worker that says what it lacks', async () =>
    /degraded.*UPDATE on orders/.test(await worker.ready()),
  );
  await send('Order', 2);
  await until('a worker that waits', async () =>
    /not_ready.*permission denied for table orders.*lacks UPDATE on orders/.test(await worker.ready()),
  );
  await send('Hook', 1);
  await written('hooks', 1);
  await worker.printed(/"msg":"paused[^\n]*lacks UPDATE on orders|lacks UPDATE on orders[^\n]*"msg":"paused/);

  // One that is started now does the same.
  await worker.stop('SIGTERM');
  worker = await start('worker');
  expect(worker.output()).toMatch(/table orders: .*lacks UPDATE on orders/);
  await send('Hook', 2);
  await written('hooks', 2);
  const told = await doctor();
  expect(told.status).toBe(1);
  expect(told.out).toMatch(/^fail +privileges +NOM902 table orders: .*lacks UPDATE on orders$/m);
  expect(told.out).not.toContain('hooks');

  await run(`GRANT UPDATE ON orders TO ${user}`);
  await written('orders', 2);
  await until('a worker that is ready', async () => (await worker.ready()) === '{"status":"ready"}', {
    within: 30_000,
  });
  expect((await doctor()).status).toBe(0);

  // One that could write nothing does not start.
  await run(`REVOKE INSERT (id) ON hooks FROM ${user}`, `REVOKE INSERT, UPDATE ON orders FROM ${user}`);
  await worker.stop('SIGTERM');
  const refused = await nomnom(['run', file, '--role=worker', '--port=0'], { env: asWorker });
  expect(refused.status).not.toBe(0);
  expect(refused.err).toMatch(/lacks INSERT on orders, UPDATE on orders/);
  expect(refused.err).toMatch(/lacks INSERT on hooks/);
  expect(refused.err).toContain(`nomnom explain ${file} --permissions`);
});
