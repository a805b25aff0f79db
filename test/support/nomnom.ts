import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ran, runInProcess, runsInProcess } from './run-in-process.ts';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where `executable.ts` has made it, or this checkout where a run needs no servers. */
export const executable = (): string => join(process.env['NOMNOM_FOLDER'] ?? root, 'bin/nomnom');

/**
 * How a process of nomnom is started: with this Node, or by itself where `NOMNOM_BINARY` names a single executable, as the
 * tests of packages do.
 */
function started(args: readonly string[]): readonly [program: string, args: readonly string[]] {
  const binary = process.env['NOMNOM_BINARY'];
  return binary === undefined ? [process.execPath, [executable(), ...args]] : [binary, args];
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** The environment without the settings of the machine that runs the tests. */
function cleanEnv(env: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _d,
    NATS_URL: _n,
    PORT: _p,
    LOG_LEVEL: _l,
    NOMNOM_FOLDER: built,
    ...rest
  } = process.env;
  // What Node compiles goes when the bundle goes.
  const cache = built === undefined ? {} : { NODE_COMPILE_CACHE: join(built, 'compiled') };
  return { ...rest, NO_COLOR: '1', ...cache, ...env };
}

/**
 * Runs a command to its end: in this process where it does the same there, or else as `nomnomProcess`. What the tests of packages
 * examine is always a process.
 */
export function nomnom(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { env, input, cwd } = options;
  const alike =
    input === undefined && cwd === undefined && env?.['NODE_OPTIONS'] === undefined && runsInProcess(args);
  if (alike && process.env['NOMNOM_BINARY'] === undefined) return runInProcess(args, cleanEnv(env));
  return nomnomProcess(args, options);
}

/** Runs the executable to its end. */
export function nomnomProcess(
  args: readonly string[],
  { env, input = '', cwd = root }: RunOptions = {},
): Promise<Ran> {
  const child = spawn(...started(args), { cwd, env: cleanEnv(env) });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })));
}

export interface Started {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Resolves with the first match of the output. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and resolves with the exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the executable and leaves it running. */
export function startNomnom(args: readonly string[], { env, cwd = root }: RunOptions = {}): Started {
  const child = spawn(...started(args), { cwd, env: cleanEnv(env) });
  let text = '';
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const collect = (data: Buffer): void => void (text += data.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return {
    child,
    output: () => text,
    printed: async (pattern) => {
      const seen = new Promise<RegExpExecArray>((resolve) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match !== null) resolve(match);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        look();
      });
      const match = await Promise.race([seen, exited]);
      if (match === null || typeof match === 'number')
        throw new Error(`nomnom ended with ${match}:\n${text}`);
      return match;
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}
