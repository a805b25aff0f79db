import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import { holderText, type LockHolder } from '../../ports/lock-holder.ts';
import type { Store } from '../../ports/store.ts';

/** Milliseconds between two looks at whether a statement has waited for long. */
const LOOK_EVERY = 1_000;
/** Milliseconds after which a wait for a lock is told: workers wait shorter than that for each other's rows. */
const PATIENCE = 3_000;
/** Looks in a row without a wait after which work goes on: between two tries of a statement nothing waits for a moment. */
const CLEAR_AFTER = 3;

export interface StandstillOptions {
  readonly store: Pick<Store, 'awaited'>;
  readonly clock: Clock;
  /** Aborts when the role stops. */
  readonly signal: AbortSignal;
  /** Hears after each look that statements wait, and for whom. */
  readonly stands: (why: Failure) => void;
  /** Hears once that they wait no more. */
  readonly goesOn: () => void;
}

/**
 * Tells that statements of the role wait for a lock of somebody else, and whose:
 *
 * going on → standing still (a statement has waited for 3 s: told with table and holder) → going on (no wait in three looks)
 *
 * Where Postgres cannot be asked, nothing changes. Rejects with a bug only.
 */
export async function watchStandstill(options: StandstillOptions): Promise<void> {
  const { store, clock, signal } = options;
  let clear = CLEAR_AFTER;
  while (!signal.aborted) {
    const stands = clear < CLEAR_AFTER;
    const holders = await store.awaited(stands ? 0 : PATIENCE).catch((error: unknown) => {
      if (error instanceof Failure) return undefined;
      throw error;
    });
    if (holders !== undefined && holders.length > 0) {
      clear = 0;
      options.stands(new Failure('STORE_LOCKED', locksText(holders)));
    } else if (holders !== undefined && stands) {
      clear += 1;
      if (clear === CLEAR_AFTER) options.goesOn();
    }
    await clock.sleep(LOOK_EVERY, signal);
  }
}

/** Holders that are named. */
const NAMED = 3;

/** `waits for a lock on orders that pid 4711 (psql, …) holds`, and for those of others. */
export function locksText(holders: readonly LockHolder[]): string {
  const named = holders.slice(0, NAMED).map((holder) => {
    const { table } = holder;
    return `waits for a lock${table === undefined ? '' : ` on ${table}`} that ${holderText(holder)} holds`;
  });
  const more = holders.length - named.length;
  return named.join(', ') + (more > 0 ? `, and for ${more} more` : '');
}
