import { readFileSync } from 'node:fs';

/** Connections where the limit of descriptors cannot be read. */
const UNKNOWN = 4_000;
/** Descriptors of the process itself: its files, its timers, what a driver opens beside its connections, and room to look around. */
const OWN = 64;

/**
 * How many connections a server may hold, so that the process keeps descriptors for itself: without any left it can open no file,
 * reach no other server and measure nothing. `needed` are those of its drivers.
 */
export function mostConnections(needed = 0, limit = descriptorLimit()): number {
  if (limit === undefined) return UNKNOWN;
  // Under a very low limit, half of it is worth more to each side than none.
  return Math.max(Math.floor(limit / 2), limit - OWN - needed);
}

/** How many of these one address may hold, where nobody says: enough is left for all others. */
export function shareOfAddress(most: number): number {
  return Math.ceil(most / 2);
}

/** The soft limit of this process, which Node raises to the hard one; undefined where there is no `/proc`, or no limit. */
function descriptorLimit(): number | undefined {
  try {
    const found = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}
