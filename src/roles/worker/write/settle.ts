import type { Failure } from '../../../ports/failure.ts';
import type { Delivery } from '../../../ports/queue.ts';
import { type Applied, applyPart, partsOf } from './apply.ts';
import type { Verdict } from '../fail/classify.ts';
import { bisect, type Hints, newHints, proveHint } from '../fail/bisect.ts';
import type { Writing } from './writing.ts';
import { isUnexpected, type RetryOutcome, withRetries } from '../fail/with-retries.ts';
import type { Search } from '../fail/evidence.ts';
import { giveBack } from '../fail/give-back.ts';
import { tellWaiting } from '../fail/tell-waiting.ts';
import type { MessageLease } from '../message-lease.ts';
import type { Message } from '../message.ts';
import type { Pause } from '../fail/pauses.ts';
import { newRefusals, type Refusals } from './refusals.ts';
import { withPlannedColumns } from './unplanned-column.ts';
import { withoutBlocked } from './without-blocked.ts';

/** A batch that conflicts this often is halved: it may take longer than Postgres allows one statement. */
const CONFLICT_TRIES = 8;
/** How often an unexpected failure of a batch is waited for before the batch is searched. */
const UNEXPECTED_TRIES = 3;

/** What one call of `settle` knows. */
interface Run {
  /** The reason why the batch waits, or is searched. */
  readonly pause: Pause;
  /** How often an unexpected failure is waited for. */
  unexpectedTries: number;
  /** Given once the batch was refused, or failed too often. */
  hints?: Hints;
  search?: Search;
  readonly refusals: Refusals;
  /** Messages that failed alone, and that nothing speaks against so far. */
  readonly doubtful: Message[];
}

/**
 * Writes the messages, in as few transactions as keep their order. If one of them is at fault, cuts what is left into
 * parts (bisect.ts), in order and each in transactions of its own, until the one is alone; the others are committed. Where many
 * are at fault, they are tried one by one. Those at fault are recorded together (refusals.ts).
 *
 * So it goes, too, where Postgres answers again and again with an error that tells of nobody's fault: evidence.ts decides
 * whether it is a message's own. Else the message goes back without an attempt, and with it, untried, what writes where
 * nothing gets through: a sick server is asked about ten times, not once for each message.
 *
 * False where the worker stops.
 */
export async function settle(
  context: Writing,
  lease: MessageLease,
  messages: readonly Message[],
  unexpectedTries = UNEXPECTED_TRIES,
): Promise<boolean> {
  const refusals = newRefusals(context, lease);
  const run: Run = { pause: context.pauses.open(), unexpectedTries, refusals, doubtful: [] };
  try {
    const written = await write(context, lease, messages, run);
    const done = written && (run.doubtful.length === 0 || (await tryAgain(context, lease, run)));
    // What was found out is recorded also where the worker stops.
    return (await refusals.record()) && done;
  } finally {
    run.search?.end();
    run.pause.end();
  }
}

async function write(
  context: Writing,
  lease: MessageLease,
  arrived: readonly Message[],
  run: Run,
): Promise<boolean> {
  if (run.refusals.bar(arrived) && !(await run.refusals.record())) return false;
  const free = context.order.free(arrived);
  const messages = run.search === undefined ? free : await withoutBlocked(context, lease, free);
  if (messages.length === 0) return true;
  const { committed, rest, stopped } = await commit(context, lease, messages, run);
  await acknowledge(context, lease, committed);
  run.refusals.written(messages.length - rest.length);
  if (stopped === undefined) return true;
  if (stopped.kind === 'abandoned') return false;
  run.unexpectedTries = 0;
  if (isUnexpected(stopped.verdict)) {
    run.search ??= context.evidence.search();
    run.pause.because(stopped.failure);
  }
  const [only] = rest;
  if (only !== undefined && rest.length === 1) return failed(context, lease, only, stopped, run);
  return writeParts(context, lease, rest, stopped.failure, run);
}

interface Commits {
  readonly committed: readonly Applied[];
  /** What stopped the others. */
  readonly stopped?: Exclude<RetryOutcome<Applied>, { readonly kind: 'done' }>;
  /** What is not committed, in order. */
  readonly rest: readonly Message[];
}

/** Commits the messages part by part, until one is stopped. */
async function commit(
  context: Writing,
  lease: MessageLease,
  messages: readonly Message[],
  run: Run,
): Promise<Commits> {
  const { store, write: plan } = context;
  const parts = partsOf(plan, messages);
  const committed: Applied[] = [];
  for (const [at, part] of parts.entries()) {
    const work = () => withPlannedColumns(plan.plan, () => applyPart(store, plan, part));
    const outcome = await withRetries(context, work, {
      worthwhile: () => !lease.lapsed(),
      unexpectedTries: run.unexpectedTries,
      plan: plan.plan,
      pause: run.pause,
      ...(messages.length > 1 ? { conflictTries: CONFLICT_TRIES } : {}),
    });
    if (outcome.kind !== 'done') {
      const open = new Set(parts.slice(at).flatMap((each) => each.messages));
      return { committed, stopped: outcome, rest: messages.filter((message) => open.has(message)) };
    }
    committed.push(outcome.value);
  }
  return { committed, rest: [] };
}

