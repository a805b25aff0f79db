import { describe, expect, test } from 'vitest';
import { balanceSheet } from './balance.ts';
import type { QueueKind } from './options.ts';
import type { Property } from './properties.ts';
import { runFaults } from './run-faults.ts';
import { startServers, refusesWhenFull } from './servers.ts';

/** Faults that these seeds have drawn from the beginning. */
const KINDS = [
  ...['kill', 'restart', 'freeze', 'cut', 'half-open', 'slow'],
  ...['Postgres stopped', 'Postgres killed', 'Postgres unreachable', 'backends terminated', 'index dropped'],
  ...['stream full', 'NATS stopped', 'NATS killed', 'NATS unreachable'],
];

/** Small runs. They share their machine with other tests, so that recovery has four times what is promised. */
const SIZE = {
  seconds: 12,
  messages: 700,
  keys: 50,
  workers: 3,
  ingests: 2,
  outage: 0,
  recovery: 120,
};
const WITHIN = 400_000;

export interface FixedSeed {
  readonly seed: number;
  readonly properties: readonly Property[];
  /** Faults besides those of all seeds. */
  readonly kinds: readonly string[];
}

/** Fixed seeds over one queue. */
export function fixedSeeds(queue: QueueKind, seeds: readonly FixedSeed[]): void {
  describe(`three workers and two ingest processes over ${queue}, under faults`, () => {
    test.for(seeds)(
      'lose nothing, apply nothing twice and recover, as seed $seed draws it',
      { timeout: WITHIN },
      async ({ seed, properties, kinds }) => {
        const servers = await startServers(properties);
        try {
          const fullStream = queue === 'postgres' || refusesWhenFull(servers.natsVersion);
          const only = [...KINDS, ...kinds];
          const lines: string[] = [];
          const options = { ...SIZE, seed, queue, fullStream, properties, only };
          const run = await runFaults(options, servers, (line) => lines.push(line));
          expect(run.wrong, `${lines.join('\n')}\n${balanceSheet(run)}`).toEqual([]);
        } finally {
          await servers.remove();
        }
      },
    );
  });
}
