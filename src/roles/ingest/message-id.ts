import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn in blocks: one system call for many ids. */
const POOL_BYTES = 4096;
const RANDOM_BYTES_PER_ID = 8;
const MAX_COUNTER = 0xfff;

/**
 * Makes UUIDv7 message ids (RFC 9562, 6.2 method 1): 48 bits of milliseconds, a 12-bit counter, 62 random bits.
 * Each id is greater than the one before from the same generator, also when the clock stands still or goes back:
 * the counter goes on, and past its end the id borrows the next millisecond.
 */
export function messageIds(now: () => number): () => string {
  const pool = Buffer.allocUnsafe(POOL_BYTES);
  let used = POOL_BYTES;
  let last = 0;
  let counter = 0;
  return () => {
    const time = now();
    if (time > last) {
      last = time;
      counter = 0;
    } else if (counter === MAX_COUNTER) {
      last += 1;
      counter = 0;
    } else {
      counter += 1;
    }
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const at = used;
    used += RANDOM_BYTES_PER_ID;
    pool[at] = ((pool[at] ?? 0) & 0x3f) | 0x80;
    const time48 = last.toString(16).padStart(12, '0');
    const count12 = counter.toString(16).padStart(3, '0');
    const variant = pool.toString('hex', at, at + 2);
    const node = pool.toString('hex', at + 2, at + RANDOM_BYTES_PER_ID);
    return `${time48.slice(0, 8)}-${time48.slice(8)}-7${count12}-${variant}-${node}`;
  };
}
