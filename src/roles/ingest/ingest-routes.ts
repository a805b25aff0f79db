import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { acceptBatch, type BatchIds, type BatchLimits } from './accept-batch.ts';
import { type Acceptance, acceptOne, keyReused } from './accept-one.ts';
import { batchElements } from './batch-elements.ts';
import type { BatchReport } from './batch-report.ts';
import { batchSlots, type BatchSlots } from './batch-slots.ts';
import { bodyReader, type BodyRules, type ReceivedBody, refusedUnread } from './body-reader.ts';
import { unreadableHeader } from './header-text.ts';
import type { Reason } from './health.ts';
import { IDEMPOTENCY_KEY_RULE, isIdempotencyKey, keyedMessageId } from './idempotency.ts';
import { hashOf } from './key-bindings.ts';
import { type Envelope, headersFor } from './incoming.ts';
import { problem, type Problem } from './problem.ts';
import { unreadable } from './readable.ts';
import type { EntityRoute } from './routes-of.ts';
import { sendJson, sendProblem } from './server.ts';
import { sendContinue } from './unread-body.ts';

export interface IngestContext {
  readonly pipeline: string;
  readonly routes: ReadonlyMap<string, EntityRoute>;
  readonly acceptance: Acceptance;
  readonly limits: BatchLimits;
  /** Bytes of a whole batch request. */
  readonly batchBytes: number;
  /** How bodies are read. */
  readonly bodies: Omit<BodyRules, 'share' | 'limit'>;
  readonly newId: () => string;
  /** Why no message is taken now. */
  readonly closed: () => Reason | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Batches worked on at once. */
const MAX_BATCHES = 8;
/** Bytes of an answer that is counted as long as it is not sent. */
const LARGE_ANSWER = 64 * 1024;

type IngestRequest = FastifyRequest<{ Params: { entity: string } }>;

/** `POST /ingest/ENTITY` and `POST /ingest/ENTITY/batch`. */
export function addIngestRoutes(app: FastifyInstance, context: IngestContext): void {
  // A content type parser belongs to a scope, and each of the two reads its bodies by rules of its own.
  app.register((scope, _options, done) => {
    addSingleRoute(scope, context);
    done();
  });
  app.register((scope, _options, done) => {
    addBatchRoute(scope, context);
    done();
  });
}

function addSingleRoute(app: FastifyInstance, context: IngestContext): void {
  const rules: BodyRules = { ...context.bodies, share: 'single', limit: context.limits.message };
  addReader(app, rules);
  app.post<{ Params: { entity: string } }>(
    '/ingest/:entity',
    { onRequest: (request, reply, done) => refuseOr(done, reply, refusal(context, request, rules)) },
    (request, reply) => withBody(request, rules, (body) => answerOne(context, request, reply, body)),
  );
}

async function answerOne(
  context: IngestContext,
  request: IngestRequest,
  reply: FastifyReply,
  body: Buffer,
): Promise<FastifyReply> {
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
}

function addBatchRoute(app: FastifyInstance, context: IngestContext): void {
  const slots = batchSlots(MAX_BATCHES);
  const rules: BodyRules = { ...context.bodies, share: 'batch', limit: () => context.batchBytes };
  addReader(app, rules);
  app.post<{ Params: { entity: string } }>(
    '/ingest/:entity/batch',
    {
      onRequest: (request, reply, done) =>
        refuseOr(
          done,
          reply,
          refusal(context, request, rules) ?? rawBatch(context, request) ?? noSlot(slots),
        ),
    },
    (request, reply) =>
      withBody(request, rules, async (body) => {
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        const awake = keepAwake(request.raw.socket);
        if (!(await slots.enter(gone.signal))) return reply.hijack();
        const found = await answerBatch(context, request, body).finally(() => {
          slots.leave();
          awake();
        });
        return sendLarge(reply, rules, found);
      }),
  );
}

/**
 * On the connection of a batch nothing moves while it is worked on: a slow queue may take minutes for a large one, whose
 * client would lose its answer. Gives what makes the silence count again.
 */
function keepAwake(socket: Socket): () => void {
  const { timeout } = socket;
  socket.setTimeout(0);
  return () => void socket.setTimeout(timeout ?? 0);
}

/** A batch whose body would only wait in line is not read. */
function noSlot(slots: BatchSlots): Problem | undefined {
  return slots.isFree() ? undefined : problem('too_busy', `${MAX_BATCHES} batches are already in progress`);
}

async function answerBatch(
  context: IngestContext,
  request: IngestRequest,
  body: Buffer,
): Promise<Problem | BatchReport> {
  const { acceptance, limits, log } = context;
  const envelope = envelopeOf(context, request);
  const entity = envelope.route.entity.name;
  const elements = await batchElements(body, request.headers['content-type'], limits.message());
  if ('code' in elements) return elements;
  const key = keyOf(request);
  let repeated = false;
  if (key !== undefined) {
    const id = keyedMessageId(context.pipeline, entity, key, 'batch');
    const hash = hashOf(body, envelope.headers);
    const bound = await acceptance.bindings.bind({ id, hash });
    repeated = bound === 'repeat';
    if (bound === 'other') {
      const refused = keyReused();
      logRefusal(log, entity, refused);
      return refused;
    }
  }
  const ids: BatchIds =
    key === undefined
      ? { byIndex: false, of: context.newId }
      : { byIndex: true, of: (index) => keyedMessageId(context.pipeline, entity, key, index) };
  const report = await acceptBatch(acceptance, envelope, elements, ids, { ...limits, repeated });
  if ('code' in report) logRefusal(log, entity, report);
  else log.info({ entity, accepted: report.accepted, rejected: report.rejected_count }, 'accepted a batch');
  return report;
}

/** A client that does not read its answer holds its memory, which later batches then have to do without. */
function sendLarge(
  reply: FastifyReply,
  { budget, share }: BodyRules,
  found: Problem | BatchReport,
): FastifyReply {
  const text = JSON.stringify(found);
  if (text.length > LARGE_ANSWER) {
    budget.takeAlways(share, text.length);
    const { raw } = reply;
    if (raw.destroyed) budget.give(share, text.length);
    else raw.once('close', () => budget.give(share, text.length));
  }
  return 'code' in found ? sendProblem(reply, found, text) : sendJson(reply, 202, text);
}

function addReader(app: FastifyInstance, rules: BodyRules): void {
  const read = bodyReader(rules);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, stream, done) => {
    sendContinue(request.raw);
    read(request, stream, done);
  });
}

