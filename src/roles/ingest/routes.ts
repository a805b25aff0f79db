import { type Answer, jsonAnswer, problemAnswer } from '../../http/answer.ts';
import { problem, type Problem } from '../../http/problem.ts';
import type { Needs, Route, RouteRequest } from '../../http/route.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { RequestSpan, Tracing } from '../../ports/tracing.ts';
import { acceptBatch, type BatchIds, type BatchLimits } from './accept-batch.ts';
import { type Acceptance, acceptOne, keyReused, tooBusy } from './accept-one.ts';
import { batchElements } from './batch-elements.ts';
import { countedElements } from './counted-elements.ts';
import { unreadableHeader } from './header-text.ts';
import { IDEMPOTENCY_KEY_RULE, isIdempotencyKey, keyedMessageId } from './idempotency.ts';
import { type Envelope, headersFor } from './incoming.ts';
import { hashOf } from './key-bindings.ts';
import type { EntityRoute } from './routes-of.ts';

export interface IngestContext {
  readonly pipeline: string;
  readonly entities: ReadonlyMap<string, EntityRoute>;
  readonly acceptance: Acceptance;
  readonly limits: BatchLimits;
  /** Bytes of a whole batch request. */
  readonly batchBytes: number;
  /** A message was larger than what is taken now. */
  readonly onTooLarge: () => void;
  /** Why the queue takes no message now, whatever its size. */
  readonly takesNone: () => string | undefined;
  /** Of a sender whose messages have this mark. */
  readonly newId: (mark?: string) => string;
  /** Why no message is taken yet. */
  readonly unproven: () => string | undefined;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
}

/** Batches worked on at once. */
const MAX_BATCHES = 8;

/** `POST /ingest/ENTITY` and `POST /ingest/ENTITY/batch`. */
export function ingestRoutes(context: IngestContext): readonly Route[] {
  const needs: Needs = ({ entity = '' }) => ({
    scope: 'ingest',
    entity,
    signed: context.entities.get(entity)?.signature !== undefined,
  });
  return [
    {
      method: 'POST',
      path: '/ingest/:entity',
      needs,
      refuse: (request) => refusal(context, request) ?? refuseBusy(context),
      body: { share: 'single', limit: context.limits.message },
      onRefused(params, found) {
        if (found.code === 'too_large') context.onTooLarge();
        turnedAway(context, params, found);
      },
      handle: (request, body) => traced(context, request, (span) => answerOne(context, request, body, span)),
    },
    {
      method: 'POST',
      path: '/ingest/:entity/batch',
      needs,
      refuse: (request) => refuseBatch(context, request) ?? refusal(context, request),
      body: { share: 'batch', limit: () => context.batchBytes },
      onRefused: (params, found) => turnedAway(context, params, found),
      handle: (request, body) =>
        traced(context, request, (span) => answerBatch(context, request, body, span)),
      atOnce: MAX_BATCHES,
    },
  ];
}

/** What a request came to: the answer, and why it was refused where it was. */
type Outcome = { readonly answer: Answer; readonly refused?: Problem };

async function traced(
  { tracing, telemetry }: IngestContext,
  request: RouteRequest,
  work: (span: RequestSpan) => Promise<Outcome>,
): Promise<Answer> {
  const entity = entityOf(request);
  const span = tracing.accept(entity, request.headers);
  const { answer, refused } = await work(span);
  // Codes and declared names only: messages and pointers may quote a body.
  if (refused !== undefined) {
    const { status, code, field } = refused;
    telemetry.record({ kind: 'refused', entity, status, code, field });
  }
  span.end(answer.status, refused?.code);
  return answer;
}

async function answerOne(
  context: IngestContext,
  request: RouteRequest,
  body: Buffer,
  span: RequestSpan,
): Promise<Outcome> {
  const { telemetry, clock } = context;
  const envelope = envelopeOf(context, request, span);
  const { sender } = request;
  const { signature, entity: plan } = envelope.route;
  const entity = plan.name;
  const verified = signature?.verify(request, body, envelope.receivedAt);
  if (verified?.kind === 'refused') return refusedBy(verified.problem);
  const challenge = signature?.challengeIn(body);
  if (challenge !== undefined) return { answer: jsonAnswer(200, JSON.stringify({ challenge })) };
  const key = verified === undefined ? keyOf(request) : verified.key;
  const messageId =
    key === undefined
      ? context.newId(sender?.mark)
      : keyedMessageId(context.pipeline, entity, key, 'single', sender);
  const outcome = await acceptOne(context.acceptance, envelope, body, messageId, key !== undefined);
  switch (outcome.kind) {
    case 'accepted':
      telemetry.record({ kind: 'accepted', entity, messageId, ms: clock.now() - envelope.receivedAt });
      return acceptedAs(messageId, 'accepted');
    case 'kept':
      return acceptedAs(messageId, outcome.status);
    case 'refused':
      return refusedBy(outcome.problem);
  }
}

