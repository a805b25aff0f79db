import { randomBytes } from 'node:crypto';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { applyPartitions } from '../../src/roles/setup/partitions.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import { prove } from '../../src/runtime/prove.ts';
import { startRole } from '../../src/runtime/role.ts';
import { openServers } from '../../src/runtime/servers.ts';
import { natsPermissionsText, permissionsOf } from '../../src/tools/permissions/nats.ts';
import { createDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startLocalNats } from '../support/nats-server.ts';
import { planOf } from '../support/plan.ts';
import { until } from '../support/until.ts';

const id = randomBytes(4).toString('hex');
const plan = planOf(`pipeline p${id}
stream P { subject ingest = "p${id}.ingest.{entity}"  storage: memory  partitions: 2 }
stream D { subject dead = "p${id}.dead.{entity}"  storage: memory }
role ingest { publish P.ingest }
role worker { consume P.ingest  linger: 1ms  attempts: 1  ack_wait: 1s  dead_letter D.dead }
entity Order { id: int  store orders { key (id)  upsert on (id) replace } }
entity Move { id: int  account: int  ordered by (account)  store moves { key (id)  upsert on (id) replace } }
`);

/** What an operator writes: each role has everything that the documentation lists, but what begins with `without`, or with `ofIngest`. */
function authorization(without?: string, ofIngest?: string): string {
  return `authorization { users: [{ user: ingest, password: secret, ${rightsOf('ingest', ofIngest)} }, { user: worker, password: secret, ${rightsOf('worker', without)} }, { user: apply, password: secret }] }`;
}

function rightsOf(user: 'ingest' | 'worker', without?: string): string {
  const { publish, subscribe } = permissionsOf(user, plan);
  const rest = (subjects: readonly string[]) => {
    const left = subjects.filter((subject) => without === undefined || !subject.startsWith(without));
    // An empty list allows everything.
    return left.length === 0 ? ['nothing'] : left;
  };
  return natsPermissionsText({ publish: rest(publish), subscribe: rest(subscribe) });
}

/** Pauses of seconds, which nobody needs to wait for here, are shorter; what a server has for its answer is not. */
const hasty: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms > 2_000 ? ms / 20 : ms, signal),
};

