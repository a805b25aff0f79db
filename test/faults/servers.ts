import { connect } from '@nats-io/transport-node';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalNats } from '../support/nats-server.ts';
import { startLocalPostgres } from '../support/postgres-server.ts';
import type { RunningServer } from '../support/process.ts';
import { until } from '../support/until.ts';
import { lastingPort } from './lasting-port.ts';

/** A server that can be ended and started again with what it had stored, at the same address. */
export interface FaultyServer {
  readonly url: string;
  /** Ends it in order, or as a power cut of the process would, without a word to its clients. */
  end(how: 'stopped' | 'killed'): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes what it stored. */
  remove(): Promise<void>;
}

export interface FaultyServers {
  readonly postgres: FaultyServer;
  readonly nats: FaultyServer;
  /** Such as 2.10.29. */
  readonly natsVersion: string;
  remove(): Promise<void>;
}

/** Both servers from this machine's own binaries: what is to be ended and started again must be ours. */
export async function startServers(): Promise<FaultyServers> {
  const started = await Promise.allSettled([startPostgres(), startNats()]);
  const [postgres, nats] = started;
  if (postgres.status === 'fulfilled' && nats.status === 'fulfilled') {
    return {
      postgres: postgres.value,
      nats: nats.value,
      natsVersion: await versionOf(nats.value.url),
      remove: async () => {
        await Promise.all([postgres.value.remove(), nats.value.remove()]);
      },
    };
  }
  for (const each of started) if (each.status === 'fulfilled') await each.value.remove();
  throw postgres.status === 'rejected' ? postgres.reason : nats.status === 'rejected' && nats.reason;
}

async function versionOf(natsUrl: string): Promise<string> {
  const connection = await connect({ servers: natsUrl });
  const version = connection.info?.version ?? '';
  await connection.close();
  return version;
}

/**
 * Whether a full stream only refuses: up to 2.9 the server weighs a new message without what it stores around it, takes
 * it, and deletes the oldest ones to make up for that.
 */
export function refusesWhenFull(natsVersion: string): boolean {
  return !/^[01]\.|^2\.[0-9]\./.test(natsVersion);
}

async function startPostgres(): Promise<FaultyServer> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-faults-postgres-'));
  const port = await lastingPort();
  return faulty(folder, {
    start: () =>
      startLocalPostgres({
        port,
        dataFolder: folder,
        // What was committed outlives the process, though not the machine: fsync stays off for speed.
        settings: ['synchronous_commit=on', 'full_page_writes=on'],
      }),
    kill: () =>
      process.kill(Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT'),
    missing: 'install Postgres 15 or newer (Debian: apt-get install postgresql)',
  });
}

async function startNats(): Promise<FaultyServer> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-faults-nats-'));
  const port = await lastingPort();
  const pidFile = join(folder, 'pid');
  return faulty(folder, {
    start: () =>
      startLocalNats({ port, storeFolder: join(folder, 'store'), extra: `pid_file: "${pidFile}"` }),
    kill: () => process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL'),
    missing: 'install nats-server 2.9 or newer (Debian: apt-get install nats-server)',
  });
}

interface Ways {
  readonly start: () => Promise<RunningServer | undefined>;
  readonly kill: () => void;
  readonly missing: string;
}

async function faulty(folder: string, { start, kill, missing }: Ways): Promise<FaultyServer> {
  chmodSync(folder, 0o700);
  const begin = async (): Promise<RunningServer> => {
    const server = await start();
    if (server === undefined) throw new Error(`the fault runner ends and starts servers itself: ${missing}`);
    return server;
  };
  let running: RunningServer | undefined = await begin();
  const { url } = running;
  const end = async (how: 'stopped' | 'killed'): Promise<void> => {
    const ending = running;
    running = undefined;
    if (ending === undefined) return;
    if (how === 'killed') kill();
    await ending.stop();
  };
  return {
    url,
    end,
    async start() {
      if (running !== undefined) return;
      // A killed server may leave children and a port that take a moment to go.
      running = await until('a server to start again', begin, { within: 30_000, every: 200 });
    },
    async remove() {
      await end('stopped');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
