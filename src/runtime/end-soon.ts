/** Milliseconds for what drivers have to finish. */
const LINGER = 1_000;

/**
 * For a process that has done its work: ends it, also where an unanswered attempt to connect would keep it. The client of
 * NATS leaves the socket of such an attempt open.
 */
export function endSoon(): void {
  setTimeout(() => process.exit(), LINGER).unref();
}
