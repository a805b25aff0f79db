import type { Plan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Extent, Queue } from '../../ports/queue.ts';
import type { Horizon, LostMessages, OpenSince } from '../../ports/lost-messages.ts';
import type { Store } from '../../ports/store.ts';
import type { MessageError } from '../../ports/ledger-entries.ts';
import type { Reason } from '../../http/health.ts';
import { comparable, passed } from './loss-mark.ts';

/** Milliseconds between two looks; a look that takes long waits longer for the next. */
const EVERY = 10_000;
const SHARE = 20;
/** Milliseconds by which the clocks of the processes may differ, and a status may be late, for the quick search. */
const SLACK = 120_000;
/** Milliseconds between two walks through the whole table, which find what the quick search cannot. */
const WALK_EVERY = 3_600_000;
const WALK_PAUSE = 50;
/** Ids that a line of the log names. */
const NAMED = 20;

export interface LossCheck {
  /** What to tell of messages that are lost and that nobody has dealt with. */
  worry(): Reason | undefined;
  stop(): void;
}

export interface LossCheckOptions {
  readonly plan: Plan;
  readonly queue: Queue;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds between two looks. */
  readonly every?: number;
}

/** Open statuses of a moment, and how far the queue reached then. */
interface Mark {
  readonly horizon: Horizon;
  readonly extents: readonly Extent[];
}

/**
 * Finds messages that are open and that the queue no longer has. A message is in the queue before its status is
 * written, and it leaves the queue after it is settled. So:
 *
 * marked (open statuses are there, then the queue's end is read) → the queue's oldest message is behind that end
 *   → what was marked and is still open is lost, however long that took → marked anew
 *
 * No clock decides. A stream that was made anew, or that lost its end, begins with a new mark. Never rejects with a
 * `Failure`: a look that fails is made again.
 */
export function startLossCheck(options: LossCheckOptions): LossCheck {
  const { queue, store, clock, log, every = EVERY } = options;
  const plan = withoutDeadLetters(options.plan);
  const stopping = new AbortController();
  const { signal } = stopping;
  const anew = new Set<string>();
  let mark: Mark | undefined;
  /** All that was written before it and is open is lost. */
  let proven: string | undefined;
  let since: number | undefined;
  let walkDue = true;
  let lost = 0;
  let counted: string | undefined;

  const search = (horizon: string) => ({ pipeline: plan.pipeline, horizon, errors: errorsOf(plan, anew) });

  const tell = (ids: readonly string[]) => {
    if (ids.length === 0) return;
    walkDue = true;
    const reasons = [...new Set(errorsOf(plan, anew).map(({ message }) => message))];
    log.error({ count: ids.length, message_ids: ids.slice(0, NAMED), reasons }, 'messages are lost');
  };

  const markWindow = async (horizon: string, from: number): Promise<void> => {
    const ids: string[] = [];
    for (let full = true; full && !signal.aborted;) {
      const step = await alone(store, plan.pipeline, (lost) => lost.markSince(search(horizon), from));
      ids.push(...(step?.ids ?? []));
      full = step?.more === true;
    }
    tell(ids);
  };

  const look = async (): Promise<void> => {
    const horizon = await store.ledger.lost.horizon();
    const extents = await queue.extents(plan);
    const before = mark;
    if (before === undefined || !comparable(before.extents, extents) || precedes(horizon, before.horizon)) {
      for (const stream of before === undefined ? [] : madeAnew(before.extents, extents)) anew.add(stream);
      if (before !== undefined) walkDue = true;
      proven = undefined;
      mark = { horizon, extents };
      since ??= horizon.at - SLACK;
      return;
    }
    if (!passed(before.extents, extents)) return;
    const from = since ?? before.horizon.at - SLACK;
    const open = await store.ledger.lost
      .openSince(plan.pipeline, before.horizon.number, from)
      .catch(leaveToWalk);
    walkDue ||= open === LEFT_TO_WALK;
    if (open.lost > 0) await markWindow(before.horizon.number, from);
    proven = before.horizon.number;
    since = Math.min(open.oldest ?? Infinity, before.horizon.at - SLACK);
    mark = { horizon, extents };
  };

  const walk = async (): Promise<void> => {
    const ids: string[] = [];
    for (let next: number | undefined = 0; next !== undefined && !signal.aborted;) {
      const from: number = next;
      const horizon = proven;
      const step =
        horizon === undefined
          ? undefined
          : await alone(store, plan.pipeline, (lost) => lost.markStretch(search(horizon), from));
      ids.push(...(step?.ids ?? []));
      next = step === undefined ? from : step.next;
      if (next !== undefined) await clock.sleep(step === undefined ? every : WALK_PAUSE, signal);
    }
    tell(ids);
    if (proven !== undefined) anew.clear();
  };

  const looking = async (): Promise<void> => {
    while (!signal.aborted) {
      const started = clock.now();
      await quietly(log, signal, async () => {
        await look();
        const { count, next } = await store.ledger.lost.count(plan.pipeline, counted);
        lost = count;
        counted = next;
      });
      const took = Math.max(0, clock.now() - started);
      await clock.sleep(Math.max(every, took * SHARE), signal);
    }
  };

  const walking = async (): Promise<void> => {
    let rested = 0;
    while (!signal.aborted) {
      if (proven !== undefined && (walkDue || rested >= WALK_EVERY)) {
        walkDue = false;
        rested = 0;
        await quietly(log, signal, walk);
      }
      await clock.sleep(every, signal);
      rested += every;
    }
  };

  if (plan.roles.some(({ consumes }) => consumes.length > 0)) {
    void looking();
    void walking();
  }
  return {
    worry: () =>
      lost === 0
        ? undefined
        : {
            check: 'lost',
            message: `${lost} accepted messages are no longer in the queue: send them again under their Idempotency-Key`,
          },
    stop: () => stopping.abort(),
  };
}

