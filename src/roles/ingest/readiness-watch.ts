import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Reason } from '../readiness/ask-servers.ts';

/** Milliseconds between two looks; one may take 2 s more, and what is wrong must be known within 10 s. */
const EVERY = 5_000;

/**
 * Looks from time to time whether the servers take messages, also while nobody sends any, and tells the log when that
 * changes, once in each direction: ready → paused (with the reasons) → resumed (with how long it took) → …
 * Until `signal` aborts.
 */
export async function watchReadiness(
  look: () => Promise<readonly Reason[]>,
  clock: Clock,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  let since: number | undefined;
  while (!signal.aborted) {
    const reasons = await look();
    if (signal.aborted) return;
    if (reasons.length > 0 && since === undefined) {
      since = clock.now();
      log.warn({ reasons }, 'paused: the servers take no messages');
    } else if (reasons.length === 0 && since !== undefined) {
      log.info({ after_ms: clock.now() - since }, 'resumed: the servers take messages again');
      since = undefined;
    }
    await clock.sleep(EVERY, signal);
  }
}
