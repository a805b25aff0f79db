import { expect, test } from 'vitest';
import type { RoleKind } from '../../src/sql/role-kind.ts';
import { until } from '../support/until.ts';
import { idlePipeline, READY } from './idle-roles.ts';

const KINDS: readonly RoleKind[] = ['ingest', 'worker'];
/** Without any of these the role is of no use, whichever messages come. */
const USELESS: Readonly<Record<RoleKind, readonly string[]>> = {
  ingest: [
    'SELECT on nomnom_queue_stream',
    'SELECT on nomnom_queue_consumer',
    'SELECT on nomnom_queue_turn',
    'SELECT on nomnom_queue_dedupe_turn',
    'SELECT on nomnom_queue_size',
    'UPDATE on nomnom_queue_size',
    'SELECT on nomnom_queue_dedupe',
    'INSERT on nomnom_queue_dedupe',
    'UPDATE on nomnom_queue_dedupe',
    'SELECT on nomnom_queue',
    'INSERT on nomnom_queue',
  ],
  worker: [
    'SELECT on message_status',
    'INSERT on message_status',
    'UPDATE on message_status',
    'SELECT on nomnom_queue',
    'SELECT on nomnom_queue_lease',
    'INSERT on nomnom_queue_lease',
    'UPDATE on nomnom_queue_lease',
    'DELETE on nomnom_queue_lease',
  ],
};

const QUEUES = ['JetStream', 'Postgres'] as const;

test.each(QUEUES.flatMap((queue) => KINDS.map((kind) => ({ queue, kind }))))(
  'an idle $kind over $queue tells each right that is revoked, and is not ready where it is of no use without it',
  { timeout: 120_000 },
  async ({ queue, kind }) => {
    const role = await (await idlePipeline(queue)).start(kind);
    await role.becomes('the role to be ready', READY);
    const useless: string[] = [];
    for (const [table, rights] of Object.entries(role.grants))
      for (const right of rights) {
        const name = `${right} on ${table.replaceAll('"', '')}`;
        const isUseless = USELESS[kind].includes(name);
        if (isUseless) useless.push(name);
        await role.revoke(right, table);
        const words = `"(?:status":"degraded|code":"not_ready).*\\b${name}\\b`;
        await role.becomes(
          `${name} to be told`,
          new RegExp(isUseless ? words.replace('status":"degraded|', '') : words),
        );
        await role.grant(right, table);
        await role.becomes(`the role to be well with ${name}`, READY);
      }
    expect(useless).toEqual(
      USELESS[kind].filter((name) => queue === 'Postgres' || !name.includes('nomnom_queue')),
    );
  },
);

test('an idle worker that may write the tables of no entity is not ready, and of some, degraded', async () => {
  const worker = await (await idlePipeline('Postgres')).start('worker');
  await worker.becomes('the role to be ready', READY);
  await worker.revoke('INSERT', 'orders');
  await worker.becomes('the first table to be told', /"degraded".*INSERT on orders/);
  await worker.revoke('INSERT', 'hooks');
  await worker.becomes('both to be told', /"not_ready".*INSERT on orders, INSERT on hooks/);
  await until('the log to tell it', () =>
    worker.log.lines.some(
      ({ message, fields }) =>
        message.startsWith('paused') && JSON.stringify(fields).includes('INSERT on hooks'),
    ),
  );
  await worker.grant('INSERT', 'orders');
  await worker.becomes('the last one to be told', /"degraded".*lacks INSERT on hooks/);
  await worker.grant('INSERT', 'hooks');
  await worker.becomes('the role to be ready', READY);
  const changes = worker.log.lines.flatMap(({ message }) => /^(paused|resumed)/.exec(message)?.[0] ?? []);
  expect(changes[0]).toBe('paused');
});
