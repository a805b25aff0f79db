import { readFileSync } from 'node:fs';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../ports/failure.ts';

/** Who holds a folder. A process number is used again, so the time at which the process started goes with it. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** As the system tells it; empty where it does not. */
  readonly started: string;
}

const LOCK = 'nomnom.lock';
const BEAT = 5_000;
/** A holder on another machine or in another container is known by its beat alone. */
const STALE_AFTER = 30_000;

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process, or rejects with FOLDER_LOCKED that names the holder. The lock of a process that
 * is gone is taken over.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK);
  const mine: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  while (!(await create(path, mine))) {
    const holder = await readHolder(path);
    if (holder === 'gone') continue;
    if (await isAlive(holder, path)) throw locked(folder, path, holder);
    // Only one of several that find a stale lock can move it away.
    const aside = `${path}.${process.pid}`;
    await rename(path, aside).catch(() => {});
    await rm(aside, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      const holder = await readHolder(path);
      if (holder !== 'gone' && holder?.pid === mine.pid && holder.host === mine.host)
        await rm(path, { force: true });
    },
  };
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(JSON.stringify(holder));
    } catch (error) {
      // On a full disk an empty file would stay, and say to the next process that somebody has the folder.
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The holder; undefined where the file says none, because it is being written or was cut off. */
async function readHolder(path: string): Promise<Holder | 'gone' | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'gone' : undefined;
  }
}

async function isAlive(holder: Holder | undefined, path: string): Promise<boolean> {
  if (holder === undefined || holder.host !== hostname()) {
    const beat = await stat(path).catch(() => undefined);
    return beat !== undefined && Date.now() - beat.mtimeMs < STALE_AFTER;
  }
  if (holder.pid === process.pid) return holder.started === startOf(process.pid);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return holder.started === startOf(holder.pid);
}

/** When a process started, in clock ticks since the machine did, with the name of that start; Linux only. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The program's name, in parentheses, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    return `${boot} ${fields?.[19] ?? ''}`;
  } catch {
    return '';
  }
}

function locked(folder: string, path: string, holder: Holder | undefined): Failure {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new Failure('FOLDER_LOCKED', `${folder} is in use by ${who}`, {
    help: `Stop it, give \`--data\` another folder, or remove ${path} if it no longer runs.`,
  });
}
