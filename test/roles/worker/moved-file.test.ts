import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalPostgres } from '../../support/postgres-server.ts';
import { until } from '../../support/until.ts';
import { customer, openRig, QUEUES, shop } from './rig.ts';

/** A server whose files the test can reach. */
async function startReachable(): Promise<{ readonly url: string; readonly data: string }> {
  const data = mkdtempSync(join(tmpdir(), 'nomnom-moved-'));
  const server = await startLocalPostgres({ dataFolder: data });
  if (server === undefined)
    throw new Error('install Postgres 15 or newer (Debian: apt-get install postgresql)');
  onTestFinished(async () => {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  });
  return { url: server.url, data };
}

test.each(QUEUES)(
  'a table whose file is gone for a while costs no message, over the %s queue',
  async (kind) => {
    const { url, data } = await startReachable();
    const rig = await openRig(kind, shop('attempts: 1'), { databaseUrl: url });
    const [found] = await rig.rows(`SELECT pg_relation_filepath('customers') AS path`);
    const file = join(data, String(found?.['path']));
    await rig.publish(Array.from({ length: 40 }, (_, at) => customer(at)));
    await rig.rows('CHECKPOINT');
    // Only connections made from now on look for the file.
    renameSync(file, `${file}.away`);
    const worker = rig.work();
    const paused = await until('a pause', () => {
      const state = worker.state();
      return state.kind === 'paused' && state;
    });
    expect(paused.reason).toContain('58P01');
    await until(
      'messages that were given back',
      () => rig.log.lines.filter(({ message }) => message.startsWith('gave messages back')).length > 3,
      { within: 50_000 },
    );
    await worker.counted({ applied: 0, dead: 0, retried: 0 });
    renameSync(`${file}.away`, file);
    await rig.settled(40);
    expect(await rig.statuses()).toEqual({ completed: 40 });
    expect(await rig.rows('SELECT count(*)::int AS n FROM customers')).toEqual([{ n: 40 }]);
    expect(await rig.rows('SELECT max(retry_count) AS most FROM message_status')).toEqual([{ most: 0 }]);
  },
);
