import type { Reason } from '../http/health.ts';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';
import { type Backoff, retryUntilDone } from '../ports/retry.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** Between two attempts to prove the servers. */
const BACKOFF: Backoff = { from: 250, to: 4_000 };
/** Milliseconds between two looks; one may take 2 s more, and what is wrong must be known within 10 s. */
const LOOK_EVERY = 5_000;

export interface ReadinessOptions {
  /** Rejects with a `Failure` where a server is away, or is not what the role needs. */
  readonly prove: () => Promise<void>;
  /** Why the role cannot do its job now, although the servers are proven. Never rejects. */
  readonly look: () => Promise<readonly Reason[]>;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** Aborts when the role stops. */
  readonly signal: AbortSignal;
}

/** Whether a role can do its job. */
export interface Readiness {
  /** Why the servers are not proven yet; undefined once they are. */
  unproven(): string | undefined;
  /**
   * Resolves after the first attempt, also where a server is away. Rejects where a server differs from what the role needs:
   * that is for a person to fix before the role starts. Where that is found only later, the role waits, since
   * `nomnom apply` may fix it meanwhile.
   */
  readonly attempted: Promise<void>;
  /** Resolves with true once the servers are proven, with false where `signal` came first. Rejects with a bug only. */
  readonly proven: Promise<boolean>;
}

/**
 * Proves the servers, then looks from time to time whether the role makes progress, also while there is no traffic:
 *
 * unproven → unproven (a server is away, or differs: told with each attempt) → ready
 * ready → paused (told once, with the reasons) → ready (told once, with how long it took) → …
 */
export function startReadiness(options: ReadinessOptions): Readiness {
  const { prove, clock, log, signal } = options;
  const { promise: attempted, resolve: endFirst } = Promise.withResolvers<undefined>();
  let isFirst = true;
  let unproven: string | undefined = 'the servers are being verified';
  const attempt = async (delay: number): Promise<'done' | 'again'> => {
    const failure = await failureOf(prove);
    if (isFirst && failure?.retryable === false) throw failure;
    isFirst = false;
    unproven = failure?.message;
    // A role that stops takes its servers away itself.
    if (failure !== undefined && !signal.aborted)
      log.warn({ reason: unproven, delay }, 'not ready: waiting for the servers');
    endFirst(undefined);
    return failure === undefined ? 'done' : 'again';
  };
  const proven = retryUntilDone(attempt, { clock, backoff: BACKOFF, signal });
  proven.then(
    (isProven) => (isProven ? watch(options) : undefined),
    () => undefined,
  );
  return {
    unproven: () => unproven,
    attempted: Promise.race([attempted, proven]).then(() => undefined),
    proven,
  };
}

async function failureOf(prove: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await prove();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

async function watch({ look, clock, log, telemetry, signal }: ReadinessOptions): Promise<void> {
  log.info({}, 'ready: the servers are what the role needs');
  let since: number | undefined;
  while (!signal.aborted) {
    const reasons = await look();
    if (signal.aborted) return;
    if (reasons.length > 0 && since === undefined) {
      since = clock.now();
      telemetry.record({ kind: 'not-ready', reasons });
    } else if (reasons.length === 0 && since !== undefined) {
      telemetry.record({ kind: 'ready-again', pausedMs: clock.now() - since });
      since = undefined;
    }
    await clock.sleep(LOOK_EVERY, signal);
  }
}
