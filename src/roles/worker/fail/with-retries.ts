import type { Plan } from '../../../plan/plan.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Failure } from '../../../ports/failure.ts';
import type { Log } from '../../../ports/log.ts';
import { delayAfter, type Backoff } from '../../../ports/retry.ts';
import { classify, type Verdict } from './classify.ts';
import type { Pause, Pauses } from './pauses.ts';

const INFRASTRUCTURE: Backoff = { from: 100, to: 5_000 };
const CONFLICT: Backoff = { from: 5, to: 500 };
/** As soon as somebody has put it right, work goes on: an outage of a minute must not cost half a minute more. */
const MISCONFIGURED: Backoff = { from: 1_000, to: 5_000 };
/** A conflict that lasts for more tries than these is shown as what the worker waits for. */
const CONFLICT_SHOWN = 8;

export interface RetryContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly pauses: Pauses;
  /** Aborts when the worker stops: nothing waits after that. */
  readonly signal: AbortSignal;
}

export interface RetryLimits {
  /** Asked after each wait; no gives the work up. */
  readonly worthwhile?: () => boolean;
  /** How often an unexpected failure is waited for; without limit unless the work can be made smaller. */
  readonly unexpectedTries?: number;
  /** How often a conflict is tried again; without limit unless the work can be made smaller. */
  readonly conflictTries?: number;
  /** Whose tables the work writes. */
  readonly plan?: Plan;
  /** Stays open after a fault, so that whoever opened it goes on without a word in between. */
  readonly pause?: Pause;
}

export type RetryOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** Failed by the fault of what was worked on, or unexpectedly for as often as the limits say. */
  | { readonly kind: 'fault'; readonly failure: Failure; readonly verdict: Verdict }
  /** The worker stops, or `worthwhile` said no: give back what is held. */
  | { readonly kind: 'abandoned' };

/** Whether the failure tells neither of an outage of everything nor of the fault of what was worked on. */
export function isUnexpected(verdict: Verdict): boolean {
  return verdict === 'unknown' || verdict === 'misconfigured' || verdict === 'server';
}

/**
 * Does `work` until it succeeds or fails by its own fault; what is nobody's fault is waited for, without limit.
 *
 * States: working → done | fault
 *         working → waiting (infrastructure, conflict, server, unknown) → working
 *         working → paused (misconfigured: not ready, the reason is shown) → working
 *         waiting, paused → abandoned (stop, or no longer worthwhile)
 * Rejects only with what is no `Failure`: a bug.
 */
export async function withRetries<T>(
  context: RetryContext,
  work: () => Promise<T>,
  limits: RetryLimits = {},
): Promise<RetryOutcome<T>> {
  const { clock, log, pauses, signal } = context;
  const { worthwhile = () => true, pause = pauses.open() } = limits;
  const tries = new Map<Verdict, number>();
  let isPaused = false;
  try {
    for (;;) {
      let failure: Failure;
      let verdict: Verdict;
      try {
        const value = await work();
        pause.end();
        return { kind: 'done', value };
      } catch (error) {
        verdict = classify(error, limits.plan);
        if (verdict === 'bug') throw error;
        failure = error as Failure;
      }
      const count = (tries.get(verdict) ?? 0) + 1;
      tries.set(verdict, count);
      const delay = delayFor(verdict, count, limits);
      if (delay === undefined) return { kind: 'fault', failure, verdict };
      const { code, message: reason, sql } = failure;
      log.debug({ code, reason, sqlstate: sql?.sqlstate, tries: count, delay }, 'failed, trying again');
      // A server that ends a statement for another one does its work: nobody else has to wait any more.
      if (verdict !== 'conflict') pause.because(failure);
      else if (isPaused || count > CONFLICT_SHOWN) pause.because(failure, false);
      isPaused ||= verdict !== 'conflict' || count > CONFLICT_SHOWN;
      if (signal.aborted) return { kind: 'abandoned' };
      await clock.sleep(delay, signal);
      if (signal.aborted || !worthwhile()) return { kind: 'abandoned' };
    }
  } finally {
    if (limits.pause === undefined) pause.end();
  }
}

/** Milliseconds to wait, or undefined where waiting does not help. */
function delayFor(
  verdict: Verdict,
  tries: number,
  { unexpectedTries = Infinity, conflictTries = Infinity }: RetryLimits,
): number | undefined {
  switch (verdict) {
    case 'infrastructure':
      return delayAfter(tries, INFRASTRUCTURE);
    case 'conflict':
      return tries > conflictTries ? undefined : delayAfter(tries, CONFLICT);
    case 'misconfigured':
      return tries > unexpectedTries ? undefined : delayAfter(tries, MISCONFIGURED);
    case 'server':
    case 'unknown':
      return tries > unexpectedTries ? undefined : delayAfter(tries, INFRASTRUCTURE);
    case 'refused':
    case 'missing-parent':
    case 'bug':
      return undefined;
  }
}
