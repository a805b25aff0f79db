import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Difference } from '../../ports/queue.ts';
import { refusalText } from '../setup/refusal.ts';

/** Milliseconds between attempts while a server cannot be asked. */
const BACKOFF = { from: 500, to: 10_000 };

/**
 * Whether the live servers agree with the plan: unproven → proven, once. While unproven the role takes no message.
 * A server that cannot be reached is asked again; one that disagrees ends the start, or, found only later, is told
 * to the log and asked again, since `nomnom apply` may have fixed it meanwhile.
 */
export interface Verification {
  /** Why it is not proven; undefined once it is. */
  unproven(): string | undefined;
  stop(): void;
}

/** Rejects with a `Failure` that holds the whole refusal when the servers disagree. */
export async function startVerification(
  file: string,
  differences: () => Promise<readonly Difference[]>,
  clock: Clock,
  log: Log,
): Promise<Verification> {
  const stopped = new AbortController();
  let reason: string | undefined = await attempt(file, differences);

  const goOn = async () => {
    for (let backoff = BACKOFF.from; reason !== undefined; backoff = Math.min(backoff * 2, BACKOFF.to)) {
      log.warn({ reason }, 'not ready: the servers are not proven against the plan');
      await clock.sleep(backoff, stopped.signal);
      if (stopped.signal.aborted) return;
      reason = await attempt(file, differences).catch((refusal: unknown) => messageOf(refusal));
    }
    log.info({}, 'ready: the servers agree with the plan');
  };
  void goOn();
  return { unproven: () => reason, stop: () => stopped.abort() };
}

/** Undefined when proven, the reason when a server cannot be asked; throws the refusal when they disagree. */
async function attempt(
  file: string,
  differences: () => Promise<readonly Difference[]>,
): Promise<string | undefined> {
  let found: readonly Difference[];
  try {
    found = await differences();
  } catch (error) {
    if (error instanceof Failure && error.retryable) return error.message;
    throw error;
  }
  const refusal = refusalText(file, found);
  if (refusal === undefined) return undefined;
  const code = found.some((one) => one.code === 'NOM903') ? 'QUEUE_MISCONFIGURED' : 'STORE_MISCONFIGURED';
  throw new Failure(code, refusal);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
