import type { Clock } from '../../../ports/clock.ts';
import { Failure } from '../../../ports/failure.ts';
import { holderText, type LockHolder } from '../../../ports/lock-holder.ts';
import type { Store } from '../../../ports/store.ts';
import type { Pauses } from './pauses.ts';

/** Milliseconds between two looks at whether a statement has waited for long. */
const LOOK_EVERY = 1_000;
/** Milliseconds after which a wait for a lock is told: workers wait shorter than that for each other's rows. */
const PATIENCE = 3_000;
/** Looks in a row without a wait after which work goes on: between two tries of a statement nothing waits for a moment. */
const CLEAR_AFTER = 3;

export interface StandstillOptions {
  readonly store: Pick<Store, 'awaited'>;
  readonly pauses: Pauses;
  readonly clock: Clock;
  /** Aborts when the worker stops. */
  readonly signal: AbortSignal;
}

/**
 * Tells that statements of the worker wait for a lock of somebody else, and whose:
 *
 * going on → standing still (a statement has waited for 3 s: paused, with table and holder) → going on (no wait in three looks)
 *
 * It does not hold others back: they may write other tables. Where Postgres cannot be asked, nothing changes. Rejects with a bug only.
 */
export async function watchStandstill({ store, pauses, clock, signal }: StandstillOptions): Promise<void> {
  const pause = pauses.open();
  let clear = CLEAR_AFTER;
  while (!signal.aborted) {
    const stands = clear < CLEAR_AFTER;
    const holders = await store.awaited(stands ? 0 : PATIENCE).catch((error: unknown) => {
      if (error instanceof Failure) return undefined;
      throw error;
    });
    if (holders !== undefined && holders.length > 0) {
      clear = 0;
      pause.because(new Failure('STORE_LOCKED', standstillText(holders)), false);
    } else if (holders !== undefined && stands) {
      clear += 1;
      if (clear === CLEAR_AFTER) pause.end();
    }
    await clock.sleep(LOOK_EVERY, signal);
  }
  pause.end();
}

/** Holders that are named. */
const NAMED = 3;

function standstillText(holders: readonly LockHolder[]): string {
  const named = holders.slice(0, NAMED).map((holder) => {
    const { table } = holder;
    return `waits for a lock${table === undefined ? '' : ` on ${table}`} that ${holderText(holder)} holds`;
  });
  const more = holders.length - named.length;
  return named.join(', ') + (more > 0 ? `, and for ${more} more` : '');
}
