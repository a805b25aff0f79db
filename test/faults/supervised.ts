import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { executable, root } from '../support/nomnom.ts';

/** What a supervisor saw of one process and of those that took its place. */
export interface ProcessFacts {
  readonly name: string;
  starts: number;
  /** Ends before it was ready, each with a line that says why: a server differed from the plan. */
  refusedStarts: number;
  /** Ends that nobody asked for, with what was printed last. */
  readonly crashes: string[];
  /** Times that the log said that the role waits for a changed configuration. */
  pauses: number;
  /** Times that the log said that keys are not compared with what they stand for: Postgres did not answer. */
  uncompared: number;
  /** The most memory that it ever held, in MB; 0 where the system does not tell. */
  peak: number;
}

/** A process that is started again 300 ms after each of its ends, as a supervisor does. */
export interface Supervised {
  readonly name: string;
  readonly facts: ProcessFacts;
  running(): boolean;
  /** What it runs when it is started the next time. */
  change(args: readonly string[]): void;
  /** Sends a signal; gives whether there was a process to take it. */
  signal(signal: NodeJS.Signals): boolean;
  /** Ends it for good: politely first, and by force where that takes longer than it may. */
  end(): Promise<void>;
}

const START_AGAIN = 300;
/** A stop ends within 10 s by itself; the rest is for a loaded machine. */
const STOP_WITHIN = 15_000;
const LAST_LINES = 20;

export interface SupervisedProgram {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly note: (text: string) => void;
  /** Where to keep what it prints. */
  readonly logFile: string | undefined;
}

export function supervise({ name, args: first, env, note, logFile }: SupervisedProgram): Supervised {
  let args = first;
  const facts: ProcessFacts = {
    name,
    starts: 0,
    refusedStarts: 0,
    crashes: [],
    pauses: 0,
    uncompared: 0,
    peak: 0,
  };
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ending = false;
  let asked: NodeJS.Signals | undefined;
  /** SIGTERMs to one process: the second ends it at once, with status 1. */
  let politely = 0;

  const start = (): void => {
    facts.starts += 1;
    asked = undefined;
    politely = 0;
    let ready = false;
    const lines: string[] = [];
    const { DATABASE_URL: _d, NATS_URL: _n, PORT: _p, LOG_LEVEL: _l, ...rest } = process.env;
    const started = spawn(process.execPath, [executable(), ...args], {
      cwd: root,
      env: { ...rest, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const look = (line: string): void => {
      // A role may tell that it listens before its first look at the servers, after which it refuses no more.
      ready ||= line.includes('ready: ') || line.includes('"worker started"');
      if (line.includes('paused: the configuration must change')) facts.pauses += 1;
      if (line.includes('Idempotency-Keys are not compared')) facts.uncompared += 1;
      if (logFile !== undefined) appendFileSync(logFile, `${line}\n`);
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
    };
    createInterface({ input: started.stdout }).on('line', look);
    createInterface({ input: started.stderr }).on('line', look);
    started.on('close', (status, signal) => {
      child = undefined;
      // A process that is stopping may be gone before a SIGKILL reaches it.
      const stopped = asked === 'SIGTERM' || politely > 0;
      const wanted =
        (asked === 'SIGKILL' && signal === 'SIGKILL') ||
        (stopped && (status === 0 || (status === 1 && politely > 1)));
      if (!ready && asked === undefined && status === 1 && refuses(lines)) facts.refusedStarts += 1;
      else if (!wanted && !(asked !== undefined && !ready)) {
        facts.crashes.push(`${name} ended with ${signal ?? status}:\n${lines.join('\n')}`);
        note(`${name} ENDED BY ITSELF with ${signal ?? status}`);
      }
      if (!ending) timer = setTimeout(start, START_AGAIN);
    });
  };

  // A role waits for servers that are away, and would wait for ever for those of a runner that is gone.
  const leaveNone = (): void => void child?.kill('SIGKILL');
  process.once('exit', leaveNone);
  const sample = setInterval(() => {
    if (child?.pid !== undefined) facts.peak = Math.max(facts.peak, peakOf(child.pid));
  }, 500);
  start();

  return {
    name,
    facts,
    running: () => child !== undefined,
    change(changed) {
      args = changed;
    },
    signal(signal) {
      if (child === undefined) return false;
      if (signal === 'SIGKILL' || signal === 'SIGTERM') asked = signal;
      if (signal === 'SIGTERM') politely += 1;
      return child.kill(signal);
    },
    async end() {
      ending = true;
      clearTimeout(timer);
      clearInterval(sample);
      const last = child;
      if (last === undefined) {
        process.off('exit', leaveNone);
        return;
      }
      asked = 'SIGTERM';
      const closed = new Promise<void>((resolve) => last.once('close', () => resolve()));
      last.kill('SIGCONT');
      last.kill('SIGTERM');
      const late = setTimeout(() => {
        facts.crashes.push(`${name} did not stop within ${STOP_WITHIN} ms`);
        asked = 'SIGKILL';
        last.kill('SIGKILL');
      }, STOP_WITHIN);
      await closed;
      clearTimeout(late);
      process.off('exit', leaveNone);
    },
  };
}

/** A server that is away is waited for; only one that differs from the file, while an index is missing, is a refusal. */
function refuses(lines: readonly string[]): boolean {
  return lines.some((line) => line.includes('the live servers differ from '));
}

/** The most memory that a process held, in MB. */
function peakOf(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}