it('a role that NATS forbids to pull, to acknowledge, to hear answers or to publish pauses, says which right is missing, and goes on once it is granted', async () => {
  const nats = await startLocalNats({ extra: authorization() });
  if (nats === undefined) throw new Error('install nats-server');
  onTestFinished(() => nats.stop());
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const admin = openStore({ url: database.url, max: 1, log: memoryLog() });
  onTestFinished(() => admin.close());
  const open = async (name: string, log = memoryLog()) => {
    const servers = await openServers({
      databaseUrl: database.url,
      natsUrl: nats.url.replace('//', `//${name}:secret@`),
      log,
      connections: 6,
      name,
    });
    onTestFinished(() => servers.close());
    return servers;
  };
  const start = async (name: string) => {
    const log = memoryLog();
    const servers = await open(name, log);
    const { store, queue } = servers;
    const role = plan.roles.find((each) => each.name === name);
    if (role === undefined) throw new Error(`no role ${name}`);
    const running = await startRole({
      ...{ plan, role, store, queue, clock: hasty, log },
      listen: { port: 0, host: '127.0.0.1' },
      prove: () => prove({ servers, plan, role, connections: 6, log }),
    });
    onTestFinished(() => running.stop());
    return { ...running, log };
  };
  const owner = await open('apply');
  await applyTables(owner.store, plan);
  await applyPartitions(owner.store, owner.queue, plan);
  await owner.queue.apply(plan);
  const ingest = await start('ingest');
  const worker = await start('worker');

  let sent = 0;
  const send = async (): Promise<void> => {
    for (const entity of ['Order', 'Move']) {
      sent += 1;
      const body = JSON.stringify({ id: sent, account: 1 });
      const { status } = await fetch(`${ingest.address}/ingest/${entity}`, { method: 'POST', body });
      expect(status).toBe(202);
    }
  };
  const ready = async ({ address } = worker) => {
    const response = await fetch(`${address}/readyz`);
    return { status: response.status, text: await response.text() };
  };
  const completed = () =>
    until('all messages to be completed', async () => {
      const { rows } = await admin.sql.query({
        text: `SELECT count(*)::int AS n FROM message_status WHERE status = 'completed'`,
      });
      return rows[0]?.['n'] === sent;
    });

  await send();
  await completed();
  for (const [without, told] of [
    ['$JS.API.CONSUMER.MSG.NEXT', /may not publish .*\$JS\.API\.CONSUMER\.MSG\.NEXT\.P\./],
    ['$JS.ACK', /may not publish .*\$JS\.ACK\.P\.[^.]+\.>/],
    ['_INBOX', /may not subscribe to .*_INBOX\.>/],
  ] as const) {
    await nats.reload(authorization(without));
    await send();
    await until(`the missing ${without} to be told`, async () => {
      const { status, text } = await ready();
      return status === 503 && told.test(text);
    });
    await nats.reload(authorization());
    await until(`the worker to go on with ${without}`, async () => (await ready()).status === 200);
    await completed();
    const lines = worker.log.lines.map((line) => JSON.stringify(line));
    expect(lines.filter((line) => line.includes('QUEUE_MISCONFIGURED') && told.test(line))).not.toEqual([]);
  }

  // Without the right to publish ingest is not ready, and is again once it is granted although nobody sends any more.
  await nats.reload(authorization(undefined, `p${id}.ingest`));
  const refused = await fetch(`${ingest.address}/ingest/Order`, {
    method: 'POST',
    body: '{"id":0,"account":1}',
  });
  expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'queue_misconfigured' }]);
  await until('ingest to tell the right to publish', async () => {
    const { status, text } = await ready(ingest);
    return status === 503 && /may not publish .*p[0-9a-f]+\.ingest\.Order/.test(text);
  });
  await until('the log to tell it', () =>
    ingest.log.lines.some(({ message }) => message.startsWith('paused')),
  );
  await nats.reload(authorization());
  await until('ingest to be ready', async () => (await ready(ingest)).text === '{"status":"ready"}');
  await until('the log to tell that', () =>
    ingest.log.lines.some(({ message }) => message.startsWith('resumed')),
  );
  await send();
  // Whoever may not ask for the stream takes messages all the same.
  for (const right of ['$JS.API.STREAM.INFO', '$JS.API.INFO']) {
    await nats.reload(authorization(undefined, right));
    await until(`ingest to be degraded without ${right}`, async () => {
      const { status, text } = await ready(ingest);
      return status === 200 && text.includes('degraded') && text.includes(right);
    });
    await send();
  }
  // An idle worker hears of no right by itself. What it needs for every message makes it not ready, and what only some need, degraded.
  for (const [right, words] of [
    ['$JS.ACK', /not_ready.*may not publish .*\$JS\.ACK\.P\./],
    [`p${id}.dead`, /"degraded".*may not publish .*\.dead\./],
    ['$JS.API.STREAM.MSG.GET', /"degraded".*may not publish .*\$JS\.API\.STREAM\.MSG\.GET\.P/],
    ['$JS.API.INFO', /"degraded".*may not publish .*\$JS\.API\.INFO/],
  ] as const) {
    await nats.reload(authorization());
    await completed();
    await until('the worker to be ready', async () => (await ready()).text === '{"status":"ready"}');
    await nats.reload(authorization(right));
    await until(`the worker to tell ${right}`, async () => words.test((await ready()).text), {
      within: 20_000,
    });
  }
  await nats.reload(authorization());
  await completed();
  const told = ingest.log.lines.flatMap(({ message }) => /^(paused|resumed)/.exec(message)?.[0] ?? []);
  expect(told).toEqual(['paused', 'resumed']);

  const metrics = await (await fetch(`${worker.address}/metrics`)).text();
  expect(metrics).toMatch(/nomnom_pauses_total\{[^}]*QUEUE_MISCONFIGURED[^}]*\} [1-9]/);
  const { rows } = await admin.sql.query({
    text: 'SELECT max(retry_count) AS attempts, (SELECT count(*) FROM dead_letters) AS dead FROM message_status',
  });
  expect(rows).toEqual([{ attempts: 0, dead: '0' }]);
});
