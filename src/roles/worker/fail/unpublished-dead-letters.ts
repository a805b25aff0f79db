import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { Outgoing, Publisher } from '../../../ports/queue.ts';
import { type Backoff, retryUntilDone } from '../../../ports/retry.ts';
import type { Telemetry } from '../../../ports/telemetry.ts';

/**
 * Dead letters that were recorded although their stream had no room to publish them: this worker may be the only one that
 * makes room there, so it must not wait. They are published once there is room.
 */
export interface UnpublishedDeadLetters {
  /** Safe to repeat with the same messages: each is kept once. */
  add(messages: readonly Outgoing[]): void;
  /** Says of messages that the queue never takes that they are only recorded. */
  giveUp(messages: readonly Outgoing[]): void;
}

export interface UnpublishedDeadLetterOptions {
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** Aborts when the worker stops; what is not published then never is. */
  readonly signal: AbortSignal;
}

/** Bytes of bodies that may wait in memory; what comes on top is only in the table. */
const ROOM = 16_000_000;
const BACKOFF: Backoff = { from: 200, to: 10_000 };
/** Messages of one attempt. */
const AT_ONCE = 100;

export function unpublishedDeadLetters({
  publisher,
  clock,
  log,
  telemetry,
  signal,
}: UnpublishedDeadLetterOptions): UnpublishedDeadLetters {
  /** By dedupe id, the oldest first. */
  const waiting = new Map<string, Outgoing>();
  let bytes = 0;
  let running = false;

  const run = async (): Promise<void> => {
    await clock.sleep(BACKOFF.from, signal);
    while (waiting.size > 0 && !signal.aborted)
      await retryUntilDone(publishSome, { clock, backoff: BACKOFF, signal });
    if (waiting.size > 0)
      log.warn(
        idsOf([...waiting.values()]),
        'dead letters stay unpublished; the table dead_letters has them',
      );
    running = false;
  };

  /** Done where at least one found room. */
  const publishSome = async (): Promise<'done' | 'again'> => {
    const some = [...waiting.values()].slice(0, AT_ONCE);
    const outcomes = await publisher.publish(some);
    const published = some.filter((_, at) => outcomes[at]?.kind === 'stored');
    const tooLarge = some.filter((_, at) => outcomes[at]?.kind === 'too_large');
    for (const { dedupeId, body } of [...published, ...tooLarge])
      if (waiting.delete(dedupeId)) bytes -= body.byteLength;
    giveUp(tooLarge);
    telemetry.record({ kind: 'unpublished', waiting: waiting.size });
    if (published.length > 0) log.info({ ...idsOf(published), left: waiting.size }, 'dead letters published');
    return published.length + tooLarge.length > 0 ? 'done' : 'again';
  };

  const giveUp = (messages: readonly Outgoing[]): void => {
    if (messages.length > 0)
      log.warn(
        idsOf(messages),
        'dead letters are larger than the queue takes, and not published; the table dead_letters has them',
      );
  };

  return {
    giveUp,
    add(messages) {
      const left: Outgoing[] = [];
      const kept: Outgoing[] = [];
      for (const message of messages) {
        if (waiting.has(message.dedupeId)) continue;
        if (bytes + message.body.byteLength > ROOM) {
          left.push(message);
          continue;
        }
        bytes += message.body.byteLength;
        waiting.set(message.dedupeId, message);
        kept.push(message);
      }
      telemetry.record({ kind: 'unpublished', waiting: waiting.size });
      if (kept.length > 0) log.warn(idsOf(kept), 'no room to publish dead letters; they are tried again');
      if (left.length > 0)
        log.warn(idsOf(left), 'too many dead letters wait for room; these are not published');
      if (running || waiting.size === 0) return;
      running = true;
      void run();
    },
  };
}

function idsOf(messages: readonly Outgoing[]): { readonly message_ids: readonly string[] } {
  return { message_ids: messages.map(({ messageId }) => messageId) };
}
