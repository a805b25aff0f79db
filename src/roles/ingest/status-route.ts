import type { FastifyInstance } from 'fastify';
import { Failure } from '../../ports/failure.ts';
import type { Store } from '../../ports/store.ts';
import type { LedgerEntry } from '../ledger/entries.ts';
import { type MessageStatus, readStatus } from '../ledger/read-status.ts';
import type { AcceptedLog } from './accepted-log.ts';
import { problem } from './problem.ts';
import { sendJson, sendProblem } from './server.ts';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** `GET /status/ID`: the ledger's row of a message, or what this process accepted and has not written yet. */
export function addStatusRoute(app: FastifyInstance, store: Store, accepted: AcceptedLog): void {
  app.get<{ Params: { id: string } }>('/status/:id', async (request, reply) => {
    const id = request.params.id.toLowerCase();
    if (!UUID.test(id)) {
      return sendProblem(
        reply,
        problem('invalid_message_id', 'a message id must be a UUID of 36 characters'),
      );
    }
    const waiting = accepted.waiting(id);
    let status: MessageStatus | undefined;
    try {
      status = await readStatus(store, id);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (waiting === undefined) return sendProblem(reply, problem('store_unavailable', error.message));
    }
    if (status !== undefined) return sendJson(reply, 200, JSON.stringify(statusBody(status)));
    if (waiting !== undefined) return sendJson(reply, 200, JSON.stringify(statusBody(justAccepted(waiting))));
    return sendProblem(reply, problem('unknown_message', `there is no message ${id}`));
  });
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
