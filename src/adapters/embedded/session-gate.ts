import type { PGlite } from '@electric-sql/pglite';

/** Somebody who takes turns in the one session. */
export interface Guest {
  /** Called when the guest kept the session to itself for too long without using it. */
  evict(): void;
}

/** Lets many clients use the one session of an embedded Postgres, one at a time. */
export interface SessionGate {
  /** Runs a group of protocol messages; `onData` gets what Postgres answers. Resolves when it has run. */
  run(guest: Guest, messages: Uint8Array, onData: (data: Uint8Array) => void): Promise<void>;
  /** Forgets a guest: ends its transaction and runs its last messages. */
  leave(guest: Guest, lastMessages: Uint8Array): Promise<void>;
  /** Resolves with the reason when the session has ended for good; every turn is refused from then on. */
  readonly ended: Promise<unknown>;
}

interface Turn {
  readonly guest: Guest;
  readonly messages: Uint8Array;
  readonly onData: (data: Uint8Array) => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Milliseconds that an open transaction may rest while others wait. */
const REST = 60_000;

/** Sync, and the statement ROLLBACK: whatever state the guest left, the session is idle after it. */
const END_EVERYTHING = Buffer.concat([
  Buffer.from([83, 0, 0, 0, 4]),
  Buffer.from([81, 0, 0, 0, 13]),
  Buffer.from('ROLLBACK\0'),
]);

/*
 * free → held by a guest (an answer did not end with "ready, idle": a transaction or a group of messages is open)
 *      → free (an answer ends so, or the guest leaves)
 * While it is held, only the holder's turns run; the others wait in the order of their coming.
 *      → ended (Postgres exited, with a fatal error): it must not be called again, a further call would not return
 */
export function sessionGate(database: PGlite): SessionGate {
  const turns: Turn[] = [];
  let holder: Guest | undefined;
  let restTimer: NodeJS.Timeout | undefined;
  let running = false;
  let dead: { readonly reason: unknown } | undefined;
  let end: (reason: unknown) => void = () => {};
  const ended = new Promise<unknown>((resolve) => {
    end = resolve;
  });

  const die = (reason: unknown) => {
    dead = { reason };
    holder = undefined;
    for (const turn of turns.splice(0)) turn.failed(reason);
    end(reason);
  };

  const next = (): Turn | undefined => {
    const at = holder === undefined ? 0 : turns.findIndex(({ guest }) => guest === holder);
    return at < 0 ? undefined : turns.splice(at, 1)[0];
  };

  const runAll = async () => {
    if (running) return;
    running = true;
    clearTimeout(restTimer);
    for (let turn = next(); turn !== undefined; turn = next()) {
      try {
        holder = (await execute(database, turn)) ? undefined : turn.guest;
        turn.done();
      } catch (error) {
        turn.failed(error);
        die(error);
      }
    }
    running = false;
    const resting = holder;
    if (resting !== undefined) {
      restTimer = setTimeout(() => resting.evict(), REST);
      restTimer.unref();
    }
  };

  return {
    ended,
    run: (guest, messages, onData) =>
      new Promise((done, failed) => {
        if (dead !== undefined) {
          failed(dead.reason);
          return;
        }
        turns.push({ guest, messages, onData, done, failed });
        void runAll();
      }),
    leave(guest, lastMessages) {
      if (dead !== undefined) return Promise.resolve();
      for (let at = turns.length - 1; at >= 0; at -= 1) {
        if (turns[at]?.guest === guest) turns.splice(at, 1)[0]?.done();
      }
      const messages = Buffer.concat([lastMessages, END_EVERYTHING]);
      return new Promise((done, failed) => {
        turns.unshift({ guest, messages, onData: () => {}, done, failed });
        void runAll();
      });
    },
  };
}

const READY = 90;
const IDLE = 73;

/** Runs one turn; gives whether the session is idle after it, as the last message of the answer (`Z…I`) says. */
async function execute(database: PGlite, { messages, onData }: Turn): Promise<boolean> {
  let tail = Buffer.alloc(0);
  await database.runExclusive(() =>
    database.execProtocolRawStream(messages, {
      onRawData(data) {
        // The memory belongs to the database and is used again for the next answer.
        const copy = Buffer.from(data);
        tail = copy.length >= 6 ? copy.subarray(-6) : Buffer.concat([tail, copy]).subarray(-6);
        onData(copy);
      },
    }),
  );
  return tail.length === 6 && tail[0] === READY && tail[5] === IDLE;
}
