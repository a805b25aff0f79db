import { randomBytes } from 'node:crypto';
import { expect, inject, it, onTestFinished } from 'vitest';
import { permissionsOf, natsPermissionsText } from '../../src/tools/permissions/nats.ts';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import { applyPartitions } from '../../src/roles/setup/partitions.ts';
import { fitServer } from '../../src/runtime/fit-server.ts';
import { prove } from '../../src/runtime/prove.ts';
import { startRole } from '../../src/runtime/role.ts';
import { openServers, type Servers } from '../../src/runtime/servers.ts';
import { grantsOf, grantStatements } from '../../src/sql/postgres/privileges.ts';
import type { RoleKind } from '../../src/sql/role-kind.ts';
import { createDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startLocalNats } from '../support/nats-server.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { planOf } from '../support/plan.ts';
import { until } from '../support/until.ts';

const source = (id: string): string => `pipeline p${id}
stream P${id.toUpperCase()} { subject ingest = "p${id}.ingest.{entity}"  storage: memory }
stream D${id.toUpperCase()} { subject dead = "p${id}.dead.{entity}"  storage: memory }
role ingest { publish P${id.toUpperCase()}.ingest }
role worker { consume P${id.toUpperCase()}.ingest  linger: 1ms  attempts: 1  backoff: 10ms..20ms  dead_letter D${id.toUpperCase()}.dead }
entity Order {
  id: int
  account: int
  gone: bool
  ordered by (account)
  store orders { key (id)  upsert on (id) replace  delete when gone }
}
entity Hook { id: int  on_refused: dead_letter  store hooks { key (id)  upsert on (id) } }
`;

/** A user for each kind of role, which has what docs/privileges.md grants and nothing else. */
function authorization(plan: Plan): string {
  const users = (['apply', 'ingest', 'worker'] as const).map(
    (user) => `{ user: ${user}, password: secret, ${natsPermissionsText(permissionsOf(user, plan))} }`,
  );
  return `authorization {\n  users: [\n${users.join('\n')}\n  ]\n}`;
}

/** A table of somebody else with a name of ours, where `search_path` finds it first. */
const TAKEN = 'CREATE TABLE dead_letters (note text)';

/*
 * Three users as docs/privileges.md makes them: one that owns the tables, and one for each kind of role, which has what
 * the page grants and nothing else. Where the queue is in Postgres, nomnom's own tables are in a schema of their own.
 */
