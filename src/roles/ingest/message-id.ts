import { randomFillSync } from 'node:crypto';
import { marked, shortMark } from '../access/sender-mark.ts';

/** Random bytes are drawn in blocks: one system call for many ids. */
const POOL_BYTES = 4096;
const RANDOM_BYTES_PER_ID = 10;
const MAX_COUNTER = 0xfff;
/** Where the counter may start in a millisecond. */
const FIRST_COUNTERS = 0x7ff;

/**
 * Makes UUIDv7 message ids (RFC 9562, 6.2 method 1): 48 bits of milliseconds, a 12-bit counter that starts anywhere in its
 * lower half, 62 random bits, or 42 and the short mark of the sender. Each id is greater than the one before from the same
 * generator, also when the clock stands still or goes back: the counter goes on, and past its end the id borrows the next
 * millisecond.
 */
export function messageIds(now: () => number): (mark?: string) => string {
  const pool = Buffer.allocUnsafe(POOL_BYTES);
  let used = POOL_BYTES;
  let last = 0;
  let counter = 0;
  return (mark = '') => {
    if (used + RANDOM_BYTES_PER_ID > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const at = used;
    used += RANDOM_BYTES_PER_ID;
    const time = now();
    if (time > last || counter === MAX_COUNTER) {
      last = Math.max(time, last + 1);
      // Two processes whose ids have one mark seldom meet in time, counter and random bits.
      counter = pool.readUInt16LE(at + 8) & FIRST_COUNTERS;
    } else {
      counter += 1;
    }
    pool[at] = ((pool[at] ?? 0) & 0x3f) | 0x80;
    const time48 = last.toString(16).padStart(12, '0');
    const count12 = counter.toString(16).padStart(3, '0');
    const variant = pool.toString('hex', at, at + 2);
    const node = pool.toString('hex', at + 2, at + 8);
    const id = `${time48.slice(0, 8)}-${time48.slice(8)}-7${count12}-${variant}-${node}`;
    return mark === '' ? id : marked(id, shortMark(mark));
  };
}