/** Dead letters that another role has not taken yet are settled: they hold nothing up. */
function withoutDeadLetters(plan: Plan): Plan {
  const published = new Set(
    plan.roles.flatMap(({ publishes }) => publishes.map(({ stream, template }) => `${stream} ${template}`)),
  );
  const roles = plan.roles.map((role) => ({
    ...role,
    consumes: role.consumes.filter(({ stream, template }) => published.has(`${stream} ${template}`)),
  }));
  return { ...plan, roles };
}

/** Undefined where another process is at it. */
function alone<T>(
  store: Store,
  pipeline: string,
  work: (lost: LostMessages) => Promise<T>,
): Promise<T | undefined> {
  return store.transaction(async ({ ledger: { lost } }) =>
    (await lost.tryLock(pipeline)) ? work(lost) : undefined,
  );
}

async function quietly(log: Log, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Failure)) throw error;
    log.debug({ code: error.code }, 'the search for lost messages is put off');
  }
}

const LEFT_TO_WALK: OpenSince = { lost: 0, oldest: undefined };

/** After a long backlog there may be more rows than one statement has time for. */
function leaveToWalk(error: unknown): OpenSince {
  if (error instanceof Failure && error.code === 'STORE_CONFLICT') return LEFT_TO_WALK;
  throw error;
}

/** Horizons of one server only grow; a smaller one is that of another server. */
function precedes(one: Horizon, other: Horizon): boolean {
  return BigInt(one.number) < BigInt(other.number);
}

function madeAnew(before: readonly Extent[], now: readonly Extent[]): readonly string[] {
  const known = new Map(before.map(({ stream, identity }) => [stream, identity]));
  return now.flatMap(({ stream, identity }) => (known.get(stream) === identity ? [] : [stream]));
}

/** What the lost messages of each entity are told. */
function errorsOf(plan: Plan, anew: ReadonlySet<string>): readonly MessageError[] {
  const consumes = plan.roles.flatMap((role) => role.consumes);
  const streamOf = new Map(
    consumes.flatMap(({ entities, stream }) => entities.map((entity) => [entity, stream] as const)),
  );
  return [...streamOf].map(([entity, stream]) => {
    const ages = (plan.streams.find(({ name }) => name === stream)?.maxAge ?? 0) > 0;
    const what = anew.has(stream)
      ? 'was made anew'
      : `was purged, or messages were deleted from it${ages ? ', or its max_age passed' : ''}`;
    const message = `the queue no longer has it: stream ${stream} ${what}`;
    return { code: 'lost', message, entity, field: '', pointer: '' };
  });
}
