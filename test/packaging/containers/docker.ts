import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dockerAnswers } from '../../support/docker.ts';
import { findProgram, startGuarded } from '../../support/process.ts';
import { until } from '../../support/until.ts';

/** A container engine and its client. */
export interface Docker {
  /** Runs a command of the client and gives its standard output; rejects with what it said where it fails. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  /** For scripts that call the client themselves. */
  readonly env: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
}

/** The engine that answers, else a `dockerd` for these tests alone; rejects with what is missing where neither can be had. */
export async function provideDocker(): Promise<Docker> {
  if (await dockerAnswers()) return client(process.env, async () => {});
  const daemon = findProgram('dockerd', ['/usr/sbin']);
  if (daemon === undefined)
    throw new Error('no container engine answers, and there is no dockerd: apt-get install docker.io');
  const folder = mkdtempSync('/tmp/nomnom-docker-');
  const logFile = join(folder, 'log');
  const socket = `unix://${join(folder, 'socket')}`;
  const server = startGuarded({
    command: daemon,
    args: [
      '--storage-driver=vfs',
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'pid'), '--host', socket],
    ],
    folder,
    logFile,
    signal: 'TERM',
  });
  try {
    const docker = await client({ ...process.env, DOCKER_HOST: socket }, () => server.stop());
    await until(
      'dockerd to answer',
      async () => {
        if (server.ended()) return true;
        return (await docker.run('version')) !== '';
      },
      { within: 60_000, every: 200 },
    );
    if (server.ended()) throw new Error('dockerd ended');
    return docker;
  } catch (error) {
    const log = readFileSync(logFile, 'utf8').slice(-2000);
    await server.stop();
    throw new Error(`no container engine can start here; dockerd said:\n${log}`, { cause: error });
  }
}

/** The engine that `setup.ts` found. */
export function dockerOf({ host, program: command }: Engine): Docker {
  return clientOf(
    { ...process.env, DOCKER_BUILDKIT: '1', DOCKER: command, ...(host === '' ? {} : { DOCKER_HOST: host }) },
    async () => {},
  );
}

/** What a test needs to reach the engine. */
export interface Engine {
  /** `unix:///…`; empty for the usual place. */
  readonly host: string;
  /** The program of the client. */
  readonly program: string;
}

/** The client builds with BuildKit: that of Debian by itself, a newer one with its part `buildx`. */
async function client(from: NodeJS.ProcessEnv, stop: () => Promise<void>): Promise<Docker> {
  return clientOf({ ...from, DOCKER_BUILDKIT: '1', DOCKER: await program() }, stop);
}

function clientOf(env: NodeJS.ProcessEnv & { DOCKER: string }, stop: () => Promise<void>): Docker {
  return {
    env,
    stop,
    run: async (...args) => {
      const options = { env, maxBuffer: 64 * 1024 * 1024 };
      return (await promisify(execFile)(env.DOCKER, args, options)).stdout;
    },
  };
}

async function program(): Promise<string> {
  for (const candidate of ['docker', '/usr/bin/docker']) {
    try {
      const { stdout } = await promisify(execFile)(candidate, ['--version']);
      const old = Number(/version (\d+)/.exec(stdout)?.[1]) < 23;
      if (old || (await promisify(execFile)(candidate, ['buildx', 'version'])).stdout !== '')
        return candidate;
    } catch {
      // Not there, or without BuildKit: the next one.
    }
  }
  throw new Error('no docker client with BuildKit: apt-get install docker.io, or install docker-buildx');
}
