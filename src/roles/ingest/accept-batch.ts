import type { Outgoing } from '../../ports/queue.ts';
import { type Acceptance, tooBusy } from './accept-one.ts';
import type { BatchElements } from './batch-elements.ts';
import { type BatchReport, startTally, type StoredElement, type Tally } from './batch-report.ts';
import { type Envelope, examine, outgoing } from './incoming.ts';
import { nextTurn } from './next-turn.ts';
import { problem, type Problem } from '../../http/problem.ts';
import type { FailedOutcome } from './refused-publish.ts';
import { isKept, refusedEntry } from './refused-entry.ts';
import { shortFaults } from './short-faults.ts';
import type { MessageState } from '../../ports/ledger-entries.ts';
import type { Rejection } from '../../types/value.ts';
import { shortText } from './short-text.ts';

/** Messages evaluated in one go, and bytes; other requests are served between two chunks. */
const CHUNK = 250;
const CHUNK_BYTES = 1024 * 1024;

export interface BatchLimits {
  /** Bytes of one message, as far as that is known now. */
  readonly message: () => number;
  /** Messages for one publish call. */
  readonly chunk: number;
  /** The batch came before under its Idempotency-Key. */
  readonly repeated?: boolean;
}

export function batchLimits(messageBytes: () => number, publishWindow: number): BatchLimits {
  return { message: messageBytes, chunk: Math.min(CHUNK, publishWindow) };
}

/** The message ids of the elements. */
export interface BatchIds {
  /** Whether an id stands for its index; otherwise one that a refused element does not need goes to the next. */
  readonly byIndex: boolean;
  of(index: number): string;
}

export interface BatchOutcome {
  readonly answer: BatchReport | Problem;
  /** Elements that are stored; also where the queue broke the batch off. */
  readonly accepted: number;
  /** Elements that were refused, by code. */
  readonly refusals: ReadonlyMap<string, number>;
}

/** What is known so far. */
interface Progress {
  readonly tally: Tally;
  failure: FailedOutcome | undefined;
  /** Whether Postgres did not take a refused element that has to be kept. */
  unkept: boolean;
}

/** What is known of the elements of a chunk. */
interface Chunk {
  readonly good: readonly Element[];
  readonly refused: readonly RefusedElement[];
}

interface RefusedElement {
  readonly index: number;
  readonly body: Buffer;
  readonly messageId: string;
  readonly rejection: Rejection;
}

interface Element {
  readonly index: number;
  readonly message: Outgoing;
  readonly orderKey: string | undefined;
}

/**
 * Accepts a batch in the order of its elements. One chunk is with the queue while the next is evaluated, never two,
 * so that messages of one key stay in order, and a batch holds no more than two chunks besides its body. A refused
 * element costs only itself; once the queue fails the rest is not published, and the answer says for every element
 * whether it is stored.
 */
export async function acceptBatch(
  acceptance: Acceptance,
  envelope: Envelope,
  elements: BatchElements,
  ids: BatchIds,
  limits: BatchLimits,
): Promise<BatchOutcome> {
  if (!acceptance.publishing.hasRoom()) {
    return { answer: tooBusy(), accepted: 0, refusals: new Map() };
  }
  const progress: Progress = { tally: startTally(), failure: undefined, unkept: false };
  const { tally } = progress;
  let publishing = Promise.resolve();
  let start = 0;
  for (let isLast = false; !isLast;) {
    const next = elements.next(limits.chunk, CHUNK_BYTES);
    const { good, refused } = examineChunk(envelope, next.elements, start, ids, limits);
    start += next.elements.length;
    ({ isLast } = next);
    const kept = await tellRefused(acceptance, envelope, refused, limits, progress);
    if (!kept) progress.unkept = true;
    await publishing;
    if (progress.failure !== undefined) tally.notStored(good.map(({ index }) => index));
    else if (good.length > 0) publishing = publishChunk(acceptance, good, progress, limits);
    if (!isLast) await nextTurn();
  }
  await publishing;
  const report = tally.report();
  const answer =
    progress.failure !== undefined
      ? partialProblem(tally, progress.failure)
      : progress.unkept
        ? unkeptProblem(report)
        : report;
  return { answer, accepted: report.accepted, refusals: tally.refusals() };
}

function examineChunk(
  envelope: Envelope,
  elements: readonly Buffer[],
  start: number,
  ids: BatchIds,
  limits: BatchLimits,
): Chunk {
  const good: Element[] = [];
  const refused: RefusedElement[] = [];
  let unused: string | undefined;
  const limit = limits.message();
  for (const [at, bytes] of elements.entries()) {
    const index = start + at;
    const messageId = unused ?? ids.of(index);
    unused = undefined;
    const examined = examine(envelope, bytes, messageId, limit);
    if (examined.kind === 'good') {
      const { orderKey } = examined;
      good.push({ index, message: outgoing(envelope, bytes, messageId, orderKey), orderKey });
    } else {
      const { rejection } = examined;
      if (!ids.byIndex && !isKept(envelope, rejection)) unused = messageId;
      refused.push({ index, body: bytes, messageId, rejection });
    }
  }
  return { good, refused };
}

