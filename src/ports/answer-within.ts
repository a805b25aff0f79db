import type { Clock } from './clock.ts';

const ANSWERED = 'it was answered';

/** The answer, or `late` where it has not come after so many milliseconds. Rejects as the answer does. */
export async function answerWithin<T, L>(
  clock: Clock,
  milliseconds: number,
  answer: Promise<T>,
  late: L,
): Promise<T | L> {
  const answered = new AbortController();
  try {
    return await Promise.race([answer, clock.sleep(milliseconds, answered.signal).then(() => late)]);
  } finally {
    // Without a reason of its own each abort makes an error with its stack: 1 % of what ingest works.
    answered.abort(ANSWERED);
  }
}
