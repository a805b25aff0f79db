import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process under measurement. */
export interface Child {
  readonly pid: number;
  /** The highest resident memory so far, in MB. */
  peakMemory(): number;
  stop(): Promise<void>;
}

/** Starts a Node program and waits for a line of its output that matches. */
export async function startChild(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<Child & { readonly match: RegExpExecArray; readonly readyAt: number }> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    const look = (data: Buffer): void => {
      if (output.length > 100_000) return;
      output += data.toString();
      const found = ready.exec(output);
      if (found !== null) resolve(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}:\n${output}`)));
  });
  return { ...controls(child), match, readyAt: performance.now() };
}

function controls(child: ChildProcess): Child {
  const { pid } = child;
  if (pid === undefined) throw new Error('the process has no id');
  return {
    pid,
    peakMemory: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    stop: () =>
      new Promise((resolve) => {
        child.on('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
