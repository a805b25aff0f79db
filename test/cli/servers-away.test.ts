import { afterAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { openTcpProxy, through } from '../support/tcp-proxy.ts';

const file = 'pipelines/tpch.nom';
const { url } = await freshDatabase();
const proxy = await openTcpProxy(url);
afterAll(() => proxy.close());
const env = { DATABASE_URL: through(proxy, url) };

test('who asks how things are is told within seconds that Postgres does not answer', async () => {
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
  proxy.silence(true);
  const began = performance.now();
  const [doctor, status] = await Promise.all([
    nomnom(['doctor', file], { env }),
    nomnom(['status', file], { env }),
  ]);
  // Each took 17 to 40 s before there was a bound; starting two processes takes a few on a busy machine.
  expect(performance.now() - began).toBeLessThan(12_000);
  expect(doctor).toMatchObject({ status: 1, out: expect.stringContaining('Postgres cannot be reached') });
  expect(status).toMatchObject({ err: expect.stringContaining('Postgres cannot be reached') });
  expect(status.status).not.toBe(0);
  proxy.silence(false);
});

test.for([
  ['apply', file, '--yes'],
  ['keys', 'list', file],
  ['dlq', 'list', file],
])('%s ends soon where Postgres takes connections and never answers, and says so', async (args) => {
  proxy.silence(true);
  const began = performance.now();
  const ended = await nomnom(args, { env });
  // They took 38 to 64 s, an attempt with TLS and one without for each of their questions.
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(ended).toMatchObject({
    status: 1,
    err: expect.stringContaining('Postgres cannot be reached: no answer to a new connection within 5 s'),
  });
  proxy.silence(false);
});

test('status --watch shows an outage, and the pipeline again when it is over', async () => {
  const watching = startNomnom(['status', file, '--watch', '--json'], { env });
  await watching.printed(/"dead_letters"/);
  await proxy.cut();
  await watching.printed(/"error":"[^"]*Postgres[^"]*"/);
  await proxy.restore();
  await watching.printed(/"error"[^]*"dead_letters"/);
  expect(await watching.stop()).toBe(0);
});
