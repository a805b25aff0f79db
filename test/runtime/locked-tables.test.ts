import { expect, test } from 'vitest';
import type { RoleKind } from '../../src/sql/role-kind.ts';
import { until } from '../support/until.ts';
import { idlePipeline, READY } from './idle-roles.ts';

type Case = readonly [queue: 'JetStream' | 'Postgres', kind: RoleKind, table: string, status: string];

const CASES: readonly Case[] = [
  ['Postgres', 'ingest', 'nomnom_queue', 'not_ready'],
  ['Postgres', 'ingest', 'nomnom_queue_dedupe', 'not_ready'],
  ['Postgres', 'ingest', 'nomnom_queue_size', 'not_ready'],
  ['Postgres', 'ingest', 'message_status', 'degraded'],
  ['JetStream', 'ingest', 'idempotency_keys', 'degraded'],
  ['Postgres', 'worker', 'nomnom_queue_lease', 'not_ready'],
  ['JetStream', 'worker', 'message_status', 'not_ready'],
  ['JetStream', 'worker', 'dead_letters', 'degraded'],
  ['JetStream', 'worker', 'orders', 'degraded'],
];

test.each(CASES)(
  'an idle role over %s, %s, whose table %s is locked, is %s and names who holds the lock, until that ends',
  { timeout: 120_000 },
  async (queue, kind, table, status) => {
    const pipeline = await idlePipeline(queue);
    const role = await pipeline.start(kind);
    await role.becomes('the role to be ready', READY);
    // As VACUUM FULL and many changes of a table take it.
    const { pid, end } = await pipeline.leaveOpen(`LOCK TABLE ${table}`);
    await role.becomes(
      'the lock to be told',
      new RegExp(
        `"(?:status|code)":"${status}".*waits for a lock on ${table} that pid ${pid} \\(psql, .* holds`,
      ),
    );
    await end();
    await role.becomes('the role to be ready again', READY);
    expect(await role.health()).not.toContain('lock');
  },
);

test('locks that keep nobody from writing are not told, nor is one in a schema of somebody else', async () => {
  const pipeline = await idlePipeline('Postgres', { ledgerSchema: 'own' });
  const role = await pipeline.start('ingest');
  await role.becomes('the role to be ready', READY);
  await pipeline.leaveOpen(
    'CREATE TABLE nomnom_queue (id int)',
    'LOCK TABLE nomnom_queue',
    'LOCK TABLE own.nomnom_queue IN SHARE UPDATE EXCLUSIVE MODE',
  );
  const { pid } = await pipeline.leaveOpen('LOCK TABLE own.message_status IN SHARE MODE');
  await role.becomes(
    'the lock that counts',
    new RegExp(`"degraded".*on own.message_status that pid ${pid} `),
  );
  expect(await role.health()).not.toContain('nomnom_queue');
});

test('an ingest whose messages wait for a lock on a row is not ready, and its log says once for whom', async () => {
  const pipeline = await idlePipeline('Postgres');
  const role = await pipeline.start('ingest');
  await role.becomes('the role to be ready', READY);
  expect((await role.post('Order', { id: 1, gone: false })).status).toBe(202);
  const { pid, end } = await pipeline.leaveOpen('SELECT FROM nomnom_queue_size FOR UPDATE');
  const answer = role.post('Order', { id: 2, gone: false });
  await role.becomes(
    'the lock to be told',
    new RegExp(`"not_ready".*waits for a lock on nomnom_queue_size that pid ${pid} `),
  );
  await end();
  await answer;
  await role.becomes('the role to be ready again', READY);
  expect((await role.post('Order', { id: 3, gone: false })).status).toBe(202);
  const told = () => role.log.lines.filter(({ message }) => message.startsWith('statements '));
  await until('the log to tell the end', () => told().length > 1);
  expect(told()).toMatchObject([
    {
      level: 'warn',
      message: 'statements stand still',
      fields: { code: 'STORE_LOCKED', reason: expect.stringContaining(`that pid ${pid} (psql`) },
    },
    { level: 'info', message: 'statements go on' },
  ]);
});
