import { Failure } from '../ports/failure.ts';
import { holderText, type LockHolder } from '../ports/lock-holder.ts';
import type { Store } from '../ports/store.ts';
import { visible } from '../text/visible.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two looks. */
const LOOK_EVERY = 1_000;
/** Milliseconds for which a statement goes without an answer before anybody asks why. */
const PATIENCE = 500;

/**
 * Says whom a command waits for in Postgres, each once, while it waits, or once that nobody can tell: a pooler with one connection has no
 * other to ask over. Gives what ends that.
 */
export function tellLocks(store: Pick<Store, 'awaited'>, terminal: Terminal): () => void {
  const told = new Set<string>();
  let looking = false;
  let ended = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      for (const holder of await store.awaited(PATIENCE)) {
        const key = `${holder.pid} ${holder.since}`;
        if (!told.has(key)) terminal.note(noteOf(holder));
        told.add(key);
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!ended && !told.has(UNASKED)) terminal.note(unaskedText(error));
      told.add(UNASKED);
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}

const UNASKED = 'unasked';

function unaskedText({ message }: Failure): string {
  return (
    `waiting for Postgres, which cannot be asked whether somebody holds a lock: ${visible(message)}\n` +
    '  through a pooler this takes a second connection of its pool; straight to the server, see pg_blocking_pids and pg_stat_activity\n'
  );
}

function noteOf(holder: LockHolder): string {
  const { pid } = holder;
  if (pid === 0)
    return 'waiting for a lock of a prepared transaction: see pg_prepared_xacts, and end it there\n';
  return (
    `waiting for a lock that Postgres gave to ${visible(holderText(holder))}\n` +
    `  this goes on when its transaction ends; SELECT pg_terminate_backend(${pid}) ends it\n`
  );
}
