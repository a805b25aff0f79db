import type { Outgoing } from '../../ports/queue.ts';
import type { Acceptance } from './accept-one.ts';
import { type BatchReport, ranges, type RejectedElement } from './batch-report.ts';
import type { BatchElements } from './batch-elements.ts';
import { type Envelope, examine, outgoing } from './incoming.ts';
import { problem, type Problem } from './problem.ts';
import type { FailedOutcome } from './refused-publish.ts';

/** Messages evaluated in one go; other requests are served between two chunks. */
const CHUNK = 250;

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

/** What is known so far. */
interface Progress {
  readonly stored: { readonly index: number; readonly messageId: string }[];
  readonly rejected: RejectedElement[];
  readonly notStored: number[];
  readonly unknown: { readonly index: number; readonly message_id: string }[];
  failure: FailedOutcome | undefined;
}

interface Element {
  readonly index: number;
  readonly message: Outgoing;
  readonly orderKey: string | undefined;
}

/**
 * Accepts a batch in the order of its elements. One chunk is with the queue while the next is evaluated, never two,
 * so that messages of one key stay in order. A refused element costs only itself; once the queue fails the rest is
 * not published, and the answer says for every element whether it is stored.
 */
export async function acceptBatch(
  acceptance: Acceptance,
  envelope: Envelope,
  elements: BatchElements,
  idOf: (index: number) => string,
  limits: BatchLimits,
): Promise<BatchReport | Problem> {
  if (!acceptance.publishing.hasRoom()) return problem('too_busy', 'too many messages wait for the queue');
  const progress: Progress = { stored: [], rejected: [], notStored: [], unknown: [], failure: undefined };
  let publishing = Promise.resolve();
  for (let start = 0; start < elements.count; start += limits.chunk) {
    const end = Math.min(start + limits.chunk, elements.count);
    const chunk = examineChunk(envelope, elements, start, end, idOf, limits, progress);
    await publishing;
    if (progress.failure === undefined) publishing = publishChunk(acceptance, chunk, progress, limits);
    else progress.notStored.push(...chunk.map(({ index }) => index));
    await nextTurn();
  }
  await publishing;
  progress.stored.sort((a, b) => a.index - b.index);
  progress.notStored.sort((a, b) => a - b);
  progress.unknown.sort((a, b) => a.index - b.index);
  return progress.failure === undefined ? reportOf(progress) : partialProblem(progress, progress.failure);
}

function examineChunk(
  envelope: Envelope,
  elements: BatchElements,
  start: number,
  end: number,
  idOf: (index: number) => string,
  limits: BatchLimits,
  { rejected }: Progress,
): Element[] {
  const chunk: Element[] = [];
  const limit = limits.message();
  for (let index = start; index < end; index += 1) {
    const { bytes, text } = elements.at(index);
    if (text === undefined) {
      rejected.push({ index, code: 'invalid_utf8', pointer: '', message: 'the element is not UTF-8' });
      continue;
    }
    if (bytes.length > limit) {
      const message = `the element has ${bytes.length} bytes, the limit is ${limit}`;
      rejected.push({ index, code: 'too_large', pointer: '', message });
      continue;
    }
    const messageId = idOf(index);
    const examined = examine(envelope, text, messageId);
    if (examined.kind === 'good') {
      const { orderKey } = examined;
      chunk.push({ index, message: outgoing(envelope, bytes, messageId, orderKey), orderKey });
    } else {
      const { code, field, pointer, message } = examined.rejection;
      rejected.push({ index, code, ...(field === '' ? {} : { field }), pointer, message });
    }
  }
  return chunk;
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
  for (const wave of waves(chunk)) {
    if (progress.failure === undefined) await publishWave(acceptance, wave, progress, limits);
    else progress.notStored.push(...wave.map(({ index }) => index));
  }
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
  { repeated = false }: BatchLimits,
): Promise<void> {
  const built = chunk.map(({ message }) => message);
  const messages = repeated ? await again.raised(built) : built;
  const outcomes = await publishing.many(messages);
  if (repeated) await again.reopen(messages, outcomes);
  for (const [at, { index, message: first }] of chunk.entries()) {
    const message = messages[at] ?? first;
    const outcome = outcomes[at] ?? { kind: 'unavailable', reason: 'the queue gave no outcome' };
    const { messageId } = message;
    if (outcome.kind === 'stored') {
      progress.stored.push({ index, messageId });
      accepted.add(message);
      continue;
    }
    progress.failure ??= outcome;
    if (outcome.kind === 'unavailable') progress.unknown.push({ index, message_id: messageId });
    else progress.notStored.push(index);
  }
}

function reportOf({ stored, rejected }: Progress): BatchReport {
  return { accepted: stored.length, rejected, message_ids: stored.map(({ messageId }) => messageId) };
}

const FAILED_CODE = {
  full: 'queue_full',
  misconfigured: 'queue_misconfigured',
  unavailable: 'queue_unavailable',
} as const;

function partialProblem(progress: Progress, failure: FailedOutcome): Problem {
  const { stored, notStored, unknown } = progress;
  const message =
    `the queue failed: ${failure.reason}; ${stored.length} elements are stored, ${notStored.length} are not` +
    (unknown.length === 0 ? '' : `, ${unknown.length} may or may not be`) +
    '; send the elements of not_stored again, or the whole batch if it had an Idempotency-Key';
  return problem(FAILED_CODE[failure.kind], message, {
    ...reportOf(progress),
    stored: ranges(stored.map(({ index }) => index)),
    not_stored: ranges(notStored),
    unknown,
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
