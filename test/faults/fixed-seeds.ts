import { afterAll, describe, expect, test } from 'vitest';
import { balanceSheet } from './balance.ts';
import type { QueueKind } from './options.ts';
import { runFaults } from './run-faults.ts';
import { startServers, refusesWhenFull } from './servers.ts';

/** Faults that these seeds have drawn from the beginning. */
const KINDS = [
  ...['kill', 'restart', 'freeze', 'cut', 'half-open', 'slow'],
  ...['Postgres stopped', 'Postgres killed', 'Postgres unreachable', 'backends terminated', 'index dropped'],
  ...['stream full', 'NATS stopped', 'NATS killed', 'NATS unreachable'],
];

/** Small runs. They share their machine with other tests, so that recovery has twice the time that is promised. */
const SIZE = {
  seconds: 12,
  messages: 700,
  keys: 50,
  workers: 3,
  ingests: 2,
  outage: 0,
  recovery: 60,
  properties: [],
  only: KINDS,
};
const WITHIN = 180_000;

/** Three fixed seeds over one queue. */
export function fixedSeeds(queue: QueueKind, seeds: readonly number[]): void {
  describe(`three workers and two ingest processes over ${queue}, under faults`, async () => {
    const servers = await startServers([]);
    afterAll(servers.remove);
    const fullStream = queue === 'postgres' || refusesWhenFull(servers.natsVersion);

    test.for([...seeds])(
      'lose nothing, apply nothing twice and recover, as seed %i draws it',
      { timeout: WITHIN },
      async (seed) => {
        const lines: string[] = [];
        const run = await runFaults({ ...SIZE, seed, queue, fullStream }, servers, (line) =>
          lines.push(line),
        );
        expect(run.wrong, `${lines.join('\n')}\n${balanceSheet(run)}`).toEqual([]);
      },
    );
  });
}
