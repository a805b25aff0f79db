import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf } from './child-processes.ts';
import { startLocalPostgres } from './postgres-server.ts';
import { freePort, type RunningServer } from './process.ts';
import { until } from './until.ts';

/** A Postgres of this machine's own binaries that a test can kill and start again with what it had written. */
export interface CrashingPostgres {
  readonly url: string;
  /** Kills the server and all its backends at once, with SIGKILL, and starts it again at the same address. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Commits nothing to disk by itself: `synchronous_commit = off`, and the WAL writer sleeps for ten seconds. So what a
 * client did not ask to be durable is lost by a crash.
 */
export async function startCrashingPostgres(): Promise<CrashingPostgres> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'nomnom-crashing-'));
  chmodSync(dataFolder, 0o700);
  const port = await freePort();
  const start = async (): Promise<RunningServer> => {
    const settings = ['synchronous_commit=off', 'wal_writer_delay=10s'];
    const server = await startLocalPostgres({ dataFolder, port, settings });
    if (server === undefined)
      throw new Error('the tests kill a Postgres of their own: install Postgres 15 or newer');
    return server;
  };
  let server = await start();
  return {
    url: server.url,
    async crash() {
      killAtOnce(Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]));
      await server.stop();
      // The port and the shared memory of the dead may take a moment to go.
      server = await until('Postgres to start again', start, { within: 60_000, every: 200 });
    },
    async stop() {
      await server.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** The stopped postmaster sees no child die and starts none; so no backend lives to write anything after another. */
function killAtOnce(postmaster: number): void {
  process.kill(postmaster, 'SIGSTOP');
  for (const pid of [...childrenOf(postmaster), postmaster]) process.kill(pid, 'SIGKILL');
}
