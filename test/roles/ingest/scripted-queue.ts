import type { Difference, Extent, Outgoing, PublishOutcome, Queue } from '../../../src/ports/queue.ts';

export interface ScriptedQueue extends Queue {
  /** What it stored, in order. */
  readonly stored: Outgoing[];
  /** How many messages each call of `publish` brought. */
  readonly calls: number[];
  /** The most calls of `publish` that were out at once. */
  mostAtOnce: number;
  /** Decides each message by its place among all that were ever published; `stored` when absent. */
  decide: (message: Outgoing, place: number) => PublishOutcome;
  /** Calls of `publish` wait for this before they answer. */
  gate: Promise<void>;
  /** What `ping` rejects with. */
  down: Error | undefined;
  differs: () => Promise<readonly Difference[]>;
  held: readonly Extent[];
  refuses: string | undefined;
}

/** A queue whose failures a test decides; what it stores it keeps for the test to look at. */
export function scriptedQueue(maxBody?: number): ScriptedQueue {
  let place = 0;
  let atOnce = 0;
  const queue: ScriptedQueue = {
    stored: [],
    calls: [],
    mostAtOnce: 0,
    decide: () => ({ kind: 'stored', duplicate: false }),
    gate: Promise.resolve(),
    down: undefined,
    differs: () => Promise.resolve([]),
    held: [],
    refuses: undefined,
    inStore: false,
    publisher: () => ({
      maxBody,
      async publish(messages) {
        queue.calls.push(messages.length);
        queue.mostAtOnce = Math.max(queue.mostAtOnce, ++atOnce);
        await queue.gate;
        // An answer takes a turn of the event loop at least.
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return messages.map((message) => {
          const outcome = queue.decide(message, place++);
          if (outcome.kind === 'stored') queue.stored.push({ ...message, body: Buffer.from(message.body) });
          return outcome;
        });
      },
    }),
    consumer: () => Promise.reject(new Error('nothing consumes here')),
    differences: () => queue.differs(),
    apply: () => Promise.resolve([]),
    extents: () => Promise.resolve(queue.held),
    backlog: () => Promise.resolve([]),
    obstacle: () => Promise.resolve(queue.refuses),
    facts: () => Promise.resolve(undefined),
    lackingRights: () => Promise.resolve([]),
    ping: () => (queue.down === undefined ? Promise.resolve() : Promise.reject(queue.down)),
    close: () => Promise.resolve(),
  };
  return queue;
}
