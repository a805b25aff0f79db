import { readdirSync, readFileSync } from 'node:fs';

/**
 * SIGKILL to a process and to all that it started, with no moment in which one of them learns of the other's end: what
 * was not yet handed to the system is gone, as in a power cut.
 */
export function killAtOnce(pid: number): void {
  // Standing still it starts no further ones.
  process.kill(pid, 'SIGSTOP');
  for (const child of childrenOf(pid)) signal(child, 'SIGKILL');
  signal(pid, 'SIGKILL');
}

/**
 * Holds the process up that hands the log of a Postgres to the system in the background. Whoever commits for good does
 * that alone, at once; a commit that waits for nobody stays in memory until it goes on.
 */
export function stallWalWriter(postmaster: number): void {
  for (const child of childrenOf(postmaster)) if (isWalWriter(child)) signal(child, 'SIGSTOP');
}

/** A backend may end between the list of processes and the look at it. */
function isWalWriter(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('walwriter');
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

/** The second field behind the name, which stands in brackets and may hold anything. */
function parentOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
