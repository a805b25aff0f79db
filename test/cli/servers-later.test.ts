import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { createDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { nomnom, startNomnom, type Started } from '../support/nomnom.ts';
import { openTcpProxy, type TcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

interface Away {
  readonly file: string;
  /** Both servers behind lines that are cut, as good as servers that are not there yet. */
  readonly env: Readonly<Record<string, string>>;
  readonly direct: Readonly<Record<string, string>>;
  readonly postgres: TcpProxy;
  readonly nats: TcpProxy;
}

/** A pipeline on a database and a stream of its own, with both servers away. */
async function serversAway(): Promise<Away> {
  const name = `later_${randomUUID().slice(0, 8)}`;
  const stream = name.toUpperCase();
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), `${name}.nom`);
  writeFileSync(
    file,
    `entity Ping { id: uuid  note: text?  store pings { key (id)  upsert on (id) keep } }
stream ${stream} { subject ingest = "${name}.{entity}" }
role ingest { publish ${stream}.ingest  body_limit: 32MB }
role worker { consume ${stream}.ingest }
role all { publish ${stream}.ingest  consume ${stream}.ingest }
`,
  );
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const natsUrl = inject('natsUrl');
  const postgres = await openTcpProxy(database.url);
  const nats = await openTcpProxy(natsUrl);
  onTestFinished(async () => {
    await Promise.all([postgres.close(), nats.close()]);
  });
  await Promise.all([postgres.cut(), nats.cut()]);
  return {
    file,
    env: { DATABASE_URL: through(postgres, database.url), NATS_URL: through(nats, natsUrl) },
    direct: { DATABASE_URL: database.url, NATS_URL: natsUrl },
    postgres,
    nats,
  };
}

function start(args: readonly string[], env: Away['env']): Started {
  const started = startNomnom(args, { env });
  onTestFinished(async () => {
    await started.stop('SIGKILL');
  });
  return started;
}

const LISTENING = /"address":"(http:[^"]+)"/;

interface Answer {
  readonly status: number;
  readonly checks: readonly string[];
}

async function readiness(url: string): Promise<Answer> {
  const response = await fetch(`${url}/readyz`);
  const body = (await response.json()) as { readonly reasons?: readonly { readonly check: string }[] };
  return { status: response.status, checks: (body.reasons ?? []).map(({ check }) => check) };
}

function send(url: string, body: string): Promise<Response> {
  return fetch(`${url}/ingest/Ping`, { method: 'POST', body });
}

function isReady(url: string): Promise<boolean> {
  return until(`${url} to be ready`, async () => (await readiness(url)).status === 200);
}

