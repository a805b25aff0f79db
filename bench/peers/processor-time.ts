import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second of `/proc`, on every Linux that Node runs on. */
const TICKS = 100;

interface ProcessTimes {
  readonly parent: number;
  /** Seconds of all its threads. */
  readonly own: number;
  /** Seconds of the children that ended. */
  readonly ended: number;
}

/** Seconds of processor that a process has taken so far. */
export function processorTime(pid: number): number {
  return timesOf(pid)?.own ?? Number.NaN;
}

/** The same with all its children, those that ended included. NaN where the process is not known. */
export function processorTimeOfTree(pid: number | undefined): number {
  if (pid === undefined) return Number.NaN;
  const parent = timesOf(pid);
  if (parent === undefined) return Number.NaN;
  let seconds = parent.own + parent.ended;
  for (const child of processes()) {
    const times = timesOf(child);
    if (times?.parent === pid) seconds += times.own;
  }
  return seconds;
}

/** The process of a server that this machine runs: the program that was started with `-p PORT`. */
export function serverOn(url: string, program: string): number | undefined {
  const { port } = new URL(url);
  return processes().find((pid) => {
    const [command = '', ...args] = read(`/proc/${pid}/cmdline`).split('\0');
    return command.endsWith(`/${program}`) && args[args.indexOf('-p') + 1] === port;
  });
}

function processes(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function timesOf(pid: number): ProcessTimes | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  // The name of the program may have spaces; after it come the state, the parent, and the times from the twelfth on.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const seconds = (at: number): number => (fields[at] ?? 0) / TICKS;
  return { parent: fields[1] ?? 0, own: seconds(11) + seconds(12), ended: seconds(13) + seconds(14) };
}

/** Empty where the process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
