import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process under measurement. */
export interface Child {
  readonly pid: number;
  /** The highest resident memory so far, in MB. */
  peakMemory(): number;
  /** The first match in its output so far. */
  said(pattern: RegExp): RegExpExecArray | null;
  /** Waits for a line of its output that matches; at once, where that was said before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Throws where the process has ended by itself. */
  mustRun(): void;
  stop(): Promise<void>;
}

/** Starts a program, of Node if no other is named, and waits for a line of its output that matches. */
export async function startChild(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: RegExp,
  command = process.execPath,
): Promise<Child & { readonly match: RegExpExecArray; readonly readyAt: number }> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = listenTo(child, args.join(' '));
  const match = await heard.says(ready);
  return { ...controls(child), ...heard, match, readyAt: performance.now() };
}

/** Characters of output that are searched. */
const HEARD = 100_000;

function listenTo(child: ChildProcess, name: string): Pick<Child, 'said' | 'says' | 'mustRun'> {
  let output = '';
  let ended: Error | undefined;
  const waiting = new Set<() => void>();
  const hear = (data: Buffer): void => {
    if (output.length > HEARD) return;
    output += data.toString();
    for (const look of waiting) look();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.on('exit', (code) => {
    ended = new Error(`${name} ended with ${code}:\n${output}`);
    for (const look of waiting) look();
  });
  return {
    said: (pattern) => pattern.exec(output),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(output);
          if (found === null && ended === undefined) return;
          waiting.delete(look);
          if (found !== null) resolve(found);
          else if (ended !== undefined) reject(ended);
        };
        waiting.add(look);
        look();
      }),
    mustRun() {
      if (ended !== undefined) throw ended;
    },
  };
}

function controls(child: ChildProcess): Omit<Child, 'said' | 'says' | 'mustRun'> {
  const { pid } = child;
  if (pid === undefined) throw new Error('the process has no id');
  return {
    pid,
    peakMemory: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve();
          return;
        }
        child.on('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