it.each([
  { queue: 'JetStream', schema: undefined, pooled: false },
  { queue: 'JetStream', schema: 'nomnom', pooled: true },
  { queue: 'Postgres', schema: 'nomnom', pooled: false },
  { queue: 'Postgres', schema: 'nomnom', pooled: true },
])(
  'each role runs with the rights that the documentation lists, over $queue, with own tables in $schema, transaction pooling: $pooled',
  async ({ queue, schema, pooled }) => {
    const id = randomBytes(4).toString('hex');
    const plan = planOf(source(id));
    const database = await createDatabase(inject('databaseUrl'));
    const admin = openStore({ url: database.url, max: 1, log: memoryLog() });
    const users = ['apply', 'ingest', 'worker'].map((kind) => `${kind}_${id}`);
    const log = memoryLog();
    const opened: Servers[] = [];
    onTestFinished(async () => {
      for (const servers of opened) await servers.close();
      await admin.close();
      await database.drop();
      const server = openStore({ url: inject('databaseUrl'), max: 1, log: memoryLog() });
      for (const user of users) await server.sql.query({ text: `DROP ROLE ${user}` });
      await server.close();
    });
    const nats = queue === 'JetStream' ? await startLocalNats({ extra: authorization(plan) }) : undefined;
    onTestFinished(() => nats?.stop());
    const pooler = pooled
      ? await startPgBouncer({
          postgresUrl: database.url,
          poolMode: 'transaction',
          users: Object.fromEntries(users.map((user) => [user, 'secret'])),
        })
      : undefined;
    onTestFinished(() => pooler?.stop());
    const run = async (store: PostgresStore, ...texts: readonly string[]): Promise<void> => {
      for (const text of texts) await store.sql.query({ text });
    };
    const as = (kind: string): string => {
      const url = new URL(pooler?.url ?? database.url);
      url.username = `${kind}_${id}`;
      url.password = 'secret';
      return url.href;
    };
    const open = async (kind: string): Promise<Servers> => {
      const natsUrl = nats?.url.replace('//', `//${kind}:secret@`);
      const servers = await openServers({
        databaseUrl: as(kind),
        natsUrl,
        ledgerSchema: schema,
        log,
        connections: 6,
        name: 'test',
      });
      opened.push(servers);
      return servers;
    };

    await run(admin, ...users.map((user) => `CREATE ROLE ${user} LOGIN PASSWORD 'secret'`));
    await run(admin, `GRANT USAGE, CREATE ON SCHEMA public TO apply_${id}`);
    if (schema !== undefined) {
      await run(admin, TAKEN, `CREATE SCHEMA ${schema} AUTHORIZATION apply_${id}`);
      await run(admin, ...users.slice(1).map((user) => `GRANT USAGE ON SCHEMA ${schema} TO ${user}`));
    }

    const owner = await open('apply');
    await applyTables(owner.store, plan);
    await applyPartitions(owner.store, owner.queue, plan);
    await owner.queue.apply(plan);
    const granting = openStore({ url: as('apply'), max: 1, log });
    const tables = plan.tables.flatMap(({ name, delete: deletion }) => [
      name,
      deletion?.tombstones?.table.name ?? name,
    ]);
    for (const kind of ['ingest', 'worker'] as const) {
      await run(granting, ...grantStatements(grantsOf(kind, 'ledger'), `${kind}_${id}`, schema));
      if (queue === 'Postgres')
        await run(granting, ...grantStatements(grantsOf(kind, 'queue'), `${kind}_${id}`, schema));
    }
    await run(
      granting,
      ...tables.map((table) => `GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO worker_${id}`),
      // What Postgres refuses becomes a dead letter.
      'ALTER TABLE orders ADD CHECK (id <> 13)',
    );
    await granting.close();

    const start = async (kind: RoleKind) => {
      const servers = await open(kind);
      const role = plan.roles.find(({ name }) => name === kind);
      if (role === undefined) throw new Error(`no role ${kind}`);
      const { store } = servers;
      expect(await store.catalog.lackingPrivileges(kind, queue === 'Postgres')).toEqual([]);
      const lacking = await store.catalog.lackingPrivileges(kind, false, true);
      const rights = lacking.map((each) => each.replace(/^(\w+) on .*dead_letters$/, '$1'));
      expect(rights).toEqual(kind === 'ingest' ? ['SELECT', 'INSERT'] : []);
      const running = await startRole({
        plan,
        role,
        store,
        queue: servers.queue,
        clock: systemClock,
        log,
        listen: { port: 0, host: '127.0.0.1' },
        lossCheck: { every: 50 },
        async prove() {
          await fitServer(store);
          await prove({ servers, plan, role, connections: 6, log });
        },
      });
      onTestFinished(() => running.stop());
      return { ...running, store };
    };
    const worker = await start('worker');
    const ingest = await start('ingest');
    const post = async (order: object): Promise<string> => {
      const response = await fetch(`${ingest.address}/ingest/Order`, {
        method: 'POST',
        headers: { 'idempotency-key': JSON.stringify(order) },
        body: JSON.stringify(order),
      });
      const answer = (await response.json()) as { readonly message_id: string };
      expect({ status: response.status, answer }).toMatchObject({ status: 202 });
      return answer.message_id;
    };
    const becomes = (message: string, status: string) =>
      until(`message ${message} to be ${status}`, async () => {
        const response = await fetch(`${ingest.address}/status/${message}`);
        return ((await response.json()) as { readonly status?: string }).status === status;
      });
    await becomes(await post({ id: 1, account: 1, gone: false }), 'completed');
    await becomes(await post({ id: 1, account: 1, gone: true }), 'completed');
    await becomes(await post({ id: 13, account: 1, gone: false }), 'dlq');

    for (const { address } of [ingest, worker])
      expect(await (await fetch(`${address}/metrics`)).text()).toMatch(/^nomnom_queue_messages\{/m);
    const { purge } = worker.store.ledger;
    await purge.statuses(plan.pipeline, 0, 0);
    await purge.keys(plan.pipeline, 0, 0);
    await purge.deadLetters(plan.pipeline, 0);
    for (const table of plan.tables)
      if (table.delete?.tombstones !== undefined) await purge.tombstones(table.delete.tombstones, 0, 0);
    const { lost } = ingest.store.ledger;
    await lost.count(plan.pipeline, undefined);
    const { number: horizon } = await lost.horizon();
    await lost.openSince(plan.pipeline, horizon, 0);
    expect(log.lines.filter((line) => JSON.stringify(line).match(/permission/i) !== null)).toEqual([]);
    // What a role loses while it runs it tells, with table and right, and goes on once it has it again.
    const health = async (): Promise<string> => (await fetch(`${ingest.address}/readyz`)).text();
    const told = (what: string, words: RegExp) =>
      until(`the role to tell ${what}`, async () => words.test(await health()));
    await told('that it may not keep', /degraded.*INSERT on [^,]*dead_letters/);
    const hook = () => fetch(`${ingest.address}/ingest/Hook`, { method: 'POST', body: '{"id":"no"}' });
    expect((await hook()).status).toBe(503);
    expect(
      log.lines.filter(({ message }) => /needs SELECT and INSERT on dead_letters/.test(message)),
    ).not.toEqual([]);
    await run(admin, ...grantStatements(grantsOf('ingest', 'refused'), `ingest_${id}`, schema));
    expect((await hook()).status).toBe(202);
    await told('that it is well', /^{"status":"ready"}$/);
    const own = schema === undefined ? '' : `${schema}.`;
    for (const [table, right, readyAs] of [
      ['nomnom_keys', 'SELECT', 'degraded'],
      ['message_status', 'INSERT', 'degraded'],
      ...(queue === 'Postgres' ? ([['nomnom_queue', 'INSERT', 'not_ready']] as const) : []),
    ] as const) {
      await run(admin, `REVOKE ${right} ON ${own}${table} FROM ingest_${id}`);
      const refused = await fetch(`${ingest.address}/ingest/Order`, {
        method: 'POST',
        body: '{"id":2,"account":1,"gone":false}',
      });
      expect(refused.status).toBe(readyAs === 'degraded' ? 202 : 503);
      await told(`that it lacks ${table}`, new RegExp(`${readyAs}.*${right} on [^,]*${table}`));
      await run(admin, `GRANT ${right} ON ${own}${table} TO ingest_${id}`);
      await told('that it is well', /^{"status":"ready"}$/);
    }
    // Whose table it is stays out of it.
    const theirs =
      schema === undefined
        ? []
        : await admin.sql.query({ text: 'TABLE dead_letters' }).then(({ rows }) => rows);
    expect(theirs).toEqual([]);
  },
);

it('says which setting helps where another table has a name of its own tables', async () => {
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const store = openStore({ url: database.url, max: 1, log: memoryLog() });
  onTestFinished(() => store.close());
  await store.sql.query({ text: TAKEN });
  await expect(applyTables(store, planOf(source('x')))).rejects.toThrow(
    /"dead_letters" already exists.*--ledger-schema=nomnom or NOMNOM_LEDGER_SCHEMA/,
  );
});
