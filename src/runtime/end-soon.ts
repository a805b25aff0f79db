import type { Log } from '../ports/log.ts';

/** Milliseconds for what drivers have to finish. */
const LINGER = 1_000;

/**
 * For a process that has done its work: ends it, also where an unanswered attempt to connect would keep it. The client of
 * NATS leaves the socket of such an attempt open.
 */
export function endSoon(): void {
  setTimeout(() => process.exit(), LINGER).unref();
}

/** Milliseconds for a stop in order. */
const STOP_WITHIN = 30_000;

/** For a process that was asked to stop: whatever still keeps it then, it ends, with status 1. */
export function endAtLatest(log: Log): void {
  setTimeout(() => {
    log.error({ seconds: STOP_WITHIN / 1000 }, 'did not stop in time, ends all the same');
    process.exit(1);
  }, STOP_WITHIN).unref();
}
