import { Failure } from '../ports/failure.ts';
import type { LockHolder } from '../ports/lock-holder.ts';
import type { Store } from '../ports/store.ts';
import { visible } from '../text/visible.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two looks. */
const LOOK_EVERY = 1_000;

/** Says whom a command waits for in Postgres, each once, while it waits. Gives what ends that. */
export function tellLocks(store: Pick<Store, 'awaited'>, terminal: Terminal): () => void {
  const told = new Set<string>();
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      for (const holder of await store.awaited()) {
        const key = `${holder.pid} ${holder.since}`;
        if (!told.has(key)) terminal.note(holderText(holder));
        told.add(key);
      }
    } catch (error) {
      // Where Postgres is away the command itself says so.
      if (!(error instanceof Failure)) throw error;
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY);
  return () => clearInterval(timer);
}

function holderText({ pid, application, user, state, since }: LockHolder): string {
  if (pid === 0)
    return 'waiting for a lock of a prepared transaction: see pg_prepared_xacts, and end it there\n';
  const who = [
    application,
    user === undefined ? undefined : `user ${user}`,
    state,
    since === undefined ? undefined : `since ${new Date(since).toISOString()}`,
  ].filter((part) => part !== undefined);
  const told = who.length === 0 ? '' : ` (${who.join(', ')})`;
  return (
    `waiting for a lock that Postgres gave to pid ${pid}${visible(told)}\n` +
    `  this goes on when its transaction ends; SELECT pg_terminate_backend(${pid}) ends it\n`
  );
}
