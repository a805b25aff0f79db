import type { Clock } from '../../ports/clock.ts';
import type { Outgoing, Publisher, PublishOutcome } from '../../ports/queue.ts';
import { queuePace } from './queue-pace.ts';
import { openWindow } from './window.ts';

/** An outcome that does not tell is asked again once, with the same id, after this many milliseconds. */
const REPEAT_DELAY = 100;

export interface Publishing {
  /** Publishes one message together with the others of the same turn; undefined when the window is full. */
  one(message: Outgoing): Promise<PublishOutcome> | undefined;
  /** Publishes in order, once the window has room; gives an outcome for each, in order. */
  many(messages: readonly Outgoing[]): Promise<readonly PublishOutcome[]>;
  /** Whether a new request may come in. */
  hasRoom(): boolean;
  /** Whether single messages wait so long for the queue that one more would be too much. */
  isBusy(): boolean;
  /** Resolves when everything that was published has its outcome. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly message: Outgoing;
  readonly settle: (outcome: PublishOutcome) => void;
}

/** Publishing with at most `windowSize` messages unacknowledged. Never rejects, as the publisher never does. */
export function startPublishing(publisher: Publisher, windowSize: number, clock: Clock): Publishing {
  const window = openWindow(windowSize);
  const pace = queuePace(windowSize);
  let turn: Waiting[] = [];

  const flush = () => {
    const group = turn;
    turn = [];
    const answered = pace.sent(group.length);
    void publishAll(
      publisher,
      group.map(({ message }) => message),
      clock,
    ).then((outcomes) => {
      window.leave(group.length);
      answered();
      for (const [index, { settle }] of group.entries()) settle(outcomes[index] ?? UNANSWERED);
    });
  };

  return {
    one(message) {
      if (!window.tryEnter()) return undefined;
      if (turn.length === 0) setImmediate(flush);
      return new Promise((settle) => turn.push({ message, settle }));
    },
    async many(messages) {
      if (messages.length === 0) return [];
      await window.enter(messages.length);
      const outcomes = await publishAll(publisher, messages, clock);
      window.leave(messages.length);
      return outcomes;
    },
    hasRoom: () => window.open(),
    isBusy: () => pace.isBusy(),
    idle: () => window.empty(),
  };
}

const UNANSWERED: PublishOutcome = {
  kind: 'unavailable',
  reason: 'the queue did not answer for this message',
};

/**
 * A lost answer does not say whether the message was stored. The same message with the same id is harmless where it
 * was, so it is asked once more before the client has to deal with the doubt.
 */
async function publishAll(
  publisher: Publisher,
  messages: readonly Outgoing[],
  clock: Clock,
): Promise<readonly PublishOutcome[]> {
  const first = await publisher.publish(messages);
  if (first.every(({ kind }) => kind !== 'unavailable')) return first;
  await clock.sleep(REPEAT_DELAY);
  const doubtful = messages.filter((_, index) => isDoubtful(first[index]));
  const second = await publisher.publish(doubtful);
  let next = 0;
  return messages.map((_, index) => {
    const outcome = first[index];
    return isDoubtful(outcome) ? (second[next++] ?? UNANSWERED) : (outcome ?? UNANSWERED);
  });
}

function isDoubtful(outcome: PublishOutcome | undefined): boolean {
  return outcome === undefined || outcome.kind === 'unavailable';
}
