import { existsSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalPostgres } from '../../support/postgres-server.ts';
import { until } from '../../support/until.ts';
import { customer, openRig, order, QUEUES, shop } from './rig.ts';

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

/** What happens to the file of a table, and what Postgres says then. */
const FAULTS = [
  {
    what: 'is gone',
    says: 'Postgres cannot use its files: could not open file .* 58P01',
    begin: (file: string) => renameSync(file, `${file}.away`),
    end: (file: string) => renameSync(`${file}.away`, file),
  },
  {
    // Linux gives every writer of this device the answer of a full disk.
    what: 'has no room on the disk',
    says: 'Postgres has no disk space.* could not extend file .* 53100',
    begin: (file: string) => {
      renameSync(file, `${file}.away`);
      symlinkSync('/dev/full', file);
    },
    end: (file: string) => {
      unlinkSync(file);
      renameSync(`${file}.away`, file);
    },
  },
].filter(({ what }) => what === 'is gone' || existsSync('/dev/full'));

test.each(QUEUES.flatMap((kind) => FAULTS.map((fault) => ({ kind, ...fault }))))(
  'a table whose file $what for a while costs no message and stops no other table, over the $kind queue',
  async ({ kind, says, begin, end }) => {
    const { url, data } = await startReachable();
    const rig = await openRig(kind, shop('attempts: 1'), { databaseUrl: url });
    const [found] = await rig.rows(`SELECT pg_relation_filepath('customers') AS path`);
    const file = join(data, String(found?.['path']));
    await rig.publish(
      Array.from({ length: 80 }, (_, at) => (at % 2 === 0 ? customer(at) : order(at, 1, [1]))),
    );
    await rig.rows('CHECKPOINT');
    // Only connections made from now on look for the file.
    begin(file);
    const worker = rig.work();
    const paused = await until('a pause', () => {
      const state = worker.state();
      return state.kind === 'paused' && state;
    });
    expect(paused.reason).toMatch(new RegExp(says));
    await until(
      'messages that were given back',
      () => rig.log.lines.filter(({ message }) => message.startsWith('gave messages back')).length > 3,
      { within: 50_000 },
    );
    await rig.settled(40);
    await worker.counted({ applied: 40, dead: 0, retried: 0 });
    end(file);
    await rig.settled(80);
    expect(await rig.statuses()).toEqual({ completed: 80 });
    expect(await rig.rows('SELECT count(*)::int AS n FROM customers')).toEqual([{ n: 40 }]);
    expect(await rig.rows('SELECT max(retry_count) AS most FROM message_status')).toEqual([{ most: 0 }]);
  },
);
