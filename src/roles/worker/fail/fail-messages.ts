import { Failure } from '../../../ports/failure.ts';
import type { OpenMessage } from '../../../ports/ledger.ts';
import type { Delivery } from '../../../ports/queue.ts';
import type { DeadEntry, FailedEntry } from '../../../ports/ledger-entries.ts';
import { delayAfter } from '../../../ports/retry.ts';
import { bodyBytes } from './body-bytes.ts';
import type { Failing } from './failing.ts';
import { withRetries } from './with-retries.ts';
import { entryOf } from '../entry-of.ts';
import type { MessageLease } from '../message-lease.ts';
import type { Failed } from '../message.ts';

/** Bytes of bodies in one statement. */
const CHUNK = 8_000_000;
/** Milliseconds after which a message comes again whose failure the ledger did not take. */
const REFUSED_BY_LEDGER = 10_000;

/**
 * Records messages that failed by their own fault, each in the ledger before the queue hears of it: one that may recover
 * comes again after a growing delay, until its attempts are spent; the others become dead letters, published before they
 * are recorded. False where the worker stops before that was done.
 *
 * A role with `on_poison: halt` makes none a dead letter: the error is noted with the message's status, the message stays in the queue,
 * and this rejects with the `Failure` that ends the role.
 */
export async function failMessages(
  context: Failing,
  lease: MessageLease,
  failed: readonly Failed[],
): Promise<boolean> {
  for (const chunk of chunks(failed)) {
    if (!(await failChunk(context, lease, chunk))) return false;
  }
  return true;
}

async function failChunk(context: Failing, lease: MessageLease, failed: readonly Failed[]): Promise<boolean> {
  const { plan, settings, store, telemetry, evidence } = context;
  const { attempts, backoff, onPoison } = settings;
  const recorded = await withRetries(
    context,
    async () => {
      const open = await store.ledger.readOpen(failed.map(({ delivery }) => entryOf(plan, delivery)));
      const sorted = sortFailures(failed, open, attempts);
      const { again, settled } = sorted;
      const halting = onPoison === 'halt' ? sorted.dead : [];
      const dead = onPoison === 'halt' ? [] : sorted.dead;
      await context.publishDead(dead);
      const retries = await store.transaction(async ({ ledger }) => {
        await ledger.recordDeadLetters(dead.map((each) => deadEntry(context, each)));
        return ledger.markRetrying([...again, ...halting].map((each) => failedEntry(context, each)));
      });
      return { dead, again, settled, halting, retries };
    },
    { worthwhile: () => !lease.lapsed() },
  );
  if (recorded.kind === 'fault') return unrecorded(context, lease, failed, recorded.failure);
  if (recorded.kind === 'abandoned') return false;

  const { dead, again, settled, halting, retries } = recorded.value;
  for (const { delivery, error } of dead) {
    evidence.forget(delivery.messageId);
    telemetry.record({ kind: 'dead-lettered', message: delivery, error });
  }
  if (settled.length > 0) telemetry.record({ kind: 'settled-before', messages: settled });
  await lease.ack([...dead.map(({ delivery }) => delivery), ...settled]);
  for (const { delivery, error } of again) {
    const spent = retries.get(delivery.messageId);
    if (spent === undefined) {
      await lease.ack([delivery]);
      continue;
    }
    const delay = delayAfter(spent, backoff);
    telemetry.record({ kind: 'retried', message: delivery, error, attempts: spent, delay });
    await lease.retry([delivery], delay);
  }
  for (const { delivery, error } of halting) {
    telemetry.record({ kind: 'halted', message: delivery, error });
  }
  const [poison] = halting;
  if (poison !== undefined) throw haltedBy(poison);
  return true;
}

/**
 * What the ledger refuses is neither lost nor charged: it is tried in halves, and what is refused alone comes again after
 * a while. An outage or an unexpected error of the ledger is no refusal; that is waited for.
 */
async function unrecorded(
  context: Failing,
  lease: MessageLease,
  failed: readonly Failed[],
  failure: Failure,
): Promise<boolean> {
  if (failed.length > 1) {
    const middle = failed.length >> 1;
    const halves = [failed.slice(0, middle), failed.slice(middle)];
    for (const half of halves) if (!(await failChunk(context, lease, half))) return false;
    return true;
  }
  const deliveries = failed.map(({ delivery }) => delivery);
  const ids = deliveries.map(({ messageId }) => messageId);
  context.log.error({ message_ids: ids, reason: failure.message }, 'the ledger refused failed messages');
  await lease.retry(deliveries, REFUSED_BY_LEDGER);
  return true;
}

function haltedBy({ delivery, error }: Failed): Failure {
  const { entity, messageId } = delivery;
  return new Failure(
    'POISON',
    `${entity} ${messageId}, ${error.code}${error.pointer === '' ? '' : ` at ${error.pointer}`}`,
  );
}

interface Sorted {
  readonly dead: readonly Failed[];
  readonly again: readonly Failed[];
  readonly settled: readonly Delivery[];
}

function sortFailures(
  failed: readonly Failed[],
  open: ReadonlyMap<string, OpenMessage>,
  attempts: number,
): Sorted {
  const dead: Failed[] = [];
  const again: Failed[] = [];
  const settled: Delivery[] = [];
  for (const each of failed) {
    const known = open.get(each.delivery.messageId);
    if (known === undefined) settled.push(each.delivery);
    else if (each.mayRecover && known.retryCount + 1 < attempts) again.push(each);
    else dead.push(each);
  }
  return { dead, again, settled };
}

function failedEntry({ plan }: Failing, { delivery, error }: Failed): FailedEntry {
  return { ...entryOf(plan, delivery), error };
}

function deadEntry(context: Failing, failed: Failed): DeadEntry {
  const { body, headers } = failed.delivery;
  return { ...failedEntry(context, failed), body: bodyBytes(body), headers };
}

function* chunks(failed: readonly Failed[]): Generator<readonly Failed[]> {
  let chunk: Failed[] = [];
  let bytes = 0;
  for (const each of failed) {
    const size = Buffer.byteLength(each.delivery.body);
    if (chunk.length > 0 && bytes + size > CHUNK) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(each);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