test('roles that start before their servers wait, say what for, and work once both are there', async () => {
  const { file, env, direct, postgres, nats } = await serversAway();
  expect(await nomnom(['apply', file, '--yes'], { env: direct })).toMatchObject({ status: 0 });
  const ingest = start(['run', file, '--role=ingest', '--port=0', '--host=127.0.0.1'], env);
  const worker = start(['run', file, '--role=worker'], env);
  const url = (await ingest.printed(LISTENING))[1] ?? '';
  expect(await readiness(url)).toMatchObject({
    status: 503,
    checks: expect.arrayContaining(['queue', 'database']),
  });
  expect((await send(url, JSON.stringify({ id: randomUUID() }))).status).toBe(503);
  await worker.printed(/"reason":"the queue cannot be reached[^\n]*waiting for NATS/);
  await worker.printed(/"reason":"[^\n]*not ready: waiting for the servers/);

  await nats.restore();
  await until('the queue to be no reason any more', async () => {
    const { checks } = await readiness(url);
    return !checks.includes('queue') && checks.includes('database');
  });
  await worker.printed(/"reason":"Postgres cannot be reached[^\n]*not ready: waiting for the servers/);
  expect(worker.output()).not.toContain('worker started');

  await postgres.restore();
  await isReady(url);
  await worker.printed(/worker started/);
  const answer = await send(url, JSON.stringify({ id: randomUUID() }));
  expect(answer.status).toBe(202);
  const { message_id: id } = (await answer.json()) as { readonly message_id: string };
  await until('the message to be completed', async () => {
    const status = await fetch(`${url}/status/${id}`);
    return ((await status.json()) as { readonly status: string }).status === 'completed';
  });
  // What NATS takes was not known at the start, and holds all the same.
  const large = await send(url, JSON.stringify({ id: randomUUID(), note: 'x'.repeat(1_100_000) }));
  expect(large.status).toBe(413);
  expect(await Promise.all([ingest.stop(), worker.stop()])).toEqual([0, 0]);
});

test('a role that accepts and applies listens before its servers are there, then does both, and shows a pause', async () => {
  const { file, env, direct, postgres, nats } = await serversAway();
  expect(await nomnom(['apply', file, '--yes'], { env: direct })).toMatchObject({ status: 0 });
  const all = start(['run', file, '--role=all', '--port=0', '--host=127.0.0.1'], env);
  const url = (await all.printed(LISTENING))[1] ?? '';
  expect((await readiness(url)).checks).toContain('verification');
  await Promise.all([postgres.restore(), nats.restore()]);
  await isReady(url);
  await all.printed(/worker started/);
  expect((await send(url, JSON.stringify({ id: randomUUID() }))).status).toBe(202);

  const store = openStore({ url: direct['DATABASE_URL'] ?? '', max: 1, log: memoryLog() });
  onTestFinished(() => store.close());
  await store.sql.query({ text: 'ALTER TABLE pings DROP CONSTRAINT pings_pkey' });
  await send(url, JSON.stringify({ id: randomUUID() }));
  await until('the pause of the worker to show', async () =>
    (await readiness(url)).checks.includes('worker'),
  );
  await store.sql.query({ text: 'ALTER TABLE pings ADD CONSTRAINT pings_pkey PRIMARY KEY (id)' });
  await isReady(url);
  expect(await all.stop()).toBe(0);
});

test('SIGTERM ends a role that still waits for its servers, with status 0 and without them', async () => {
  const { file, env } = await serversAway();
  const ingest = start(['run', file, '--role=ingest', '--port=0', '--host=127.0.0.1'], env);
  const worker = start(['run', file, '--role=worker'], env);
  await Promise.all([ingest.printed(LISTENING), worker.printed(/waiting for the servers/)]);
  // The servers never come: a stop that waited for them would not end.
  expect(await Promise.all([ingest.stop(), worker.stop()])).toEqual([0, 0]);
});

test('a worker whose servers turn out to differ when they come names the values, and starts once that is fixed', async () => {
  const { file, env, direct, postgres, nats } = await serversAway();
  const worker = start(['run', file, '--role=worker'], env);
  await worker.printed(/waiting for the servers/);
  await Promise.all([postgres.restore(), nats.restore()]);
  await worker.printed(new RegExp(`the live servers differ from ${file}[^\n]*nomnom apply ${file}`));
  expect(worker.output()).not.toContain('worker started');
  expect(await nomnom(['apply', file, '--yes'], { env: direct })).toMatchObject({ status: 0 });
  await worker.printed(/worker started/);
  expect(await worker.stop()).toBe(0);
});

test('roles listen, and stop when they are told to, while servers take connections and say nothing', async () => {
  const { file } = await serversAway();
  const postgres = await silentServer();
  const nats = await silentServer();
  const env = { DATABASE_URL: `postgres://me@${postgres.address}/pings`, NATS_URL: inject('natsUrl') };
  for (const role of ['ingest', 'worker']) {
    const started = start(['run', file, `--role=${role}`, '--port=0', '--host=127.0.0.1'], env);
    const url = (await started.printed(LISTENING))[1] ?? '';
    expect(await fetch(`${url}/healthz`)).toMatchObject({ status: 200 });
    expect(await readiness(url)).toMatchObject({
      status: 503,
      checks: expect.arrayContaining(['verification', 'database']),
    });
    expect(await started.stop()).toBe(0);
    // The first attempt to reach Postgres was not waited for.
    expect(started.output()).not.toContain('waiting for the servers');
  }
  const deaf = start(['run', file, '--role=worker'], { ...env, NATS_URL: `nats://${nats.address}` });
  await until('a connection to NATS', () => nats.connected());
  const url = (await deaf.printed(LISTENING))[1] ?? '';
  expect(await fetch(`${url}/healthz`)).toMatchObject({ status: 200 });
  // The first attempt to reach NATS was not waited for.
  expect(deaf.output()).not.toContain('no JetStream at');
  expect(await deaf.stop()).toBe(0);
});

/** Takes connections and says nothing, as a frozen server does. */
async function silentServer(): Promise<{ readonly address: string; connected(): boolean }> {
  let connected = false;
  const server = createServer(() => void (connected = true));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connected: () => connected,
  };
}
