import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { Delivery } from '../../../ports/queue.ts';

/** Tells the log what is left to newer workers: once for each entity, and again each minute while it goes on. */
export interface LeftNotes {
  /** `sqlstate`: where Postgres refused the message. */
  left(delivery: Delivery, sqlstate?: string): void;
}

const INTERVAL = 60_000;
/** Entities that are told apart; a name may come from a message that somebody else published. */
const ENTITIES = 1_000;

interface Note {
  readonly loggedAt: number;
  /** Since then. */
  messages: number;
}

export function leftNotes(own: string, clock: Clock, log: Log): LeftNotes {
  const notes = new Map<string, Note>();
  return {
    left({ entity, program }, sqlstate) {
      const known = notes.get(entity);
      if (known !== undefined) {
        known.messages += 1;
        if (clock.now() - known.loggedAt < INTERVAL) return;
      }
      if (known === undefined && notes.size >= ENTITIES) return;
      notes.set(entity, { loggedAt: clock.now(), messages: 0 });
      const fields = { entity, program, own_program: own, messages: known?.messages ?? 1 };
      log.warn(
        sqlstate === undefined ? fields : { ...fields, sqlstate },
        sqlstate === undefined
          ? 'messages of another program are left to newer workers'
          : 'a newer program is active: what Postgres refuses is left to newer workers',
      );
    },
  };
}