const NO_BODY = Buffer.alloc(0);

/** Gives the body's memory back when the work is done. */
async function withBody<T>(
  request: FastifyRequest,
  { budget, share }: BodyRules,
  work: (body: Buffer) => Promise<T>,
): Promise<T> {
  const received = request.body as ReceivedBody | undefined;
  try {
    return await work(received?.bytes ?? NO_BODY);
  } finally {
    if (received !== undefined) budget.give(share, received.held);
  }
}

/** Everything that can be refused before the body is read. */
function refusal(context: IngestContext, request: IngestRequest, rules: BodyRules): Problem | undefined {
  const closed = context.closed();
  if (closed !== undefined) {
    return problem(closed.check === 'stopping' ? 'stopping' : 'not_ready', closed.message);
  }
  const { entity } = request.params;
  const route = context.routes.get(entity);
  if (route === undefined) return unknownEntity(context.routes, entity);
  const key = keyOf(request);
  if (key !== undefined && !isIdempotencyKey(key)) {
    return problem('invalid_idempotency_key', `an Idempotency-Key is ${IDEMPOTENCY_KEY_RULE}`);
  }
  return (
    unreadable(request.headers) ??
    unreadableHeader(route.entity.headers, request.headers) ??
    refusedUnread(rules, request.headers)
  );
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

/** Codes and declared names only: messages and pointers may quote a body. */
function logRefusal(log: Log, entity: string, { status, code, field }: Problem): void {
  if (status === 503) log.warn({ entity, code }, 'not accepted');
  else log.debug({ entity, code, field }, 'refused');
}
