import type { Schema } from './json-schema.ts';

/** Names that no entity has: an entity's name has no dot. */
const NAMES = {
  accepted: 'nomnom.Accepted',
  batch: 'nomnom.BatchReport',
  status: 'nomnom.Status',
  problem: 'nomnom.Problem',
} as const;

/** The operation that tells what became of a message. */
export const STATUS_OPERATION = 'status';

export function refTo(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

const uuid: Schema = { type: 'string', format: 'uuid' };
const pointer: Schema = {
  type: 'string',
  description: 'RFC 6901 pointer into the body, empty for the whole of it.',
};

const faults: Schema = {
  type: 'array',
  maxItems: 20,
  description: 'All faults of a refused message, the first one too, where it has more than one.',
  items: {
    type: 'object',
    properties: {
      code: { type: 'string' },
      field: { type: 'string' },
      pointer,
      message: { type: 'string' },
      source: { type: 'string', description: 'Where the rule stands in the `.nom` file.' },
    },
    required: ['code', 'field', 'pointer', 'message'],
  },
};

/** What the ingest role answers with. */
export const answerSchemas: Schema = {
  [NAMES.accepted]: {
    type: 'object',
    properties: {
      message_id: uuid,
      status: {
        type: 'string',
        description: '`accepted`. A message that is refused and kept has `dlq`, or what became of it since.',
      },
    },
    required: ['message_id', 'status'],
  },
  [NAMES.batch]: {
    type: 'object',
    properties: {
      accepted: { type: 'integer', minimum: 0 },
      rejected_count: { type: 'integer', minimum: 0 },
      rejected: {
        type: 'array',
        description: 'The first 1000 of them.',
        items: {
          type: 'object',
          properties: {
            index: { type: 'integer', minimum: 0, description: 'Counted from 0, without empty lines.' },
            code: { type: 'string' },
            field: { type: 'string' },
            pointer,
            message: { type: 'string' },
            faults,
            message_id: { ...uuid, description: 'Of the dead letter that it became (`on_refused`).' },
          },
          required: ['index', 'code', 'pointer', 'message'],
        },
      },
      rejected_truncated: { type: 'boolean', description: 'More were rejected than are listed.' },
      kept_count: {
        type: 'integer',
        minimum: 0,
        description: 'Rejected elements that are kept as dead letters (`on_refused`).',
      },
      message_ids: {
        type: 'array',
        items: uuid,
        description: 'Of the accepted ones, in their order, the first 10000.',
      },
      message_ids_truncated: { type: 'boolean', description: 'More were accepted than are listed.' },
    },
    required: [
      'accepted',
      'rejected_count',
      'rejected',
      'rejected_truncated',
      'message_ids',
      'message_ids_truncated',
    ],
  },
  [NAMES.status]: {
    type: 'object',
    properties: {
      message_id: uuid,
      pipeline: { type: 'string' },
      entity_type: { type: 'string' },
      status: { enum: ['accepted', 'completed', 'superseded', 'retrying', 'dlq', 'lost'] },
      received_at: { type: 'string', format: 'date-time' },
      updated_at: { type: 'string', format: 'date-time' },
      retry_count: { type: 'integer', minimum: 0 },
      generation: { type: 'integer', minimum: 0, description: 'How often it was replayed.' },
      error: { type: ['object', 'null'], description: 'Why it is a dead letter, tried again or lost.' },
    },
    required: ['message_id', 'pipeline', 'entity_type', 'status', 'received_at', 'updated_at'],
  },
  [NAMES.problem]: {
    type: 'object',
    description: 'RFC 9457.',
    properties: {
      status: { type: 'integer' },
      title: { type: 'string' },
      code: { type: 'string' },
      entity: { type: 'string' },
      field: { type: 'string' },
      pointer,
      message: { type: 'string' },
      faults,
    },
    required: ['status', 'title', 'code', 'pointer', 'message'],
  },
};

function answer(description: string, name: string, type = 'application/json'): Schema {
  return { description, content: { [type]: { schema: refTo(name) } } };
}

const problem = (description: string): Schema =>
  answer(description, NAMES.problem, 'application/problem+json');

const later: Schema = {
  ...problem(
    'Try again later: the queue is full or unreachable, the role is not ready, or there is no memory for the body. The request was not stored.',
  ),
  headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 0 } } },
};

/** The answers to a sender who may not send this, or not now. */
const senderRefusals = {
  401: {
    ...problem('The pipeline has keys, and the request has none, a wrong one or one that has ended.'),
    headers: { 'WWW-Authenticate': { description: 'RFC 6750.', schema: { type: 'string' } } },
  },
  403: problem('The key does not have the scope or the entity.'),
  429: {
    ...problem('The key or the address has sent as many messages as it may.'),
    headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } },
  },
} as const;

/** How a sender proves who it is, and that it need not where the pipeline has no key. */
export const securitySchemes: Schema = {
  key: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A key as `nomnom keys create` prints it, or a token of the identity provider that the role takes.',
  },
};
export const security: readonly Schema[] = [{ key: [] }, {}];

/** The answers by what they say; `refusals` are those that every request to ingest can have. */
export const answers = {
  accepted: {
    ...answer('The message is stored, and will be written.', NAMES.accepted),
    links: {
      status: {
        operationId: STATUS_OPERATION,
        description: 'What became of the message.',
        parameters: { message_id: '$response.body#/message_id' },
      },
    },
  },
  batch: answer('The result for each element.', NAMES.batch),
  status: answer('The status of the message.', NAMES.status),
  rejected: problem('The message is rejected, or its Idempotency-Key was used with another body.'),
  unsigned: problem('The request has no valid signature of the sender.'),
  problem,
  later,
  senderRefusals,
  refusals: {
    400: problem('The request is not well formed.'),
    ...senderRefusals,
    408: problem('The body arrived too slowly.'),
    413: problem('The body is too large.'),
    415: problem('The content type or encoding is not supported.'),
    417: problem('Expect has something else than 100-continue.'),
    431: problem('The headers are too large.'),
    503: later,
  },
} as const;
