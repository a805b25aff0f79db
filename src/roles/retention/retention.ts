import type { TombstonePlan, Plan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import { delayAfter } from '../../ports/retry.ts';
import type { Purge, PurgeStep } from '../../ports/purge.ts';
import type { Store } from '../../ports/store.ts';

/** Milliseconds, each shortened by up to a half at random, so that processes do not keep step. */
const PAUSE = {
  step: 100,
  /** Where a step deleted as much as it may: what is past its time comes as fast as messages do, and has to go as fast. */
  behind: 10,
  /** Where another process is at it. */
  turn: 5_000,
  /** Between two walks through everything. */
  walk: 600_000,
  failure: 30_000,
};

export interface Retention {
  /** Milliseconds. */
  readonly statuses: number;
  readonly deadLetters: number;
  /** Kept as long as statuses, since they mean as much. */
  readonly tombstones: readonly TombstonePlan[];
}

export interface RetentionOptions {
  readonly pipeline: string;
  readonly retention: Retention;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the role stops. */
  readonly signal: AbortSignal;
}

/**
 * Deletes what is past its retention, for as long as a role of the pipeline works. Resolves after `signal`; whoever stops
 * need not wait for that, because a step is a transaction that the database may end as it likes. Rejects only with a bug.
 */
export function startRetention({
  plan,
  ...rest
}: Omit<RetentionOptions, 'pipeline' | 'retention'> & { readonly plan: Plan }): Promise<void> {
  return runRetention({ ...rest, pipeline: plan.pipeline, retention: retentionOf(plan) });
}

/** The ledger is the pipeline's: of several roles that consume, the one that keeps longest decides. */
export function retentionOf(plan: Plan): Retention {
  const roles = plan.roles.filter(({ consumes }) => consumes.length > 0);
  return {
    statuses: Math.max(...roles.map(({ settings }) => settings.keepStatuses)),
    deadLetters: Math.max(...roles.map(({ settings }) => settings.keepDeadLetters)),
    tombstones: plan.tables.flatMap((table) => table.delete?.tombstones ?? []),
  };
}

/**
 * Deletes what is past its retention until the role stops, in steps of a transaction each: a walk through dead
 * letters, statuses, keys and tombstones → rest → the next walk. Never rejects with a `Failure`; what fails is tried again later.
 */
export async function runRetention(options: RetentionOptions): Promise<void> {
  const { clock, log, signal } = options;
  // After a long stop, what was applied and not acknowledged comes again first, and finds its status.
  await clock.sleep(delayAfter(1, { from: PAUSE.walk, to: PAUSE.walk }), signal);
  while (!signal.aborted) {
    let pause = PAUSE.walk;
    try {
      const purged = await walk(options);
      if (Object.values(purged).some((count) => count > 0))
        log.info({ ...purged }, 'purged what is past its retention');
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.debug({ code: error.code }, 'the purge is put off');
      pause = PAUSE.failure;
    }
    await clock.sleep(delayAfter(1, { from: pause, to: pause }), signal);
  }
}

export interface Purged {
  readonly dead_letters: number;
  readonly statuses: number;
  readonly keys: number;
  readonly deletions: number;
}

/** One walk through everything; gives how many rows it deleted. */
export async function walk(options: RetentionOptions): Promise<Purged> {
  const { pipeline, retention } = options;
  const deadLetters = await stepping(options, (purge) => purge.deadLetters(pipeline, retention.deadLetters));
  const statuses = await stepping(options, (purge, from) =>
    purge.statuses(pipeline, retention.statuses, from),
  );
  const keys = await stepping(options, (purge, from) => purge.keys(pipeline, retention.statuses, from));
  let deletions = 0;
  for (const tombstones of retention.tombstones)
    deletions += await stepping(options, (purge, from) =>
      purge.tombstones(tombstones, retention.statuses, from),
    );
  return { dead_letters: deadLetters, statuses, keys, deletions };
}

async function stepping(
  { store, clock, signal }: RetentionOptions,
  step: (purge: Purge, from: number) => Promise<PurgeStep>,
): Promise<number> {
  let total = 0;
  for (let next: number | undefined = 0; next !== undefined && !signal.aborted;) {
    const from: number = next;
    // Of all processes one makes a step at a time; the others leave it at that.
    const made = await store.transaction(async ({ ledger: { purge } }) =>
      (await purge.tryLock()) ? step(purge, from) : undefined,
    );
    total += made?.deleted ?? 0;
    next = made === undefined ? from : made.next;
    if (next === undefined) break;
    const pause = made === undefined ? PAUSE.turn : next === from ? PAUSE.behind : PAUSE.step;
    await clock.sleep(delayAfter(1, { from: pause, to: pause }), signal);
  }
  return total;
}
