import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../ports/failure.ts';

/** Milliseconds: longer than a try waits for its locks, so that those who come to the table meanwhile have most of the time. */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 5_000;

/** No lock in time, and a deadlock: both end when others go on. */
const IN_THE_WAY: readonly (string | undefined)[] = ['55P03', '40P01'];

/**
 * Tries a transaction again, after a pause, as long as others hold locks that it needs. Each try is rolled back by then, so that who waited
 * behind it has gone on.
 */
export async function givingWay<T>(transaction: () => Promise<T>, onGaveWay: () => void): Promise<T> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
    try {
      return await transaction();
    } catch (error) {
      if (!(error instanceof Failure) || !IN_THE_WAY.includes(error.sql?.sqlstate)) throw error;
    }
    onGaveWay();
    await sleep(pause);
  }
}
