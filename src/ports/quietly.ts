import { Failure } from './failure.ts';
import type { Log } from './log.ts';

/** Does what nobody waits for: a `Failure` is only told to the log, as that `what` failed. Rejects with a bug. */
export async function quietly(log: Log, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.debug({ code: error.code }, `${what} failed`);
  }
}
