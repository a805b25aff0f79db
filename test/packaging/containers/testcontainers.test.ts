import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { root } from '../../support/nomnom.ts';
import { dockerOf } from './docker.ts';

/** Of the suite: each starts nothing of its own, and asks both servers much. */
const PART = ['test/support/servers.test.ts', 'test/adapters/store-conformance.test.ts'];

test('the suite gets Postgres and NATS as containers where an engine answers', async () => {
  const docker = dockerOf(inject('engine'));
  const { TEST_DATABASE_URL: _d, TEST_NATS_URL: _n, ...env } = docker.env;
  const since = (await docker.run('info', '--format', '{{.SystemTime}}')).trim();
  // The container that cleans up after lost tests would have to be pulled.
  await promisify(execFile)('npx', ['vitest', 'run', ...PART], {
    cwd: root,
    env: { ...env, TESTCONTAINERS_RYUK_DISABLED: 'true' },
  });
  const until = (await docker.run('info', '--format', '{{.SystemTime}}')).trim();
  // Only a server that ran until the suite stopped it gives this event. Where one ends early, the suite takes a local one instead.
  const stopped = await docker.run(
    ...['events', '--since', since, '--until', until, '--filter', 'event=stop', '--format', '{{.From}}'],
  );
  expect(stopped.trim().split('\n').toSorted()).toEqual(['nats:2-alpine', 'postgres:17-alpine']);
});