async function writeParts(
  context: Writing,
  lease: MessageLease,
  messages: readonly Message[],
  failure: Failure,
  run: Run,
): Promise<boolean> {
  run.hints ??= newHints();
  for (const part of bisect(context.plan, failure, messages, run.hints)) {
    for (let left = part; left.length > 0;) {
      const next = run.refusals.areDense() ? left.slice(0, 1) : left;
      left = left.slice(next.length);
      if (context.signal.aborted || !(await write(context, lease, next, run))) return false;
    }
  }
  return true;
}

/** A message that failed alone. */
async function failed(
  context: Writing,
  lease: MessageLease,
  message: Message,
  { failure, verdict }: { readonly failure: Failure; readonly verdict: Verdict },
  run: Run,
): Promise<boolean> {
  if (verdict === 'conflict') return write(context, lease, [message], run);
  if (isUnexpected(verdict) && !context.evidence.failed(message, failure, run.search?.since ?? 0)) {
    // Where the order counts, those behind it must find its key held back.
    if (context.order.mayOvertake) run.doubtful.push(message);
    else await giveBack(context, lease, [message]);
    await tellWaiting(context, message, failure);
    return true;
  }
  proveHint(run.hints, message);
  run.refusals.add(message, failure, verdict !== 'refused');
  // A role that ends at the first one writes nothing behind it.
  return context.settings.onPoison === 'halt' ? run.refusals.record() : true;
}

/** Once more those that others speak against by now; the rest goes back. */
async function tryAgain(context: Writing, lease: MessageLease, run: Run): Promise<boolean> {
  for (const message of run.doubtful.splice(0)) {
    if (context.evidence.othersWritten(message)) {
      if (context.signal.aborted || !(await write(context, lease, [message], run))) return false;
    } else run.doubtful.push(message);
  }
  await giveBack(context, lease, run.doubtful);
  return true;
}

/** Tells and acknowledges what is committed. */
async function acknowledge(
  { telemetry, evidence }: Writing,
  lease: MessageLease,
  committed: readonly Applied[],
): Promise<void> {
  const applied = committed.flatMap((part) => part.applied);
  const written = deliveriesOf(applied);
  const superseded = deliveriesOf(committed.flatMap((part) => part.superseded));
  const settled = deliveriesOf(committed.flatMap((part) => part.settled));
  if (written.length > 0)
    telemetry.record({
      kind: 'committed',
      messages: written,
      unknownKeys: unknownKeysOf(applied),
      unknownNames: unknownNamesOf(applied),
    });
  if (superseded.length > 0) telemetry.record({ kind: 'superseded', messages: superseded });
  if (settled.length > 0) telemetry.record({ kind: 'settled-before', messages: settled });
  evidence.committed(applied);
  for (const { messageId } of [...superseded, ...settled]) evidence.forget(messageId);
  await lease.ack([...written, ...superseded, ...settled]);
}

const NO_UNKNOWN_KEYS: ReadonlyMap<string, number> = new Map();

function unknownKeysOf(messages: readonly Message[]): ReadonlyMap<string, number> {
  let counts: Map<string, number> | undefined;
  for (const { delivery, unknownFields } of messages) {
    if (unknownFields === 0) continue;
    counts ??= new Map();
    counts.set(delivery.entity, (counts.get(delivery.entity) ?? 0) + unknownFields);
  }
  return counts ?? NO_UNKNOWN_KEYS;
}

/** Whoever listens names no more. */
const ENOUGH_NAMES = 20;
const NO_NAMES: ReadonlyMap<string, ReadonlySet<string>> = new Map();

function unknownNamesOf(messages: readonly Message[]): ReadonlyMap<string, ReadonlySet<string>> {
  let names: Map<string, Set<string>> | undefined;
  for (const { delivery, unknownNames } of messages) {
    if (unknownNames === undefined) continue;
    names ??= new Map();
    const known = names.get(delivery.entity) ?? new Set();
    names.set(delivery.entity, known);
    if (known.size < ENOUGH_NAMES) for (const name of unknownNames) known.add(name);
  }
  return names ?? NO_NAMES;
}

function deliveriesOf(messages: readonly Message[]): readonly Delivery[] {
  return messages.map(({ delivery }) => delivery);
}
