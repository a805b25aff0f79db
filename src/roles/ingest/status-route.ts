import { type Answer, jsonAnswer, problemAnswer } from '../../http/answer.ts';
import { answerWithin } from '../../ports/answer-within.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { MessageStatus } from '../../ports/ledger.ts';
import type { Sender } from '../../ports/sender.ts';
import type { Store } from '../../ports/store.ts';
import type { LedgerEntry } from '../../ports/ledger-entries.ts';
import { isMarked } from '../access/sender-mark.ts';
import type { AcceptedLog } from './accepted-log.ts';
import { problem } from '../../http/problem.ts';
import type { ReadRoute } from '../../http/route.ts';

/** Milliseconds that a request waits for Postgres. */
const ANSWER_WITHIN = 5_000;
const LATE = Symbol('late');

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * `GET /status/ID`: the ledger's row of a message of this pipeline, or what this process accepted and has not written yet. A
 * sender reads its own messages only, and learns nothing of others: not even that there is one.
 */
export function statusRoute(pipeline: string, store: Store, accepted: AcceptedLog, clock: Clock): ReadRoute {
  const answer = async (id: string, sender: Sender | undefined): Promise<Answer> => {
    if (!UUID.test(id)) {
      return problemAnswer(problem('invalid_message_id', 'a message id must be a UUID of 36 characters'));
    }
    const unknown = () => problemAnswer(problem('unknown_message', `there is no message ${id}`));
    if (!mayRead(sender, id)) return unknown();
    const waiting = accepted.waiting(id);
    let status: MessageStatus | undefined;
    try {
      const found = await answerWithin(clock, ANSWER_WITHIN, store.ledger.readStatus(id), LATE);
      if (found === LATE) throw new Failure('STORE_UNAVAILABLE', 'Postgres does not answer');
      status = found;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (waiting === undefined) return problemAnswer(problem('store_unavailable', error.message));
    }
    if (status !== undefined && status.pipeline !== pipeline) return unknown();
    const known = status ?? (waiting === undefined ? undefined : justAccepted(waiting));
    return known === undefined ? unknown() : jsonAnswer(200, JSON.stringify(statusBody(known)));
  };
  return {
    method: 'GET',
    path: '/status/:id',
    needs: () => ({ scope: 'status' }),
    handle: ({ params, sender }) => answer((params['id'] ?? '').toLowerCase(), sender),
  };
}

function mayRead(sender: Sender | undefined, id: string): boolean {
  if (sender === undefined || sender.scopes.has('admin') || sender.scopes.has('console')) return true;
  return isMarked(id, sender.mark);
}

function justAccepted({ receivedAt, ...entry }: LedgerEntry): MessageStatus {
  const at = new Date(receivedAt).toISOString();
  return { ...entry, status: 'accepted', receivedAt: at, updatedAt: at, retryCount: 0, error: null };
}

function statusBody(status: MessageStatus) {
  return {
    message_id: status.messageId,
    pipeline: status.pipeline,
    entity_type: status.entity,
    status: status.status,
    received_at: status.receivedAt,
    updated_at: status.updatedAt,
    retry_count: status.retryCount,
    generation: status.generation,
    error: status.error,
  };
}
