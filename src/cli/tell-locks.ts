import { Failure } from '../ports/failure.ts';
import { holderText, type LockHolder } from '../ports/lock-holder.ts';
import type { Store } from '../ports/store.ts';
import { visible } from '../text/visible.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two looks; at least one falls into each wait of a change that gives way. */
const LOOK_EVERY = 400;
/** Milliseconds for which a statement goes without an answer before anybody asks why. */
const PATIENCE = 500;

/**
 * Says whom a command waits for in Postgres, each once, while it waits, or once that nobody can tell: a pooler with one connection has no
 * other to ask over.
 */
export interface LockTeller {
  /** Looks from now on; gives what ends that. */
  watch(store: Pick<Store, 'awaited'>): () => void;
  /** To call when a change gave way, and nobody waits until its next try. */
  readonly gaveWay: () => void;
}

export function lockTeller(terminal: Terminal): LockTeller {
  const told = new Set<string>();
  let look: Promise<void> | undefined;
  let tries = 0;
  let ended = false;
  const tell = (key: string, text: string): void => {
    if (!ended && !told.has(key)) terminal.note(text);
    told.add(key);
  };
  const ask = async (store: Pick<Store, 'awaited'>): Promise<void> => {
    try {
      for (const holder of await store.awaited(PATIENCE))
        tell(`${holder.pid} ${holder.since}`, noteOf(holder));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      tell(UNASKED, unaskedText(`: ${visible(error.message)}`));
    }
  };
  const afterTry = async (): Promise<void> => {
    // A look that is under way may tell more.
    await look;
    // One answer may come late by chance.
    if (tries > 1 && told.size === 0) tell(UNASKED, unaskedText(': no answer while a change waited'));
  };
  return {
    watch(store) {
      const timer = setInterval(() => {
        look ??= ask(store).finally(() => (look = undefined));
      }, LOOK_EVERY);
      return () => {
        ended = true;
        clearInterval(timer);
      };
    },
    gaveWay() {
      tries += 1;
      void afterTry();
    },
  };
}

const UNASKED = 'unasked';

function unaskedText(reason: string): string {
  return (
    `waiting for Postgres, which cannot be asked whether somebody holds a lock${reason}\n` +
    '  through a pooler this takes a second connection of its pool; straight to the server, see pg_blocking_pids and pg_stat_activity\n'
  );
}

function noteOf(holder: LockHolder): string {
  const { pid, table } = holder;
  const lock = table === undefined ? 'a lock' : `a lock on table ${visible(table)}`;
  const others = table === undefined ? '' : GIVES_WAY;
  if (pid === 0)
    return `waiting for ${lock} of a prepared transaction: see pg_prepared_xacts, and end it there\n${others}`;
  return (
    `waiting for ${lock} that Postgres gave to ${visible(holderText(holder))}\n` +
    `  this goes on when its transaction ends; SELECT pg_terminate_backend(${pid}) ends it\n${others}`
  );
}

const GIVES_WAY =
  '  others can use the table meanwhile: apply waits 1.5 s at a time, gives way to them, and tries again until you stop it\n';
