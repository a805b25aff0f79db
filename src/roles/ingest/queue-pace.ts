/** Milliseconds after which an answer of the queue may be slow. */
const SLOW = 50;
/** It is so where it takes this many times as long as the fastest: a queue of three regions is never faster. */
const SLOWER = 3;
/** What share of the difference the fastest answer moves towards each other one, so that a queue may become slower for good. */
const FORGET = 0.001;
/** Messages that may always be with the queue: fewer would leave it idle. */
const FEWEST = 64;
/** Of the messages that are with a slow queue, how many may be there from now on. */
const LESS = 0.7;

/**
 * How many single messages may be with the queue at once, found by how fast it answers: fewer after each slow answer, more after each
 * fast one. A queue that is given more than it can do answers everything late; one that is given what it can do answers in time.
 */
export interface QueuePace {
  /** Whether one more message would only make all of them wait longer. */
  isBusy(): boolean;
  /** So many are sent to the queue; gives what to call when they are answered. */
  sent(count: number): () => void;
}

export function queuePace(most: number, now: () => number = () => performance.now()): QueuePace {
  let limit = most;
  let waiting = 0;
  let lessAt = -Infinity;
  let fastest = Infinity;
  return {
    isBusy: () => waiting >= limit,
    sent(count) {
      waiting += count;
      const sentAt = now();
      return () => {
        const answeredAt = now();
        // Answers to messages that were sent before the limit fell say nothing about the limit.
        const took = answeredAt - sentAt;
        const slow = fastest === Infinity ? SLOW : Math.max(SLOW, fastest * SLOWER);
        fastest = took < fastest ? took : fastest + (took - fastest) * FORGET;
        if (took <= slow) limit = Math.min(most, limit + count);
        else if (sentAt >= lessAt) {
          limit = Math.max(FEWEST, Math.min(limit, Math.floor(waiting * LESS)));
          lessAt = answeredAt;
        }
        waiting -= count;
      };
    },
  };
}
