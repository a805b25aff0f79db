import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf } from './child-processes.ts';
import { startLocalPostgres } from './postgres-server.ts';

/** A Postgres of a test's own whose processes stand still for a while, as in a write to a disk that does not end. */
export interface FreezablePostgres {
  readonly url: string;
  /** Stops these processes of it, or all of its children: what connects then waits for its greeting. */
  freeze(pids?: readonly number[]): void;
  /** Lets everything go on. */
  thaw(): void;
  stop(): Promise<void>;
}

/** It writes each commit to disk. */
export async function startFreezablePostgres(): Promise<FreezablePostgres> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'nomnom-freezing-'));
  chmodSync(dataFolder, 0o700);
  const server = await startLocalPostgres({ dataFolder, durable: true });
  if (server === undefined)
    throw new Error('the tests freeze a Postgres of their own: install Postgres 15 or newer');
  const postmaster = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const frozen = new Set<number>();
  const send = (pid: number, signal: NodeJS.Signals): void => {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  };
  const thaw = (): void => {
    for (const pid of frozen) send(pid, 'SIGCONT');
    frozen.clear();
  };
  return {
    url: server.url,
    freeze(pids = [postmaster, ...childrenOf(postmaster)]) {
      for (const pid of pids) {
        frozen.add(pid);
        send(pid, 'SIGSTOP');
      }
    },
    thaw,
    async stop() {
      thaw();
      await server.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
