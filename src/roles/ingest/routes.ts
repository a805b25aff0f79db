import { type Answer, jsonAnswer, problemAnswer } from '../../http/answer.ts';
import { problem, type Problem } from '../../http/problem.ts';
import type { Needs, Route, RouteRequest } from '../../http/route.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { acceptBatch, type BatchIds, type BatchLimits } from './accept-batch.ts';
import { type Acceptance, acceptOne, keyReused } from './accept-one.ts';
import { batchElements } from './batch-elements.ts';
import { countedElements } from './counted-elements.ts';
import { unreadableHeader } from './header-text.ts';
import { IDEMPOTENCY_KEY_RULE, isIdempotencyKey, keyedMessageId } from './idempotency.ts';
import { type Envelope, headersFor } from './incoming.ts';
import { hashOf } from './key-bindings.ts';
import type { EntityRoute } from './routes-of.ts';
import type { SignatureCheck } from './signature-check.ts';

export interface IngestContext {
  readonly pipeline: string;
  readonly entities: ReadonlyMap<string, EntityRoute>;
  readonly acceptance: Acceptance;
  readonly limits: BatchLimits;
  /** Bytes of a whole batch request. */
  readonly batchBytes: number;
  /** Of a sender whose messages have this mark. */
  readonly newId: (mark?: string) => string;
  /** Why no message is taken yet. */
  readonly unproven: () => string | undefined;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
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
      refuse: (request) => refusal(context, request),
      body: { share: 'single', limit: context.limits.message },
      handle: (request, body) => answerOne(context, request, body),
    },
    {
      method: 'POST',
      path: '/ingest/:entity/batch',
      needs,
      refuse: (request) => refuseBatch(context, request) ?? refusal(context, request),
      body: { share: 'batch', limit: () => context.batchBytes },
      handle: (request, body) => answerBatch(context, request, body),
      atOnce: MAX_BATCHES,
    },
  ];
}

async function answerOne(context: IngestContext, request: RouteRequest, body: Buffer): Promise<Answer> {
  const { telemetry } = context;
  const envelope = envelopeOf(context, request);
  const { sender } = request;
  const { signature, entity: plan } = envelope.route;
  const entity = plan.name;
  const unsigned = signature?.verify(request, body, envelope.receivedAt);
  if (unsigned !== undefined) return refusedAnswer(telemetry, entity, unsigned);
  const challenge = signature?.challengeIn(body);
  if (challenge !== undefined) return jsonAnswer(200, JSON.stringify({ challenge }));
  const key = keyOf(request) ?? deliveryKey(signature, request);
  const messageId =
    key === undefined
      ? context.newId(sender?.mark)
      : keyedMessageId(context.pipeline, entity, key, 'single', sender);
  const outcome = await acceptOne(context.acceptance, envelope, body, messageId, key !== undefined);
  switch (outcome.kind) {
    case 'accepted':
      telemetry.record({ kind: 'accepted', entity, messageId });
      return acceptedAnswer(messageId, 'accepted');
    case 'kept': {
      const { code, field = '' } = outcome.refusal;
      const message = { messageId, entity, receivedAt: envelope.receivedAt };
      telemetry.record({ kind: 'dead-lettered', message, error: { code, field } });
      return acceptedAnswer(messageId, outcome.status);
    }
    case 'refused':
      return refusedAnswer(telemetry, entity, outcome.problem);
  }
}

function acceptedAnswer(messageId: string, status: string): Answer {
  return jsonAnswer(202, `{"message_id":"${messageId}","status":"${status}"}`);
}

function refusedAnswer(telemetry: Telemetry, entity: string, refused: Problem): Answer {
  recordRefusal(telemetry, entity, refused);
  return problemAnswer(refused);
}

async function answerBatch(context: IngestContext, request: RouteRequest, body: Buffer): Promise<Answer> {
  const { acceptance, limits, telemetry } = context;
  const { sender } = request;
  const envelope = envelopeOf(context, request);
  const entity = envelope.route.entity.name;
  const elements = await batchElements(body, request.headers['content-type'], limits.message());
  if ('code' in elements) return problemAnswer(elements);
  const key = keyOf(request);
  let repeated = false;
  if (key !== undefined) {
    const id = keyedMessageId(context.pipeline, entity, key, 'batch', sender);
    const hash = hashOf(body, envelope.headers);
    const bound = await acceptance.bindings.bind({ id, hash });
    repeated = bound === 'repeat';
    if (bound === 'other') {
      return refusedAnswer(telemetry, entity, keyReused());
    }
  }
  const ids: BatchIds =
    key === undefined
      ? { byIndex: false, of: () => context.newId(sender?.mark) }
      : { byIndex: true, of: (index) => keyedMessageId(context.pipeline, entity, key, index, sender) };
  const counted = countedElements(elements, request.owe);
  const report = await acceptBatch(acceptance, envelope, counted, ids, { ...limits, repeated });
  if ('code' in report) return refusedAnswer(telemetry, entity, report);
  const { accepted, rejected_count: refused } = report;
  telemetry.record({ kind: 'batch-accepted', entity, accepted, refused });
  return jsonAnswer(202, JSON.stringify(report));
}

/** Everything that can be refused before the body is read. */
function refusal(context: IngestContext, request: RouteRequest): Problem | undefined {
  const unproven = context.unproven();
  if (unproven !== undefined) return problem('not_ready', unproven);
  const entity = entityOf(request);
  const route = context.entities.get(entity);
  if (route === undefined) return unknownEntity(context.entities, entity);
  const unsigned = route.signature?.refuse(request, context.clock.now());
  if (unsigned !== undefined) {
    recordRefusal(context.telemetry, entity, unsigned);
    return unsigned;
  }
  const key = keyOf(request);
  if (key !== undefined && !isIdempotencyKey(key)) {
    return problem('invalid_idempotency_key', `an Idempotency-Key is ${IDEMPOTENCY_KEY_RULE}`);
  }
  return unreadableHeader(route.entity.headers, request.headers);
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

function envelopeOf({ entities, clock }: IngestContext, request: RouteRequest): Envelope {
  const route = entities.get(entityOf(request));
  if (route === undefined) throw new Error('the entity was looked up before the body was read');
  return { route, headers: headersFor(route, request.headers, request.sender), receivedAt: clock.now() };
}

function entityOf({ params }: RouteRequest): string {
  return params['entity'] ?? '';
}

function keyOf(request: RouteRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : key?.join(', ');
}

/** What a provider names its deliveries by stands in for a key, where it can be one. */
function deliveryKey(signature: SignatureCheck | undefined, request: RouteRequest): string | undefined {
  const id = signature?.deliveryId(request);
  return id !== undefined && isIdempotencyKey(id) ? id : undefined;
}

/** Codes and declared names only: messages and pointers may quote a body. */
function recordRefusal(telemetry: Telemetry, entity: string, { status, code, field }: Problem): void {
  telemetry.record({ kind: 'refused', entity, status, code, field });
}
