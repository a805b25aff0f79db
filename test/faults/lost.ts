import { setTimeout as sleep } from 'node:timers/promises';
import { readLost, readStatusIds } from './live.ts';
import type { Sending } from './sender.ts';

/** What the sender learnt of messages that disappeared. */
export interface LostFacts {
  /** Every message that ever had the status `lost`. */
  readonly ids: Set<string>;
  /** Messages that were accepted and that nobody knows of: not even that they are lost. */
  readonly unknown: Set<string>;
  /** Requests that were made again. */
  sentAgain: number;
}

export interface LostWatch {
  readonly facts: LostFacts;
  /** From now on what has no status is sent again too: a process that died may have taken it along. */
  sendUnknown(): void;
  stop(): Promise<void>;
}

const LOOK_EVERY = 500;
/** Milliseconds until the same request is made again, should its messages still be lost. */
const AGAIN_AFTER = 5_000;
/** Milliseconds that a status may take to be written. */
const STATUS_WITHIN = 10_000;

/** Asks what is lost, for as long as the round lasts, and sends it again under its key, as a client would. */
export function watchLost(databaseUrl: string, sending: Pick<Sending, 'accepted' | 'sendAgain'>): LostWatch {
  const facts: LostFacts = { ids: new Set(), unknown: new Set(), sentAgain: 0 };
  const sentAt = new Map<string, number>();
  let over = false;
  let unknownFrom = Infinity;

  const look = async (): Promise<void> => {
    const lost = await readLost(databaseUrl);
    for (const id of lost) facts.ids.add(id);
    const unknown = performance.now() < unknownFrom ? [] : await withoutStatus();
    for (const id of unknown) facts.unknown.add(id);
    for (const id of [...lost, ...unknown]) {
      const key = sending.accepted.get(id)?.key ?? '';
      if (performance.now() - (sentAt.get(key) ?? -Infinity) < AGAIN_AFTER) continue;
      sentAt.set(key, performance.now());
      if (await sending.sendAgain(id)) facts.sentAgain += 1;
    }
  };
  const withoutStatus = async (): Promise<readonly string[]> => {
    const known = new Set(await readStatusIds(databaseUrl));
    return [...sending.accepted.keys()].filter((id) => !known.has(id));
  };
  const looking = (async () => {
    while (!over) {
      // Postgres may be away.
      await look().catch(() => {});
      await sleep(LOOK_EVERY);
    }
  })();
  return {
    facts,
    sendUnknown() {
      unknownFrom = performance.now() + STATUS_WITHIN;
    },
    async stop() {
      over = true;
      await looking;
    },
  };
}
