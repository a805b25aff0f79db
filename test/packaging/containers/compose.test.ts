import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { nomnom } from '../../support/nomnom.ts';
import { until } from '../../support/until.ts';
import { type Compose, composeOf } from './compose.ts';
import { dockerOf } from './docker.ts';

const docker = dockerOf(inject('engine'));
let compose: Compose;
beforeAll(async () => {
  compose = await composeOf('compose.yaml');
});
afterAll(() => compose.down());

test('after `up`, a message that curl sends is a row', async () => {
  const started = performance.now();
  await compose.up();
  const answer = await fetch(`${compose.ingest}/ingest/Ping`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // None of the three that the last test sends.
    body: '{"id":"44444444-4444-4444-8444-444444444444","sent_at":"2026-01-01T12:00:00Z","note":"hello"}',
  });
  expect(answer.status, await answer.text()).toBe(202);
  await until('the row', async () => (await compose.query('SELECT note FROM pings')) === 'hello', {
    every: 200,
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`from nothing to a row by compose: ${seconds} s\n`);
});

test('no service is root, can write to its image or has a right, and ports are of this machine only', async () => {
  const ids = (await compose.run('ps', '--all', '--quiet')).trim().split('\n');
  // Postgres, NATS, apply, ingest, two workers, Prometheus; Grafana where there is one.
  expect(ids.length).toBeGreaterThanOrEqual(7);
  const format =
    '{{.Name}} user={{.Config.User}} read-only={{.HostConfig.ReadonlyRootfs}} dropped={{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}';
  const lines = (await docker.run('inspect', '--format', format, ...ids)).trim().split('\n');
  for (const line of lines)
    expect(line).toMatch(/ user=[1-9]\S* read-only=true dropped=\[ALL\] \[no-new-privileges=true\]$/);
  const ports = await docker.run('inspect', '--format', '{{json .HostConfig.PortBindings}}', ...ids);
  expect([...ports.matchAll(/"HostIp":"([^"]*)"/g)].map(([, address]) => address)).toEqual([
    '127.0.0.1',
    '127.0.0.1',
  ]);
});

test('Prometheus reads every role and has the alert rules', async () => {
  await until(
    'three roles that answer Prometheus',
    async () => {
      const answer = await fetch(`${compose.prometheus}/api/v1/query?query=count(nomnom_ready)`);
      return (await answer.text()).includes('"3"]');
    },
    { every: 500 },
  );
  const rules = await (await fetch(`${compose.prometheus}/api/v1/rules`)).text();
  expect(rules).toContain('NomnomLag');
});

test('the first key closes the pipeline, and `up` again keeps everything', async () => {
  const key = (
    await compose.run('run', '--rm', '-T', 'apply', 'keys', 'create', 'minimal.nom', 'pos', '--yes')
  ).match(/nom_\w+/)?.[0];
  const send = (env: Readonly<Record<string, string>>) =>
    nomnom(
      ['send', 'pipelines/minimal.nom', 'Ping', 'pipelines/minimal/ping.ndjson', '--url', compose.ingest],
      { env },
    );
  await until('a message without a key to be refused', async () => {
    const answer = await fetch(`${compose.ingest}/ingest/Ping`, { method: 'POST', body: '{}' });
    return answer.status === 401;
  });
  await compose.up();
  const sent = await send({ NOMNOM_KEY: key ?? '' });
  expect(sent.out + sent.err).toContain('3 accepted');
  await until('all rows', async () => (await compose.query('SELECT count(*) FROM pings')) === '4', {
    every: 200,
  });
});
