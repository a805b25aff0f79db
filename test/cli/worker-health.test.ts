import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { openTcpProxy, type TcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

interface RunningWorker {
  readonly url: string;
  readonly postgres: TcpProxy;
  /** Undefined where Postgres has the queue. */
  readonly nats: TcpProxy | undefined;
  readonly output: () => string;
}

/** A worker that consumes, with nothing to do; both servers are behind lines that can be cut. */
async function runWorker(
  queue: 'JetStream' | 'Postgres',
  args: readonly string[] = [],
  { setting = '', port }: { setting?: string; port?: number } = {},
): Promise<RunningWorker> {
  const name = `health_${randomUUID().slice(0, 8)}`;
  const stream = name.toUpperCase();
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), `${name}.nom`);
  writeFileSync(
    file,
    `entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
stream ${stream} { subject ingest = "${name}.{entity}" }
role ingest { publish ${stream}.ingest }
role worker { consume ${stream}.ingest ${setting} }
`,
  );
  const database = await createDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const postgres = await openTcpProxy(database.url);
  const nats = queue === 'JetStream' ? await openTcpProxy(inject('natsUrl')) : undefined;
  onTestFinished(async () => {
    await Promise.all([postgres.close(), nats?.close()]);
  });
  const env = {
    DATABASE_URL: through(postgres, database.url),
    ...(nats === undefined ? {} : { NATS_URL: through(nats, inject('natsUrl')) }),
    ...(port === undefined ? {} : { PORT: String(port) }),
  };
  expect(await nomnom(['apply', file, '--yes'], { env })).toMatchObject({ status: 0 });
  const started = startNomnom(['run', file, '--role=worker', ...args], { env });
  onTestFinished(async () => {
    await started.stop('SIGKILL');
  });
  await started.printed(/worker started/);
  const url = (await started.printed(/"address":"(http:[^"]+)"/))[1] ?? '';
  return { url, postgres, nats, output: started.output };
}

interface Readiness {
  readonly status: number;
  readonly checks: readonly string[];
}

async function readiness(url: string): Promise<Readiness> {
  const response = await fetch(`${url}/readyz`);
  const body = (await response.json()) as { readonly reasons?: readonly { readonly check: string }[] };
  return { status: response.status, checks: (body.reasons ?? []).map(({ check }) => check) };
}

async function isReady(url: string): Promise<boolean> {
  return (await readiness(url)).status === 200;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.each(['JetStream', 'Postgres'] as const)('a worker over the %s queue', (queue) => {
  test('is alive and ready, and not ready with the reason while a server is away', async () => {
    const { url, postgres, nats, output } = await runWorker(queue);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await until('the worker to be ready', () => isReady(url));
    const servers = [
      { line: postgres, name: /database|worker/ },
      ...(nats === undefined ? [] : [{ line: nats, name: /queue|worker/ }]),
    ];
    for (const { line, name } of servers) {
      await line.cut();
      await until('the worker to name the server', async () => {
        const { status, checks } = await readiness(url);
        return status === 503 && name.test(checks.join());
      });
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      await line.restore();
      await until('the worker to be ready again', () => isReady(url));
    }
    expect(output()).toContain('"address":"http://127.0.0.1:');
  });
});

test.each([
  ['--port', (port: number) => [[`--port=${port}`, '--host=127.0.0.1'], {}] as const],
  ['PORT', (port: number) => [['--host=127.0.0.1'], { port }] as const],
  ['its setting', (port: number) => [['--host=127.0.0.1'], { setting: `port: ${port}` }] as const],
])('a worker listens where %s says', async (_, given) => {
  const port = await freePort();
  const [args, options] = given(port);
  const { url } = await runWorker('Postgres', args, options);
  expect(url).toBe(`http://127.0.0.1:${port}`);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const unknown = await fetch(`${url}/ingest/Ping`, { method: 'POST', body: '{}' });
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'unknown_route' }]);
});

test.each([
  [['--connections-per-address=2'], true],
  [['--connections-per-address=2', '--trusted-proxies=127.0.0.0/8'], false],
])('with %j a third connection of one address is closed: %s', async (flags, closed) => {
  const { url, output } = await runWorker('Postgres', ['--host=127.0.0.1', ...flags]);
  const sockets = Array.from({ length: 2 }, () => connect(Number(new URL(url).port), '127.0.0.1'));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  const status = await fetch(`${url}/healthz`).then(
    (answer) => answer.status,
    () => 'closed',
  );
  expect(status).toBe(closed ? 'closed' : 200);
  if (closed)
    await until('the log to name it', () => /"address":"127.0.0.1".*one address has all/.test(output()));
});
