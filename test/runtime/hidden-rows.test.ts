import { expect, test } from 'vitest';
import type { RoleKind } from '../../src/sql/role-kind.ts';
import { until } from '../support/until.ts';
import { idlePipeline, READY } from './idle-roles.ts';

const KINDS: readonly RoleKind[] = ['ingest', 'worker'];
const QUEUES = ['JetStream', 'Postgres'] as const;
const ROLES = QUEUES.flatMap((queue) => KINDS.map((kind) => ({ queue, kind })));

/** Without all of their rows the role is of no use, whichever messages come. */
const USELESS: Readonly<Record<RoleKind, RegExp>> = {
  ingest: /^nomnom_queue(?!_migration|_id_seq|_lease)/,
  worker: /^(message_status|nomnom_queue|nomnom_queue_lease)$/,
};

const SEQUENCES = /_(?:turn|seq)$/;

type Role = Awaited<ReturnType<Awaited<ReturnType<typeof idlePipeline>>['start']>>;

/** Waits until `/readyz` tells `what` and has this status, and runs the statement that it gives for it. */
async function repair(role: Role, what: string, status: 'degraded' | 'not_ready'): Promise<string> {
  const told = await until(
    `${what} to be told`,
    async () => {
      const health = await role.health();
      return health.includes(what) && health.includes(`"${status}"`) && health;
    },
    { within: 60_000, every: 100 },
  );
  const from = told.indexOf('(', told.indexOf(what));
  const statement = /^\(((?:[^()]|\([^()]*\))*)\)/.exec(told.slice(from))?.[1] ?? '';
  await role.run(JSON.parse(`"${statement.replace(/: some of.*/, '')}"`));
  return told;
}

test.each(ROLES)(
  'an idle $kind over $queue tells each table whose row security is on for it, with what to run',
  { timeout: 120_000 },
  async ({ queue, kind }) => {
    const role = await (await idlePipeline(queue)).start(kind);
    await role.becomes('the role to be ready', READY);
    for (const table of Object.keys(role.grants).filter((name) => !SEQUENCES.test(name))) {
      await role.run(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      const what = `the rows of ${table.replaceAll('"', '')}, whose row security is on`;
      expect(await repair(role, what, USELESS[kind].test(table) ? 'not_ready' : 'degraded')).toContain(what);
      await role.becomes(`the role to be well with ${table}`, READY);
      await role.run(`ALTER POLICY nomnom ON ${table} USING (current_setting('a.b', true) IS NULL)`);
      await role.becomes('the narrower policy to be told', /"degraded".*lacks some rows of/);
      await role.run(`DROP POLICY nomnom ON ${table}`, `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
      await role.becomes(`the role to be well without it`, READY);
    }
  },
);

test('a worker that owns a table tells row security where it is forced, and a restrictive policy', async () => {
  const role = await (await idlePipeline('Postgres')).start('worker');
  await role.run(
    `ALTER TABLE orders OWNER TO ${role.user}`,
    'ALTER TABLE orders ENABLE ROW LEVEL SECURITY',
    `CREATE POLICY everything ON orders TO ${role.user} USING (true)`,
    'CREATE POLICY few ON orders AS RESTRICTIVE USING (id < 10)',
  );
  await role.becomes('the role to be ready', READY);
  await role.run('ALTER TABLE orders FORCE ROW LEVEL SECURITY');
  const told = await repair(role, 'some rows of orders, whose row security is on', 'degraded');
  expect(told).not.toContain('lacks the rows');
  await role.becomes('the role to be well', READY);
});

test.each(ROLES.flatMap((role) => [undefined, 'own'].map((ledgerSchema) => ({ ...role, ledgerSchema }))))(
  'an idle $kind over $queue tells a schema that it may not use, also $ledgerSchema',
  { timeout: 120_000 },
  async ({ queue, kind, ledgerSchema }) => {
    const pipeline = await idlePipeline(queue, {
      ...(ledgerSchema === undefined ? {} : { ledgerSchema }),
      schema: 'sales.',
    });
    const role = await pipeline.start(kind);
    await role.becomes('the role to be ready', READY);
    const schema = ledgerSchema ?? 'public';
    await role.run(`REVOKE USAGE ON SCHEMA ${schema} FROM PUBLIC, ${role.user}`);
    const needed = kind === 'worker' || queue === 'Postgres';
    const told = await repair(role, `USAGE on schema ${schema}`, needed ? 'not_ready' : 'degraded');
    expect(told).toContain('GRANT USAGE');
    await role.becomes('the role to be ready', READY);
    if (kind === 'ingest') return;
    await role.run(`REVOKE USAGE ON SCHEMA sales FROM ${role.user}`);
    await repair(role, 'USAGE on schema sales', 'not_ready');
    await role.becomes('the role to be ready', READY);
  },
);

test.each([
  { kind: 'ingest', name: 'nomnom_queue_publish' },
  { kind: 'worker', name: 'nomnom_queue_claim' },
  { kind: 'worker', name: 'nomnom_queue_settle' },
] as const)('an idle $kind that may not call $name is not ready', async ({ kind, name }) => {
  const role = await (await idlePipeline('Postgres')).start(kind);
  await role.becomes('the role to be ready', READY);
  await role.run(
    `DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid FROM pg_proc WHERE proname = '${name}' LOOP EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f); END LOOP; END $$`,
  );
  await role.becomes('the role to be of no use', new RegExp(`"not_ready".*EXECUTE on function ${name}`));
  // There may be several of this name, of older programs.
  const ready = await until('the role to be ready', async () => {
    const health = await role.health();
    if (health.includes(name)) await repair(role, `EXECUTE on function ${name}`, 'not_ready');
    return READY.test(health) && health;
  });
  expect(ready).toMatch(READY);
});