/** Tells of refused elements, and keeps them where the entity says so; false where one that has to be kept is not. */
async function tellRefused(
  acceptance: Acceptance,
  envelope: Envelope,
  refused: readonly RefusedElement[],
  limits: BatchLimits,
  { tally, unkept }: Progress,
): Promise<boolean> {
  const { keepsRefused } = envelope.route;
  const states = keepsRefused ? await keepRefused(acceptance, envelope, refused, limits, unkept) : NONE;
  for (const element of refused) {
    const { index, messageId, rejection } = element;
    const { code, field, pointer, message } = rejection;
    tally.reject(index, code, () => ({
      code,
      ...(field === '' ? {} : { field }),
      pointer: shortText(pointer),
      message: shortText(message),
      ...shortFaults(rejection),
      ...(states.get(element) === undefined ? {} : { message_id: messageId }),
    }));
  }
  const kept = [...states.values()].filter((state) => state !== undefined);
  if (keepsRefused) tally.keep(kept.length);
  return kept.length === states.size;
}

type KeptStates = ReadonlyMap<RefusedElement, MessageState | undefined>;
const NONE: KeptStates = new Map();

/** What became of those that have to be kept: the status of each, undefined where Postgres does not take it now. */
async function keepRefused(
  { refusals, pipeline }: Acceptance,
  envelope: Envelope,
  refused: readonly RefusedElement[],
  { repeated = false }: BatchLimits,
  isAway: boolean,
): Promise<KeptStates> {
  const kept = refused.filter(({ rejection }) => isKept(envelope, rejection));
  // One that Postgres did not take has waited for it; each of the others would too.
  if (isAway) return new Map(kept.map((element) => [element, undefined]));
  return new Map(
    await Promise.all(
      kept.map(
        async (element) =>
          [element, await refusals.keep(refusedEntry(pipeline, envelope, element), repeated)] as const,
      ),
    ),
  );
}

/**
 * Publishes a chunk, in one go unless messages of it have the same order key: an answer that is late or lost would let
 * the second of them overtake the first.
 */
async function publishChunk(
  acceptance: Acceptance,
  chunk: readonly Element[],
  progress: Progress,
  limits: BatchLimits,
): Promise<void> {
  const found: Published = { stored: [], notStored: [], unknown: [] };
  for (const wave of waves(chunk)) {
    if (progress.failure === undefined) await publishWave(acceptance, wave, progress, found, limits);
    else found.notStored.push(...wave.map(({ index }) => index));
  }
  const byIndex = (left: StoredElement, right: StoredElement) => left.index - right.index;
  progress.tally.store(found.stored.sort(byIndex));
  progress.tally.notStored(found.notStored.sort((left, right) => left - right));
  progress.tally.unknown(found.unknown.sort(byIndex));
}

/** What became of a chunk, by the waves in which it was published. */
interface Published {
  readonly stored: StoredElement[];
  readonly notStored: number[];
  readonly unknown: StoredElement[];
}

/** In the first wave the first message of each order key and all without one, in the second the second of each, … */
function waves(chunk: readonly Element[]): readonly (readonly Element[])[] {
  const seen = new Map<string, number>();
  const all: Element[][] = [];
  for (const element of chunk) {
    const wave = element.orderKey === undefined ? 0 : (seen.get(element.orderKey) ?? 0);
    if (element.orderKey !== undefined) seen.set(element.orderKey, wave + 1);
    (all[wave] ??= []).push(element);
  }
  return all;
}

async function publishWave(
  { publishing, accepted, again }: Acceptance,
  chunk: readonly Element[],
  progress: Progress,
  { stored, notStored, unknown }: Published,
  { repeated = false }: BatchLimits,
): Promise<void> {
  const built = chunk.map(({ message }) => message);
  const messages = repeated ? await again.raised(built) : built;
  const outcomes = await publishing.many(messages);
  if (repeated) await again.reopen(messages, outcomes);
  for (const [at, { index, message: first }] of chunk.entries()) {
    const message = messages[at] ?? first;
    const outcome = outcomes[at] ?? {
      kind: 'unavailable',
      reason: 'the queue did not answer for this message',
    };
    const { messageId } = message;
    if (outcome.kind === 'stored') {
      stored.push({ index, messageId });
      accepted.add(message);
      continue;
    }
    progress.failure ??= outcome;
    if (outcome.kind === 'unavailable') unknown.push({ index, messageId });
    else notStored.push(index);
  }
}

function unkeptProblem(report: BatchReport): Problem {
  return problem(
    'store_unavailable',
    `${report.accepted} elements are stored; of ${report.rejected_count} refused ones Postgres cannot keep all now: send the batch again under its Idempotency-Key`,
    { ...report },
  );
}

const FAILED_CODE = {
  full: 'queue_full',
  too_large: 'too_large',
  misconfigured: 'queue_misconfigured',
  unavailable: 'queue_unavailable',
} as const;

function partialProblem(tally: Tally, failure: FailedOutcome): Problem {
  const report = tally.partial();
  const { accepted, not_stored_count: notStored, unknown_count: unknown, listed_below: below } = report;
  const message =
    `the queue failed: ${failure.reason}; ${accepted} elements are stored, ${notStored} are not` +
    (unknown === 0 ? '' : `, ${unknown} may or may not be`) +
    (below === undefined
      ? '; send the elements of not_stored again, or the whole batch if it had an Idempotency-Key'
      : `; the lists are cut at element ${below}: send the whole batch again under its Idempotency-Key`);
  return problem(FAILED_CODE[failure.kind], message, { ...report });
}
