import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { doctorLines } from '../support/doctor-lines.ts';
import { heldConnection } from '../support/held-connection.ts';
import { startLocalNats } from '../support/nats-server.ts';
import { nomnom } from '../support/nomnom.ts';

const file = 'pipelines/tpch.nom';

async function servers() {
  const nats = await startLocalNats();
  if (nats === undefined) throw new Error('the test reloads a nats-server of its own');
  onTestFinished(() => nats.stop());
  const { url } = await freshDatabase();
  const env = { DATABASE_URL: url, NATS_URL: nats.url };
  expect(await nomnom(['apply', file, '--yes'], { env })).toMatchObject({ status: 0 });
  return { nats, env };
}

test('doctor fails where max_payload leaves no room for a message, for those who publish', async () => {
  const { nats, env } = await servers();
  await nats.reload('max_payload: 300');
  const { status, lines } = await doctorLines(file, env, ['--role=ingest']);
  expect(status).toBe(1);
  // A server before 2.10 has one more fault.
  const failed = lines.filter(
    ({ status: each, message }) => each === 'fail' && !/deletes the oldest/.test(message),
  );
  expect(failed).toEqual([
    {
      area: 'NATS',
      status: 'fail',
      message: expect.stringContaining('max_payload of the NATS servers is 300 bytes'),
      help: expect.stringContaining('Raise `max_payload`'),
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain('takes at most 0');
  expect(JSON.stringify(await doctorLines(file, env, ['--role=worker']))).not.toContain('max_payload');
});

test('doctor names a nats-server that has no more connections, and what to do', async () => {
  const { nats, env } = await servers();
  await nats.reload('max_connections: 1');
  await heldConnection(nats.url);
  const { status, lines } = await doctorLines(file, env, ['--role=ingest']);
  expect(status).toBe(1);
  expect(lines.filter(({ area }) => area === 'NATS')).toEqual([
    expect.objectContaining({
      status: 'fail',
      message: expect.stringContaining('has no more connections: maximum connections exceeded'),
      help: expect.stringContaining('max_connections'),
    }),
  ]);
});
