import type { Failure } from '../../../ports/failure.ts';
import { failMessages } from '../fail/fail-messages.ts';
import { messageError } from '../fail/message-error.ts';
import type { Message } from '../message.ts';
import type { MessageLease } from '../message-lease.ts';
import { leaveRefused } from './leave.ts';
import type { Writing } from './writing.ts';

/**
 * The messages of one batch that failed alone by their own fault. They are recorded together: by itself each costs as many
 * round trips, and a wait for the disk. What comes behind one of them in its order key is not written before that.
 *
 * A message: refused alone → waits here → recorded, or left to a newer program
 *                                      → the lease lapsed: whoever has it now finds out for himself
 */
export interface Refusals {
  add(message: Message, failure: Failure, mayRecover: boolean): void;
  /** Notes that so many messages were written. */
  written(count: number): void;
  /** Whether so many are refused that trying several at once is lost time. */
  areDense(): boolean;
  /** Whether one of these messages stands behind one that is not recorded yet. */
  bar(messages: readonly Message[]): boolean;
  /** Records what waits here; false where the worker stops. */
  record(): Promise<boolean>;
}

interface Refused {
  readonly delivery: Message['delivery'];
  readonly failure: Failure;
  readonly mayRecover: boolean;
}

/** Messages of which it is known whether they are refused: so many tell how dense these are, and so many are remembered. */
const TELLING = 8;
const REMEMBERED = 32;
/** Where more than this share is refused, one by one takes the fewest tries. */
const DENSE = 0.4;

export function newRefusals(context: Writing, lease: MessageLease): Refusals {
  const waiting: Refused[] = [];
  const keys = new Set<string>();
  const known = { refused: 0, all: 0 };

  const note = (refused: number, all: number): void => {
    known.refused += refused;
    known.all += all;
    if (known.all <= REMEMBERED) return;
    known.refused *= REMEMBERED / known.all;
    known.all = REMEMBERED;
  };
  const keyOf = (message: Message): string | undefined => context.order.keyOf(message);

  return {
    add(message, failure, mayRecover) {
      waiting.push({ delivery: message.delivery, failure, mayRecover });
      const key = keyOf(message);
      if (key !== undefined) keys.add(key);
      note(1, 1);
    },
    written: (count) => note(0, count),
    areDense: () => known.all >= TELLING && known.refused > DENSE * known.all,
    bar: (messages) => keys.size > 0 && messages.some((message) => keys.has(keyOf(message) ?? '')),
    async record() {
      const refused = waiting.splice(0);
      keys.clear();
      if (refused.length === 0) return true;
      if (lease.lapsed()) return false;
      const left = await leaveRefused(context, lease, refused);
      if (left !== false) return left === true;
      return failMessages(
        context,
        lease,
        refused.map(({ delivery, failure, mayRecover }) => ({
          kind: 'failed',
          delivery,
          error: messageError(context.plan, delivery, failure),
          mayRecover,
        })),
      );
    },
  };
}
