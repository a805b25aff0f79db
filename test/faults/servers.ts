import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalPostgres } from '../support/postgres-server.ts';
import { faulty, type FaultyServer } from './faulty.ts';
import { killAtOnce, stallWalWriter } from './kill-at-once.ts';
import { lastingPort } from './lasting-port.ts';
import { type NatsServers, startNats, withNats } from './nats-servers.ts';
import { startPooler } from './pooler.ts';
import type { Property } from './properties.ts';

export interface FaultyServers {
  readonly postgres: FaultyServer;
  /** From now until Postgres ends, a commit that waits for nothing is nowhere but in its memory. */
  stallWal(): void;
  /** All nodes as one. */
  readonly nats: FaultyServer;
  readonly natsNodes: readonly FaultyServer[];
  /** In front of Postgres, for the processes; absent in a round without one. */
  readonly pooler: FaultyServer | undefined;
  /** Such as 2.10.29. */
  readonly natsVersion: string;
  remove(): Promise<void>;
}

/** All servers from this machine's own binaries: what is to be ended and started again must be ours. */
export async function startServers(properties: readonly Property[]): Promise<FaultyServers> {
  const started: { remove(): Promise<void> }[] = [];
  const remove = async (): Promise<void> => {
    await Promise.all(started.map((each) => each.remove()));
  };
  const kept = <S extends { remove(): Promise<void> }>(server: S): S => {
    started.push(server);
    return server;
  };
  try {
    const { server: postgres, stallWal } = await startPostgres(properties.includes('lax commits'));
    kept(postgres);
    const { all: nats, nodes: natsNodes }: NatsServers = await startNats(properties.includes('cluster'));
    kept(nats);
    const pooler = properties.includes('pooler') ? kept(await startPooler(postgres.url)) : undefined;
    return { postgres, stallWal, nats, natsNodes, pooler, natsVersion: await versionOf(nats.url), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function versionOf(natsUrl: string): Promise<string> {
  return withNats(natsUrl, (connection) => Promise.resolve(connection.info?.version ?? ''));
}

/**
 * Whether a full stream only refuses: up to 2.9 the server weighs a new message without what it stores around it, takes
 * it, and deletes the oldest ones to make up for that.
 */
export function refusesWhenFull(natsVersion: string): boolean {
  return !/^[01]\.|^2\.[0-9]\./.test(natsVersion);
}

/** What was committed outlives the process, though not the machine: fsync stays off for speed. */
const STRICT = ['synchronous_commit=on', 'full_page_writes=on'];
/** A commit waits for nothing, and what it wrote waits for long until it is handed to the system. */
const LAX = [
  'synchronous_commit=off',
  'full_page_writes=on',
  'wal_writer_delay=10s',
  'wal_writer_flush_after=1GB',
];

async function startPostgres(lax: boolean): Promise<{ server: FaultyServer; stallWal: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-faults-postgres-'));
  const port = await lastingPort();
  const postmaster = (): number =>
    Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const server = await faulty(folder, {
    start: () => startLocalPostgres({ port, dataFolder: folder, settings: lax ? LAX : STRICT }),
    kill: (how) => {
      if (how === 'killed at once') killAtOnce(postmaster());
      else process.kill(postmaster(), 'SIGQUIT');
    },
    missing: 'install Postgres 15 or newer (Debian: apt-get install postgresql)',
  });
  return { server, stallWal: () => stallWalWriter(postmaster()) };
}
