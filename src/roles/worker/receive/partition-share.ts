import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import type { ConsumePlan } from '../../../plan/plan.ts';
import { Failure } from '../../../ports/failure.ts';
import { quietly } from '../../../ports/quietly.ts';
import type { HeldPartition, Share, Sharing } from '../../../ports/partitions.ts';
import type { Queue } from '../../../ports/queue.ts';
import { delayAfter } from '../../../ports/retry.ts';
import { withRetries } from '../fail/with-retries.ts';
import { fencedStore } from '../write/fenced-store.ts';
import type { MessageLease } from '../message-lease.ts';
import { runOrderedLane } from './ordered-lane.ts';
import type { Receiving } from './receiving.ts';

/** Milliseconds after which a partition is free where its holder is not heard of. */
const PARTITION_LEASE = 10_000;
/** Milliseconds between two renewals, each shortened by up to a half at random. */
const RENEWAL = 2_000;
/** Milliseconds before the end of its time at which a holder takes a partition for lost. */
const MARGIN = 1_000;

export interface PartitionGroup {
  readonly queue: Queue;
  /** The consumers of all its partitions. */
  readonly consumes: readonly ConsumePlan[];
  readonly leases: Set<MessageLease>;
}

interface Running {
  readonly held: HeldPartition;
  /** Until when it is ours for sure, milliseconds since the epoch. */
  until: number;
  readonly ending: AbortController;
  readonly done: Promise<void>;
}

/**
 * Works this worker's share of the partitions of one group until the context's signal; rejects only with a bug. All
 * workers of the group have as many, one more or less, and find each other in Postgres.
 *
 * A partition is free → taken (its lane works) → ending (too many here, or the worker stops) → given back → free
 *                                              → lost (not renewed in time, or taken by another one) → free
 */
export async function runPartitionShare(
  context: Receiving,
  { queue, consumes, leases }: PartitionGroup,
): Promise<void> {
  const { store, clock, log, signal, settings, pauses } = context;
  const { partitions } = store.ledger;
  const group = consumes[0]?.partition?.group ?? '';
  const sharing: Sharing = { group, count: consumes.length, worker: randomUUID(), lease: PARTITION_LEASE };
  const slots = pLimit(Math.max(1, settings.concurrency));
  const running = new Map<number, Running>();
  const failed = new AbortController();
  const wake = AbortSignal.any([signal, failed.signal]);

  const start = (consume: ConsumePlan, held: HeldPartition, until: number): void => {
    const ending = new AbortController();
    const lost = (): boolean => clock.now() > (running.get(held.partition)?.until ?? 0);
    const work = async (): Promise<void> => {
      try {
        await runOrderedLane(
          {
            ...context,
            store: fencedStore(store, async (session) => {
              if (await session.ledger.partitions.isHeld(sharing, held)) return true;
              const own = running.get(held.partition);
              if (own !== undefined) own.until = 0;
              return false;
            }),
            signal: AbortSignal.any([signal, ending.signal]),
          },
          {
            queue,
            consume,
            leases,
            slots,
            lost,
            takeovers: held.takeovers,
            onProgress: () => quietly(log, 'noting progress', () => partitions.noteProgress(sharing, held)),
          },
        );
      } catch (error) {
        failed.abort(error);
      }
      const wasLost = lost();
      running.delete(held.partition);
      if (!wasLost) await quietly(log, 'giving a partition back', () => partitions.giveBack(sharing, held));
      log.debug({ group, partition: held.partition, lost: wasLost }, 'gave a partition back');
    };
    const own: Running = { held, until, ending, done: Promise.resolve().then(work) };
    running.set(held.partition, own);
    log.debug({ group, partition: held.partition, takeovers: held.takeovers }, 'took a partition');
  };

  const settle = ({ kept, taken, fair }: Share, until: number): void => {
    for (const own of running.values()) own.until = kept.has(own.held.partition) ? until : 0;
    const staying = [...running.values()].filter(({ ending }) => !ending.signal.aborted);
    for (const surplus of staying.slice(fair)) surplus.ending.abort();
    for (const held of taken) {
      const consume = consumes.find(({ partition }) => partition?.index === held.partition);
      if (consume !== undefined) start(consume, held, until);
    }
  };

  const added = await withRetries(context, () => partitions.add(group, sharing.count));
  if (added.kind === 'fault') throw added.failure;
  const pause = pauses.open();
  while (!wake.aborted) {
    const asked = clock.now();
    try {
      const held = [...running.keys()];
      const own = await store.transaction(({ ledger }) => ledger.partitions.share(sharing, held));
      settle(own, asked + PARTITION_LEASE - MARGIN);
      pause.end();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      pause.because(error);
      log.debug({ code: error.code, group }, 'cannot renew partitions');
    }
    for (const own of running.values()) if (clock.now() > own.until) own.ending.abort();
    await clock.sleep(delayAfter(1, { from: RENEWAL, to: RENEWAL }), wake);
  }
  pause.end();
  failed.signal.throwIfAborted();
  await Promise.all([...running.values()].map(({ done }) => done));
  await quietly(log, 'leaving', () => partitions.leave(sharing));
}
