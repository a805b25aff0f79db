import type { Clock } from '../../ports/clock.ts';
import type { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import { delayAfter, type Backoff } from './backoff.ts';
import { classify, type Verdict } from './classify.ts';
import type { Pauses } from './pauses.ts';

const INFRASTRUCTURE: Backoff = { from: 100, to: 5_000 };
const CONFLICT: Backoff = { from: 5, to: 500 };
const MISCONFIGURED: Backoff = { from: 1_000, to: 30_000 };
/** How often an unknown failure is taken for an outage before what was worked on is suspected. */
const UNKNOWN_TRIES = 5;

export interface Endurance {
  readonly clock: Clock;
  readonly log: Log;
  readonly pauses: Pauses;
  /** Aborts when the worker stops: nothing waits after that. */
  readonly signal: AbortSignal;
}

export interface EnduranceLimits {
  /** Asked after each wait; no gives the work up. */
  readonly worthwhile?: () => boolean;
  /** How often an unknown failure is waited for; 0 where it was waited for already. */
  readonly unknownTries?: number;
  /** How often a conflict is tried again; without limit unless the work can be made smaller. */
  readonly conflictTries?: number;
}

export type Endured<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** Failed by the fault of what was worked on. */
  | { readonly kind: 'fault'; readonly failure: Failure; readonly mayRecover: boolean }
  /** The worker stops, or `worthwhile` said no: give back what is held. */
  | { readonly kind: 'abandoned' };

/**
 * Does `work` until it succeeds or fails by its own fault; what is nobody's fault is waited for, without limit.
 *
 * States: working → done | fault
 *         working → waiting (infrastructure, conflict, unknown) → working
 *         working → paused (misconfigured: not ready, the reason is shown) → working
 *         waiting, paused → abandoned (stop, or no longer worthwhile)
 * Rejects only with what is no `Failure`: a bug.
 */
export async function endure<T>(
  context: Endurance,
  work: () => Promise<T>,
  limits: EnduranceLimits = {},
): Promise<Endured<T>> {
  const { clock, pauses, signal } = context;
  const { worthwhile = () => true } = limits;
  const tries = new Map<Verdict, number>();
  const pause = pauses.open();
  try {
    for (;;) {
      let failure: Failure;
      let verdict: Verdict;
      try {
        return { kind: 'done', value: await work() };
      } catch (error) {
        verdict = classify(error);
        if (verdict === 'bug') throw error;
        failure = error as Failure;
      }
      const count = (tries.get(verdict) ?? 0) + 1;
      tries.set(verdict, count);
      const delay = delayFor(verdict, count, limits);
      if (delay === undefined) return { kind: 'fault', failure, mayRecover: verdict !== 'refused' };
      report(context, verdict, failure, count, delay);
      if (verdict !== 'conflict') pause.because(failure.message);
      if (signal.aborted) return { kind: 'abandoned' };
      await clock.sleep(delay, signal);
      if (signal.aborted || !worthwhile()) return { kind: 'abandoned' };
    }
  } finally {
    pause.end();
  }
}

/** Milliseconds to wait, or undefined where waiting does not help. */
function delayFor(
  verdict: Verdict,
  tries: number,
  { unknownTries = UNKNOWN_TRIES, conflictTries = Infinity }: EnduranceLimits,
): number | undefined {
  switch (verdict) {
    case 'infrastructure':
      return delayAfter(tries, INFRASTRUCTURE);
    case 'conflict':
      return tries > conflictTries ? undefined : delayAfter(tries, CONFLICT);
    case 'misconfigured':
      return delayAfter(tries, MISCONFIGURED);
    case 'unknown':
      return tries > unknownTries ? undefined : delayAfter(tries, INFRASTRUCTURE);
    case 'refused':
    case 'missing-parent':
    case 'bug':
      return undefined;
  }
}

function report({ log }: Endurance, verdict: Verdict, failure: Failure, tries: number, delay: number): void {
  const fields = {
    code: failure.code,
    reason: failure.message,
    sqlstate: failure.sql?.sqlstate,
    tries,
    delay,
  };
  switch (verdict) {
    case 'conflict':
      log.debug(fields, 'transaction conflict, trying again');
      return;
    case 'misconfigured':
      log.error(fields, 'paused: the configuration must change');
      return;
    case 'infrastructure':
    case 'unknown':
    case 'refused':
    case 'missing-parent':
    case 'bug':
      log.warn(fields, 'waiting for infrastructure');
  }
}
