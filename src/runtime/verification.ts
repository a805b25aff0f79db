import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';

/** Milliseconds between two attempts while a server is away. */
const BACKOFF = { from: 250, to: 4_000 };

/** A role's proof of its servers: asked for at least once, and again while one of them is away. */
export interface AwaitedProof {
  /** Why the role does not begin its work yet; undefined once it may. */
  reason(): string | undefined;
  /** Resolves with true once proven, with false where `signal` came first; rejects where the servers differ. */
  readonly done: Promise<boolean>;
}

/**
 * Proves the servers: unproven → proven. One that is away is waited for, without limit and with a line in the log for each
 * attempt. Resolves after the first attempt, and rejects there where a server differs from what the role needs: that is
 * for a person to fix, before the role starts.
 */
export async function awaitProof(
  prove: () => Promise<void>,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<AwaitedProof> {
  let reason = await attempt(prove);
  const goOn = async (): Promise<boolean> => {
    for (let delay = BACKOFF.from; reason !== undefined; delay = Math.min(delay * 2, BACKOFF.to)) {
      log.warn({ reason, delay }, 'not ready: waiting for the servers');
      await clock.sleep(delay, signal);
      if (signal.aborted) return false;
      reason = await attempt(prove);
    }
    return true;
  };
  return { reason: () => reason, done: goOn() };
}

/** Undefined when proven, the reason where a server cannot be asked now. */
async function attempt(prove: () => Promise<void>): Promise<string | undefined> {
  try {
    await prove();
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.retryable) return error.message;
    throw error;
  }
}
