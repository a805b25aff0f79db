import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../../src/adapters/jetstream/queue.ts';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { createDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { run, type Running } from './running.ts';

/** The role looks at its servers twenty times as often, and gives them as long as ever to answer. */
const clock = {
  ...systemClock,
  sleep: (milliseconds: number, signal?: AbortSignal) =>
    systemClock.sleep(milliseconds > 2_000 ? milliseconds / 20 : milliseconds, signal),
};

/** A role of a pipeline of its own, over a queue of either kind. */
async function stage(kind: 'JetStream' | 'Postgres') {
  const name = `r${randomBytes(5).toString('hex')}`;
  const stream = name.toUpperCase();
  const plan = planOf(
    `pipeline ${name}
    stream ${stream} { subject all = "${name}.ingest.{entity}" }
    role ingest { publish ${stream}.all }
    role worker { consume ${stream}.all }
    entity Order { id: bigint  store orders { key (id)  upsert on (id) keep } }`,
    `${name}.nom`,
  );
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const log = memoryLog();
  const store = openStore({ url: database.url, max: 6, log });
  onTestFinished(() => store.close());
  const queue: Queue =
    kind === 'Postgres'
      ? openPostgresQueue({ store: store.sql, log })
      : await openJetStreamQueue({ url: inject('natsUrl'), log, name: 'readiness test' });
  onTestFinished(() => queue.close());
  await applyTables(store, plan);
  await queue.apply(plan);
  const role = plan.roles.find((each) => each.name === 'ingest');
  if (role === undefined) throw new Error('the role is there');
  const running = await run(store, queue, { plan, role }, { clock });
  const admin = openStore({ url: inject('databaseUrl'), max: 1, log });
  onTestFinished(() => admin.close());
  /** For sessions that begin from now on; those of before are ended. */
  const readOnly = async (on: boolean) => {
    const databaseName = new URL(database.url).pathname.slice(1);
    await admin.sql.query({
      text: `ALTER DATABASE ${databaseName} SET default_transaction_read_only = ${on ? 'on' : 'off'}`,
    });
    await admin.sql.query({
      text: 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
      values: [databaseName],
    });
  };
  return { ...running, name, stream, plan, store, queue, readOnly };
}

async function managerOf() {
  const connection = await connect({ servers: inject('natsUrl') });
  onTestFinished(() => connection.close());
  return jetstreamManager(connection);
}

/** A server that is asked may need a moment longer than a probe waits. */
const becomesReady = ({ get }: Running) =>
  until('the role to be ready', async () => (await get('/readyz')).body['status'] === 'ready');

const isReady = async ({ get }: Running) => (await get('/readyz')).status === 200;

function changes({ log }: Running): readonly string[] {
  return log.lines.flatMap(({ message }) => (/^(paused|resumed)/.test(message) ? [message.slice(0, 6)] : []));
}

