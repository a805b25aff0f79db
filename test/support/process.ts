import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/** A server that somebody runs for the tests. */
export interface RunningServer {
  readonly url: string;
  /** Ends the server and removes its folder; safe to call twice. */
  stop(): Promise<void>;
}

export interface GuardedProcess {
  readonly child: ChildProcess;
  /** Whether the program has ended, by itself or by `stop`. */
  ended(): boolean;
  /** The last that a program which has ended wrote; its log is gone with its folder. */
  lastWords(): string;
  stop(): Promise<void>;
}

export interface GuardedProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Removed once the program has ended; also its working directory. */
  readonly folder: string;
  /** Standard output and error go to this file. */
  readonly logFile: string;
  /** The signal that ends the program quickly and cleanly. */
  readonly signal: 'INT' | 'TERM';
  /** The user to run as; the same as this process when absent. */
  readonly user?: UnixUser | undefined;
}

/*
 * A shell stands between us and the program and reads its standard input, which nobody writes: the read ends when
 * this process closes the pipe, and also when this process dies in whatever way. So no server outlives its tests,
 * not even after SIGKILL, and Ctrl-C (which a terminal sends to our process group only) ends it in order.
 */
const GUARD = `
exec 3<&0
signal=$1; folder=$2; log=$3; shift 3
"$@" >"$log" 2>&1 3<&- &
program=$!
{ read -r _ <&3; kill -s "$signal" "$program"; } 2>/dev/null &
reader=$!
wait "$program"; status=$?
kill "$reader" 2>/dev/null
tail -c 4000 "$log" >&2
cd / && rm -rf "$folder"
exit "$status"
`;

export function startGuarded(program: GuardedProgram): GuardedProcess {
  const { user } = program;
  const child = spawn(
    '/bin/sh',
    ['-c', GUARD, 'guard', program.signal, program.folder, program.logFile, program.command, ...program.args],
    {
      cwd: program.folder,
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    },
  );
  let over = false;
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words += text));
  const exit = new Promise<void>((resolve) => {
    const finish = () => {
      over = true;
      resolve();
    };
    // Not `exit`: what it wrote is to be read first.
    child.once('close', finish);
    child.once('error', finish);
  });
  child.stdin?.on('error', () => {});
  return {
    child,
    ended: () => over,
    lastWords: () => words,
    async stop() {
      child.stdin?.end();
      await exit;
    },
  };
}

export interface UnixUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The first of the named users that this machine has. */
export function findUser(names: readonly string[]): UnixUser | undefined {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of names) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields !== undefined) return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return undefined;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The full path of a program, from the PATH or from the further folders. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  return [...(process.env['PATH'] ?? '').split(delimiter), ...folders]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A port of the loopback address that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** How often another port is tried. */
const TRIES = 5;

/**
 * Starts a server at a port that is free. Another process may take it in between: then the server says so and ends, and
 * another port is tried.
 */
export async function atFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1)
    try {
      return await start(await freePort());
    } catch (error) {
      if (left === 1 || !isTaken(error)) throw error;
    }
}

/** Whether a server ended because somebody else has its port. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && /address already in use|cannot listen/i.test(error.message);
}
