import type { ServerResponse } from 'node:http';

/** Milliseconds that a refusal waits. */
const LEAST = 50;
const MOST = 250;
/** Milliseconds of those that are answered together. */
const TOGETHER = 10;
/** Refusals that wait at once, about 8 MB with their connections. Further ones are answered at once. */
const WAITING = 1_000;

/**
 * Refusals that are answered a little later. Who has an answer sends the next message: a few hundred connections that are refused at once keep
 * the process busy with refusals, and the messages that it accepts wait for them. A connection that waits takes no time.
 *
 * Each waits a time of its own: those that are answered together come again together.
 */
export interface LateRefusals {
  /** Calls `answer` later, or at once where too many wait; never where the connection has ended before. */
  refuse(response: ServerResponse, answer: () => void): void;
}

interface Waiting {
  readonly response: ServerResponse;
  readonly answer: () => void;
}

export function lateRefusals(): LateRefusals {
  /** By the time at which they are answered. */
  const due = new Map<number, Waiting[]>();
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const time = performance.now() / TOGETHER;
    for (const [at, refused] of due) {
      if (at > time) continue;
      due.delete(at);
      waiting -= refused.length;
      for (const { response, answer } of refused) if (!response.destroyed) answer();
    }
    if (waiting > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    refuse(response, answer) {
      if (waiting >= WAITING) {
        answer();
        return;
      }
      waiting += 1;
      timer ??= setInterval(look, TOGETHER).unref();
      const at = Math.ceil((performance.now() + LEAST + Math.random() * (MOST - LEAST)) / TOGETHER);
      const together = due.get(at);
      if (together === undefined) due.set(at, [{ response, answer }]);
      else together.push({ response, answer });
    },
  };
}
