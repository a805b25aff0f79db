import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { acceptBatch, type BatchLimits } from './accept-batch.ts';
import { type Acceptance, acceptOne, keyReused } from './accept-one.ts';
import { batchElements } from './batch-elements.ts';
import type { Reason } from './health.ts';
import { IDEMPOTENCY_KEY_RULE, isIdempotencyKey, keyedMessageId } from './idempotency.ts';
import { hashOf } from './key-bindings.ts';
import { type Envelope, headersFor } from './incoming.ts';
import { problem, type Problem } from './problem.ts';
import { unreadable } from './readable.ts';
import type { EntityRoute } from './routes-of.ts';
import { sendJson, sendProblem } from './server.ts';

export interface IngestContext {
  readonly pipeline: string;
  readonly routes: ReadonlyMap<string, EntityRoute>;
  readonly acceptance: Acceptance;
  readonly limits: BatchLimits;
  /** Bytes of a whole batch request. */
  readonly batchBytes: number;
  readonly newId: () => string;
  /** Why no message is taken now. */
  readonly closed: () => Reason | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Batches read or worked on at once: each may hold `batchBytes` of memory. */
const MAX_BATCHES = 8;
const NO_BODY = Buffer.alloc(0);

type IngestRequest = FastifyRequest<{ Params: { entity: string } }>;

/** `POST /ingest/ENTITY` and `POST /ingest/ENTITY/batch`. */
export function addIngestRoutes(app: FastifyInstance, context: IngestContext): void {
  let batches = 0;

  app.post<{ Params: { entity: string } }>(
    '/ingest/:entity',
    { onRequest: (request, reply, done) => refuseOr(done, reply, refusal(context, request)) },
    async (request, reply) => {
      const body = bodyOf(request);
      const limit = context.limits.message();
      if (body.length > limit) {
        return sendProblem(reply, problem('too_large', `the body is larger than ${limit} bytes`, { limit }));
      }
      const envelope = envelopeOf(context, request);
      const key = keyOf(request);
      const entity = envelope.route.entity.name;
      const id = key === undefined ? context.newId() : keyedMessageId(context.pipeline, entity, key);
      const refused = await acceptOne(context.acceptance, envelope, body, id, key !== undefined);
      if (refused === undefined) {
        context.log.debug({ entity, message_id: id }, 'accepted');
        return sendJson(reply, 202, `{"message_id":"${id}","status":"accepted"}`);
      }
      logRefusal(context.log, entity, refused);
      return sendProblem(reply, refused);
    },
  );

  app.post<{ Params: { entity: string } }>(
    '/ingest/:entity/batch',
    {
      bodyLimit: context.batchBytes,
      onRequest(request, reply, done) {
        const refused =
          refusal(context, request) ??
          rawBatch(context, request) ??
          (batches >= MAX_BATCHES ? problem('too_busy', `${MAX_BATCHES} batches are in work`) : undefined);
        if (refused === undefined) {
          batches += 1;
          reply.raw.once('close', () => (batches -= 1));
        }
        refuseOr(done, reply, refused);
      },
    },
    async (request, reply) => {
      const envelope = envelopeOf(context, request);
      const entity = envelope.route.entity.name;
      const elements = batchElements(bodyOf(request), request.headers['content-type']);
      if ('code' in elements) return sendProblem(reply, elements);
      const key = keyOf(request);
      let repeated = false;
      if (key !== undefined) {
        const id = keyedMessageId(context.pipeline, entity, key, 'batch');
        const hash = hashOf(bodyOf(request), envelope.headers);
        const bound = await context.acceptance.bindings.bind({ id, hash });
        repeated = bound === 'repeat';
        if (bound === 'other') {
          const refused = keyReused();
          logRefusal(context.log, entity, refused);
          return sendProblem(reply, refused);
        }
      }
      const idOf =
        key === undefined
          ? context.newId
          : (index: number) => keyedMessageId(context.pipeline, entity, key, index);
      const report = await acceptBatch(context.acceptance, envelope, elements, idOf, {
        ...context.limits,
        repeated,
      });
      if ('code' in report) {
        logRefusal(context.log, entity, report);
        return sendProblem(reply, report);
      }
      const { accepted, rejected } = report;
      context.log.info({ entity, accepted, rejected: rejected.length }, 'accepted a batch');
      return sendJson(reply, 202, JSON.stringify(report));
    },
  );
}

/** Everything that can be refused before the body is read. */
function refusal(context: IngestContext, request: IngestRequest): Problem | undefined {
  const closed = context.closed();
  if (closed !== undefined) {
    return problem(closed.check === 'stopping' ? 'stopping' : 'not_ready', closed.message);
  }
  const { entity } = request.params;
  if (!context.routes.has(entity)) return unknownEntity(context.routes, entity);
  const key = keyOf(request);
  if (key !== undefined && !isIdempotencyKey(key)) {
    return problem('invalid_idempotency_key', `an Idempotency-Key is ${IDEMPOTENCY_KEY_RULE}`);
  }
  return unreadable(request.headers);
}

function refuseOr(done: () => void, reply: FastifyReply, refused: Problem | undefined): void {
  if (refused === undefined) done();
  else sendProblem(reply, refused);
}

function unknownEntity(routes: IngestContext['routes'], entity: string): Problem {
  const known = [...routes.keys()];
  const message = known.length === 0 ? 'this role accepts none' : `known are ${known.join(', ')}`;
  return problem('unknown_entity', `there is no entity ${entity}; ${message}`, { entity, known });
}

/** A raw body may hold line ends and brackets of its own, so that nothing tells where one message ends. */
function rawBatch({ routes }: IngestContext, request: IngestRequest): Problem | undefined {
  const { entity } = request.params;
  if (routes.get(entity)?.entity.body !== 'raw') return undefined;
  return problem('batch_of_raw', `${entity} takes the raw body: send each message to /ingest/${entity}`);
}

function envelopeOf({ routes, clock }: IngestContext, request: IngestRequest): Envelope {
  const route = routes.get(request.params.entity);
  if (route === undefined) throw new Error('the entity was looked up before the body was read');
  return { route, headers: headersFor(route, request.headers), receivedAt: clock.now() };
}

function keyOf(request: IngestRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : key?.join(', ');
}

function bodyOf(request: IngestRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : NO_BODY;
}

/** Codes and declared names only: messages and pointers may quote a body. */
function logRefusal(log: Log, entity: string, { status, code, field }: Problem): void {
  if (status === 503) log.warn({ entity, code }, 'not accepted');
  else log.debug({ entity, code, field }, 'refused');
}
