import { evaluateMessage } from '../../plan/evaluate-message.ts';
import { subjectFor } from '../../plan/partition.ts';
import type { Plan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { DeadLetter, FullDeadLetter } from '../../ports/dead-letters.ts';
import type { Outgoing, Publisher, PublishOutcome } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';

/** What became of the replay of one dead letter. */
export type Replayed =
  /** In the queue, with a new generation. */
  | { readonly kind: 'replayed' }
  /**
   * In the queue since an earlier replay that ended before it could note so, with the body of that replay; nothing was
   * added.
   */
  | { readonly kind: 'in-queue' }
  /** Another replay has it at this moment. */
  | { readonly kind: 'taken' }
  /** Replayed before, or the message got another outcome since. */
  | { readonly kind: 'settled' }
  | { readonly kind: 'gone' }
  /** Still a dead letter, as before. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface ReplayOptions {
  readonly plan: Plan;
  readonly store: Store;
  readonly publisher: Publisher;
  /** A UUID of this replay. */
  readonly token: string;
  /** Instead of the original body, for one letter. */
  readonly body?: Uint8Array;
}

/** Tries of a statement that Postgres ended for another one. */
const TRIES = 5;

/**
 * Publishes dead letters again, each under a new generation, so that neither the broker's deduplication nor the inbox
 * takes it for the old message. Gives an outcome for each, in order.
 *
 * open → leased (one wins, for a minute) → published → replayed
 *               → publishing failed → open
 * Whoever dies in between leaves the letter to the next replay, which publishes under the same generation and the same
 * id: once more in the queue at worst, and once in effect.
 */
export async function replay(
  options: ReplayOptions,
  letters: readonly DeadLetter[],
): Promise<readonly Replayed[]> {
  const { plan, store, publisher, token } = options;
  const { deadLetters } = store.ledger;
  const ids = letters.map(({ id }) => id);
  const leased = await deadLetters.leaseForReplay(ids, token);
  const outcomes = new Map<string, Replayed>();
  const sent: { readonly id: string; readonly message: Outgoing }[] = [];
  for (const letter of leased) {
    const message = outgoing(plan, letter, options.body ?? letter.body);
    if (message === undefined) {
      const reason = `no role of ${plan.file} consumes ${letter.entity}`;
      outcomes.set(letter.id, { kind: 'failed', reason });
    } else sent.push({ id: letter.id, message });
  }
  const published = await publisher.publish(sent.map(({ message }) => message));
  const stored: string[] = [];
  for (const [at, { id }] of sent.entries()) {
    const outcome = replayedOf(published[at]);
    outcomes.set(id, outcome);
    if (outcome.kind !== 'failed') stored.push(id);
  }
  const failed = leased.map(({ id }) => id).filter((id) => !stored.includes(id));
  await insisting(() => deadLetters.releaseReplay(failed, token));
  await insisting(() => deadLetters.finishReplay(stored, token));
  const missed = await deadLetters.standing(ids.filter((id) => !outcomes.has(id)));
  return ids.map((id) => outcomes.get(id) ?? { kind: missed.get(id) ?? 'gone' });
}

function outgoing(plan: Plan, letter: FullDeadLetter, body: Uint8Array): Outgoing | undefined {
  const { entity, messageId } = letter;
  const consume = plan.roles
    .flatMap(({ consumes }) => consumes)
    .find(({ entities }) => entities.includes(entity));
  if (consume === undefined) return undefined;
  const generation = letter.generation + 1;
  return {
    stream: consume.stream,
    subject: subjectFor(plan, consume, entity, orderKeyOf(plan, letter, body)),
    entity,
    messageId,
    dedupeId: `${messageId}#r${generation}`,
    generation,
    body,
    headers: letter.headers,
    receivedAt: Date.parse(letter.receivedAt),
    // Who replays a message asks for it to be worked by the program at hand, whichever accepted it once.
    program: plan.program,
  };
}

/** None also where the body is refused: the message becomes a dead letter again wherever it is worked. */
function orderKeyOf(plan: Plan, letter: FullDeadLetter, body: Uint8Array): string | undefined {
  const entity = plan.entities.find(({ name }) => name === letter.entity);
  if (entity?.orderedBy === undefined) return undefined;
  const { headers, messageId } = letter;
  const receivedAt = Date.parse(letter.receivedAt);
  const evaluation = evaluateMessage(plan.limits, entity, { body, headers, messageId, receivedAt });
  return evaluation.kind === 'rows' ? evaluation.orderKey : undefined;
}

function replayedOf(outcome: PublishOutcome | undefined): Replayed {
  if (outcome === undefined) return { kind: 'failed', reason: 'the queue did not answer for this message' };
  if (outcome.kind === 'stored') return { kind: outcome.duplicate ? 'in-queue' : 'replayed' };
  return { kind: 'failed', reason: outcome.reason };
}

/** The worker may write the same statuses at the same time. */
async function insisting(work: () => Promise<void>): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'STORE_CONFLICT') || left <= 1) throw error;
    }
  }
}
