import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The process ids of what a process has started and what still runs. */
export function childrenOf(parent: number): readonly number[] {
  if (!existsSync('/proc/self/stat')) {
    const listed = execFileSync('/bin/ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n');
    return listed
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, of]) => (pid !== undefined && of === parent ? [pid] : []));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number);
}

/** Undefined for a process that has ended meanwhile. */
function parentOf(pid: string): number | undefined {
  try {
    // The name before it stands in parentheses and may hold anything.
    return Number(/\) \S (\d+)[^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