function acceptedAs(messageId: string, status: string): Outcome {
  return { answer: jsonAnswer(202, `{"message_id":"${messageId}","status":"${status}"}`) };
}

async function answerBatch(
  context: IngestContext,
  request: RouteRequest,
  body: Buffer,
  span: RequestSpan,
): Promise<Outcome> {
  const { acceptance, limits, telemetry, clock } = context;
  const { sender } = request;
  const envelope = envelopeOf(context, request, span);
  const entity = envelope.route.entity.name;
  const elements = await batchElements(body, request.headers['content-type'], limits.message());
  if ('code' in elements) return refusedBy(elements);
  const key = keyOf(request);
  let repeated = false;
  if (key !== undefined) {
    const id = keyedMessageId(context.pipeline, entity, key, 'batch', sender);
    const hash = hashOf(body, envelope.headers);
    const bound = await acceptance.bindings.bind({ id, hash });
    repeated = bound === 'repeat';
    if (bound === 'other') return refusedBy(keyReused());
  }
  const ids: BatchIds =
    key === undefined
      ? { byIndex: false, of: () => context.newId(sender?.mark) }
      : { byIndex: true, of: (index) => keyedMessageId(context.pipeline, entity, key, index, sender) };
  const counted = countedElements(elements, request.owe);
  const outcome = await acceptBatch(acceptance, envelope, counted, ids, { ...limits, repeated });
  const { answer, accepted, refusals } = outcome;
  if (refusals.has('too_large')) context.onTooLarge();
  if (accepted > 0 || refusals.size > 0) {
    const ms = clock.now() - envelope.receivedAt;
    telemetry.record({ kind: 'batch-accepted', entity, accepted, refusals, ms });
  }
  return 'code' in answer ? refusedBy(answer) : { answer: jsonAnswer(202, JSON.stringify(answer)) };
}

function refusedBy(refused: Problem): Outcome {
  return { answer: problemAnswer(refused), refused };
}

function turnedAway(
  { entities, telemetry }: IngestContext,
  params: RouteRequest['params'],
  { status, code }: Problem,
): void {
  const entity = entityOf({ params });
  telemetry.record({ kind: 'turned-away', entity: entities.has(entity) ? entity : '', status, code });
}

/** Everything that can be refused before the body is read. */
function refusal(context: IngestContext, request: RouteRequest): Problem | undefined {
  const unproven = context.unproven();
  if (unproven !== undefined) return problem('not_ready', unproven);
  const takesNone = context.takesNone();
  if (takesNone !== undefined) return problem('queue_unavailable', `the message is not stored: ${takesNone}`);
  const entity = entityOf(request);
  const route = context.entities.get(entity);
  if (route === undefined) return unknownEntity(context.entities, entity);
  const unsigned = route.signature?.refuse(request, context.clock.now());
  if (unsigned !== undefined) return unsigned;
  // What is signed is the key of a signed message; a header that anybody can add is passed over.
  const key = route.signature === undefined ? keyOf(request) : undefined;
  if (key !== undefined && !isIdempotencyKey(key)) {
    return problem('invalid_idempotency_key', `an Idempotency-Key is ${IDEMPOTENCY_KEY_RULE}`);
  }
  return unreadableHeader(route.entity.headers, request.headers);
}

/** A message that would only wait is refused before its body is read. */
function refuseBusy({ acceptance }: IngestContext): Problem | undefined {
  return acceptance.publishing.isBusy() ? tooBusy() : undefined;
}

function unknownEntity(entities: IngestContext['entities'], entity: string): Problem {
  const known = [...entities.keys()];
  const message = known.length === 0 ? 'this role accepts none' : `known are ${known.join(', ')}`;
  return problem('unknown_entity', `there is no entity ${entity}; ${message}`, { entity, known });
}

/**
 * A raw body may hold line ends and brackets of its own, so that nothing tells where one message ends. Providers sign
 * single messages: taken as a batch, one that was seen on its way would come in again, under other message ids.
 */
function refuseBatch({ entities }: IngestContext, request: RouteRequest): Problem | undefined {
  const entity = entityOf(request);
  const route = entities.get(entity);
  const single = `send each message to /ingest/${entity}`;
  if (route?.signature !== undefined)
    return problem('batch_of_signed', `the sender of ${entity} signs single messages: ${single}`);
  if (route?.entity.body !== 'raw') return undefined;
  return problem('batch_of_raw', `${entity} takes the raw body: ${single}`);
}

function envelopeOf(
  { entities, clock }: IngestContext,
  request: RouteRequest,
  { trace }: RequestSpan,
): Envelope {
  const route = entities.get(entityOf(request));
  if (route === undefined) throw new Error('the entity was looked up before the body was read');
  const headers = headersFor(route, request.headers, request.sender);
  return { route, headers, receivedAt: clock.now(), trace };
}

function entityOf({ params }: Pick<RouteRequest, 'params'>): string {
  return params['entity'] ?? '';
}

function keyOf(request: RouteRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : key?.join(', ');
}
