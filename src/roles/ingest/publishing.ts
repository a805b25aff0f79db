import { answerWithin } from '../../ports/answer-within.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Outgoing, Publisher, PublishOutcome } from '../../ports/queue.ts';
import { queuePace } from './queue-pace.ts';
import { openWindow } from './window.ts';

/** An outcome that does not tell is asked again once, with the same id, after this many milliseconds. */
const REPEAT_DELAY = 100;

/**
 * Milliseconds after which a request is answered although the queue has said nothing. A server that hangs, in the flush of its disk say, keeps
 * statements and connections, each of which has a limit of its own; one request may wait for several of them in turn.
 */
const ANSWER_WITHIN = 20_000;

/**
 * Messages that are published without waiting for others of their turn: more together would not cost less, and where a turn is long, the
 * queue answers while it goes on.
 */
const GROUP = 16;

export interface Publishing {
  /** Publishes one message together with others of the same turn; undefined when the window is full. */
  one(message: Outgoing): Promise<PublishOutcome> | undefined;
  /**
   * Publishes in order, once the window has room; gives an outcome for each, in order. What the queue has not answered after 20 s is
   * `unavailable`, here as for one.
   */
  many(messages: readonly Outgoing[]): Promise<readonly PublishOutcome[]>;
  /** Whether a new request may come in. */
  hasRoom(): boolean;
  /** Whether single messages wait so long for the queue that one more would be too much. */
  isBusy(): boolean;
  /** Milliseconds for which the queue has answered nothing, although messages wait for it; 0 while none does. */
  silentFor(): number;
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
  let unanswered = 0;
  /** When the queue last gave an answer, or got the first message for which there is none. */
  let heardAt = 0;
  let turn: Waiting[] = [];

  const publishNow = async (messages: readonly Outgoing[]): Promise<readonly PublishOutcome[]> => {
    if (unanswered === 0) heardAt = clock.now();
    unanswered += 1;
    try {
      return await publishAll(publisher, messages, clock);
    } finally {
      unanswered -= 1;
      heardAt = clock.now();
    }
  };

  const flush = () => {
    const group = turn;
    if (group.length === 0) return;
    turn = [];
    const answered = pace.sent(group.length);
    const published = publishNow(group.map(({ message }) => message));
    // What nobody waits for any more is still with the queue, and keeps its room.
    void published.then(() => {
      window.leave(group.length);
      answered();
    });
    void answerWithin(clock, ANSWER_WITHIN, published, NONE).then((outcomes) => {
      for (const [index, { settle }] of group.entries()) settle(outcomes[index] ?? UNANSWERED);
    });
  };

  const publishLater = async (messages: readonly Outgoing[], givenUp: AbortSignal) => {
    await window.enter(messages.length);
    try {
      return givenUp.aborted ? NONE : await publishNow(messages);
    } finally {
      window.leave(messages.length);
    }
  };

  return {
    one(message) {
      if (!window.tryEnter()) return undefined;
      if (turn.length === 0) setImmediate(flush);
      const published = new Promise<PublishOutcome>((settle) => turn.push({ message, settle }));
      if (turn.length >= GROUP) flush();
      return published;
    },
    async many(messages) {
      if (messages.length === 0) return [];
      const givenUp = new AbortController();
      const published = publishLater(messages, givenUp.signal);
      const outcomes = await answerWithin(clock, ANSWER_WITHIN, published, NONE);
      givenUp.abort();
      return outcomes === NONE ? messages.map(() => UNANSWERED) : outcomes;
    },
    hasRoom: () => window.open(),
    isBusy: () => pace.isBusy(),
    silentFor: () => (unanswered === 0 ? 0 : clock.now() - heardAt),
    idle: () => window.empty(),
  };
}

const UNANSWERED: PublishOutcome = {
  kind: 'unavailable',
  reason: 'the queue did not answer for this message',
};

/** No answer came. */
const NONE: readonly PublishOutcome[] = [];

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
