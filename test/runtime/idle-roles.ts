import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import { prove } from '../../src/runtime/prove.ts';
import { startRole } from '../../src/runtime/role.ts';
import { openServers } from '../../src/runtime/servers.ts';
import { grantsOf, grantsOn, grantStatements } from '../../src/sql/postgres/privileges.ts';
import type { RoleKind } from '../../src/sql/role-kind.ts';
import { createDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { planOf } from '../support/plan.ts';
import { until } from '../support/until.ts';

const begun = systemClock.now();

/** Pauses of seconds pass twenty times as fast, and what was known gets old faster still; what a server has for its answer does not change. */
const hasty: Clock = {
  now: () => begun + (systemClock.now() - begun) * 100,
  sleep: (ms, signal) => systemClock.sleep(ms > 2_000 ? ms / 20 : ms, signal),
};

export interface IdleOptions {
  /** Has nomnom's own tables. */
  readonly ledgerSchema?: string;
  /** Has those of the program, `sales.`. */
  readonly schema?: string;
}

/** A pipeline whose roles have users with exactly the rights of the documentation. No message comes. */
export async function idlePipeline(
  queue: 'JetStream' | 'Postgres',
  { ledgerSchema, schema = '' }: IdleOptions = {},
) {
  const id = randomBytes(4).toString('hex');
  const plan = planOf(`pipeline p${id}
    stream P${id.toUpperCase()} { subject ingest = "p${id}.ingest.{entity}"  storage: memory }
    role ingest { publish P${id.toUpperCase()}.ingest }
    role worker { consume P${id.toUpperCase()}.ingest  linger: 1ms }
    entity Order { id: int  gone: bool  store ${schema}orders { key (id)  upsert on (id) replace  delete when gone } }
    entity Hook { id: int  on_refused: dead_letter  store ${schema}hooks { key (id)  upsert on (id) keep } }`);
  const database = await createDatabase(inject('databaseUrl'));
  const admin = openStore({ url: database.url, max: 2, log: memoryLog() });
  const users: string[] = [];
  const run = async (...texts: readonly string[]) => {
    for (const text of texts) await admin.sql.query({ text });
  };
  onTestFinished(async () => {
    for (const user of users) await run(`DROP OWNED BY ${user}`, `DROP ROLE ${user}`);
    await admin.close();
    await database.drop();
  });
  const open = async (url: string, log = memoryLog()) => {
    const servers = await openServers({
      ...{ databaseUrl: url, log, connections: 6, name: 'test' },
      ...{ natsUrl: queue === 'JetStream' ? inject('natsUrl') : undefined, ledgerSchema },
    });
    onTestFinished(() => servers.close());
    return servers;
  };
  if (schema !== '') await run(`CREATE SCHEMA ${schema.replace('.', '')}`);
  const owner = await open(database.url);
  await applyTables(owner.store, plan);
  await owner.queue.apply(plan);

  const parts =
    queue === 'Postgres' ? (['ledger', 'queue', 'refused'] as const) : (['ledger', 'refused'] as const);
  const start = async (kind: RoleKind) => {
    const user = `${kind}_${id}`;
    const grants: Readonly<Record<string, readonly string[]>> = Object.assign(
      {},
      ...parts.map((part) => grantsOf(kind, part)),
      ...(kind === 'worker' ? plan.tables.map(grantsOn) : []),
    );
    await run(`CREATE ROLE ${user} LOGIN PASSWORD 'secret'`);
    users.push(user);
    for (const name of [ledgerSchema, schema.replace('.', '')])
      if (name !== undefined && name !== '') await run(`GRANT USAGE ON SCHEMA ${name} TO ${user}`);
    for (const part of parts) await run(...grantStatements(grantsOf(kind, part), user, ledgerSchema));
    if (kind === 'worker')
      for (const table of plan.tables) await run(...grantStatements(grantsOn(table), user));
    const url = new URL(database.url);
    [url.username, url.password] = [user, 'secret'];
    const log = memoryLog();
    const servers = await open(url.href, log);
    const role = plan.roles.find(({ name }) => name === kind);
    if (role === undefined) throw new Error(`no role ${kind}`);
    const running = await startRole({
      ...{ plan, role, store: servers.store, queue: servers.queue, clock: hasty, log },
      listen: { port: 0, host: '127.0.0.1' },
      prove: () => prove({ servers, plan, role, connections: 6, log }),
    });
    onTestFinished(() => running.stop());
    const health = async () => (await fetch(`${running.address}/readyz`)).text();
    return {
      grants,
      log,
      user,
      run,
      health,
      post: (entity: string, body: object) =>
        fetch(`${running.address}/ingest/${entity}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      becomes: (what: string, words: RegExp) =>
        until(what, async () => words.test(await health()), { within: 60_000, every: 100 }),
      revoke: (right: string, table: string) => run(`REVOKE ${right} ON ${table} FROM ${user}`),
      grant: (right: string, table: string) => run(`GRANT ${right} ON ${table} TO ${user}`),
    };
  };
  /** A transaction that somebody has left open after these statements, with the process id of its session. */
  const leaveOpen = async (...texts: readonly string[]) => {
    const client = new Client({ connectionString: database.url, application_name: 'psql' });
    await client.connect();
    const end = () => client.end();
    onTestFinished(end);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    for (const text of ['BEGIN', ...texts]) await client.query(text);
    return { pid: rows[0]?.pid ?? 0, end };
  };
  return { start, leaveOpen };
}

/** What `/readyz` says of a role that is well. */
export const READY = /^{"status":"ready"}$/;