/** Breaks the queue, without any traffic, and repairs it: both are noticed and told once. */
async function noticed(
  here: Awaited<ReturnType<typeof stage>>,
  breaking: () => Promise<unknown>,
  repairing: () => Promise<unknown>,
  reason: RegExp,
): Promise<readonly string[]> {
  await becomesReady(here);
  await breaking();
  await until('the role to say so by itself', async () => changes(here).length === 1);
  const line = here.log.lines.find(({ message }) => message.startsWith('paused'));
  expect(line).toMatchObject({ level: 'warn' });
  expect(JSON.stringify(line?.fields)).toMatch(reason);
  await until('the role to give its reason', async () => {
    const { status, body } = await here.get('/readyz');
    return status === 503 && reason.test(String(body['message']));
  });
  const refused = await here.post('/ingest/Order', '{"id":1}');
  expect(refused.status).toBe(503);
  expect(refused.body['code']).toMatch(/^queue_/);
  await repairing();
  await until('the role to be ready', () => isReady(here));
  await until('the role to say so', async () => changes(here).length === 2);
  const resumed = here.log.lines.find(({ message }) => message.startsWith('resumed'));
  expect(resumed?.fields['paused_ms']).toBeGreaterThan(0);
  expect(await here.post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
  return changes(here);
}

describe('over the JetStream queue', () => {
  test('a role is not ready while its stream is missing, and refuses messages by that name', async () => {
    const here = await stage('JetStream');
    const manager = await managerOf();
    const told = await noticed(
      here,
      () => manager.streams.delete(here.stream),
      () => here.queue.apply(here.plan),
      /does not exist/,
    );
    expect(told).toEqual(['paused', 'resume']);
  });

  test('a role is not ready while its stream captures other subjects', async () => {
    const here = await stage('JetStream');
    const manager = await managerOf();
    const told = await noticed(
      here,
      () => manager.streams.update(here.stream, { subjects: [`${here.name}.other.*`] }),
      () => manager.streams.update(here.stream, { subjects: [`${here.name}.ingest.*`] }),
      /does not capture r[0-9a-f]+\.ingest\.\*/,
    );
    expect(told).toEqual(['paused', 'resume']);
  });

  test('a role stays ready, and is degraded, while Postgres is read-only: messages are taken', async () => {
    const here = await stage('JetStream');
    await here.readOnly(true);
    await until('the role to be degraded', async () => {
      const { status, body } = await here.get('/readyz');
      return status === 200 && body['status'] === 'degraded';
    });
    expect(await here.get('/readyz')).toMatchObject({
      body: { reasons: [{ check: 'database', message: 'Postgres is read-only' }] },
    });
    expect(await here.post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
    await here.readOnly(false);
    await until('the role to be well', async () => (await here.get('/readyz')).body['status'] === 'ready');
  });
});

describe('over the Postgres queue', () => {
  test('a role is not ready while the disk is full, names it, and is ready again with the first message that finds room', async () => {
    const here = await stage('Postgres');
    const onTables = (statement: string) =>
      here.store.sql.query({
        text: `DO $do$ DECLARE name text; BEGIN
          FOR name IN SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'nomnom\\_queue%'
          LOOP EXECUTE format('${statement}', name); END LOOP; END $do$`,
      });
    await here.store.sql.query({
      text: `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device'; END $$`,
    });
    await onTables(
      'CREATE TRIGGER no_room BEFORE INSERT ON %s FOR EACH STATEMENT EXECUTE FUNCTION no_room()',
    );
    const refused = await here.post('/ingest/Order', '{"id":1}');
    expect(refused).toMatchObject({ status: 503, body: { code: 'queue_full' } });
    await until('the role to say so', async () => {
      const { status, body } = await here.get('/readyz');
      return status === 503 && /messages are refused: .*53100/.test(String(body['message']));
    });
    await until('the role to log it', async () => changes(here).length === 1);
    await onTables('DROP TRIGGER no_room ON %s');
    expect(await here.post('/ingest/Order', '{"id":1}')).toMatchObject({ status: 202 });
    await until('the role to be ready', () => isReady(here));
    await until('the role to log it too', async () => changes(here).length === 2);
    expect(changes(here)).toEqual(['paused', 'resume']);
  });

  test('a role is not ready while Postgres is read-only', async () => {
    const here = await stage('Postgres');
    const told = await noticed(
      here,
      () => here.readOnly(true),
      () => here.readOnly(false),
      /Postgres is read-only|cannot be reached/,
    );
    expect(told).toEqual(['paused', 'resume']);
    await becomesReady(here);
  });

  test('a role is not ready while its stream captures other subjects', async () => {
    const here = await stage('Postgres');
    const change = (regex: string) => () =>
      here.store.sql.query({
        text: 'UPDATE nomnom_queue_stream SET subject_regex = $2 WHERE name = $1',
        values: [here.stream, regex],
      });
    const told = await noticed(
      here,
      change('^other$'),
      change(`^${here.name}\\.ingest\\.[^.]+$`),
      /does not capture/,
    );
    expect(told).toEqual(['paused', 'resume']);
  });
});
