import type { FieldModel, Program, RecordModel } from '../../model/program.ts';
import type { EntityPlan, Plan } from '../../plan/plan.ts';
import { answers, answerSchemas, refTo, security, securitySchemes, STATUS_OPERATION } from './answers.ts';
import { programSchema, type Schema } from './json-schema.ts';

/**
 * What the ingest role takes and answers, as an OpenAPI 3.1 document: a path for each entity, one for batches of it
 * where it takes JSON, and the status of a message. Schemas are those of `programSchema`, which is the same dialect.
 */
export function openApi(program: Program, plan: Plan): Schema {
  const { $defs } = programSchema(program);
  const entities = plan.entities.flatMap((entity) => {
    const record = program.entities.find(({ name }) => name === entity.name);
    return record === undefined ? [] : [{ entity, record }];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: program.name,
      ...(program.doc === undefined ? {} : { description: program.doc }),
      version: '1',
    },
    paths: {
      ...Object.fromEntries(entities.flatMap(({ entity, record }) => pathsOf(entity, record))),
      '/status/{message_id}': { get: status },
    },
    components: {
      schemas: { ...(relocated($defs) as Schema), ...answerSchemas },
      securitySchemes,
    },
    security,
  };
}

/** References to the definitions of one document, as those to the components of another. */
function relocated(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(relocated);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string'
        ? value.replace('#/$defs/', '#/components/schemas/')
        : relocated(value),
    ]),
  );
}

function pathsOf(entity: EntityPlan, record: RecordModel): readonly (readonly [string, Schema])[] {
  const { name, body } = entity;
  const about = record.doc === undefined ? {} : { description: record.doc };
  const signature = signatureHeader(record);
  const parameters = [
    ...signature,
    ...headersOf(entity, record),
    ...(signature.length === 0 ? [idempotencyKey] : []),
  ];
  const isSigned = signature.length > 0;
  const refusals = { ...answers.refusals, ...(isSigned ? { 401: answers.unsigned } : {}) };
  const path = `/ingest/${name}`;
  const one = {
    operationId: `ingest_${name}`,
    summary: `Send one ${name}`,
    ...about,
    parameters,
    // The signature is all that its sender has to show.
    ...(isSigned ? { security: [] } : {}),
    requestBody: {
      required: true,
      content: {
        [body === 'raw' ? 'application/octet-stream' : 'application/json']: { schema: refTo(name) },
      },
    },
    responses: { 202: answers.accepted, ...refusals, 422: answers.rejected },
  };
  if (body === 'raw' || isSigned) return [[path, { post: one }]];
  const many = {
    operationId: `ingest_${name}_batch`,
    summary: `Send many, each ${name} accepted or rejected by itself`,
    ...about,
    parameters,
    // A batch of nothing is a batch.
    requestBody: {
      required: false,
      content: {
        'application/json': { schema: { type: 'array', items: refTo(name) } },
        'application/x-ndjson': { schema: { type: 'string', description: `One ${name} on each line.` } },
      },
    },
    responses: { 202: answers.batch, ...answers.refusals, 422: answers.rejected },
  };
  return [
    [path, { post: one }],
    [`${path}/batch`, { post: many }],
  ];
}

/** The header of an entity with `signed by`. */
function signatureHeader({ signature }: RecordModel): readonly Schema[] {
  if (signature === undefined) return [];
  const { scheme, options } = signature;
  return [
    {
      name: scheme.header(options),
      in: 'header',
      required: true,
      description: scheme.doc,
      schema: { type: 'string' },
    },
  ];
}

/** The headers that a message is read from. */
function headersOf({ headers }: EntityPlan, record: RecordModel): readonly Schema[] {
  return headers.map((name) => {
    const fields = record.fields.filter(({ origin }) => origin.kind === 'header' && origin.header === name);
    const doc = fields.map((field) => field.doc).find((text) => text !== undefined);
    return {
      name,
      in: 'header',
      required: fields.some((field) => !field.type.nullable),
      ...(doc === undefined ? {} : { description: doc }),
      schema: headerSchema(fields[0]),
    };
  });
}

function headerSchema(field: FieldModel | undefined): Schema {
  const type = field?.type.type;
  return type?.kind === 'scalar' ? type.column.jsonSchema(type.parameters) : { type: 'string' };
}

const idempotencyKey: Schema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same body is the same message, however often it is sent.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

const status: Schema = {
  operationId: STATUS_OPERATION,
  summary: 'What became of a message',
  parameters: [
    { name: 'message_id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
  ],
  responses: {
    200: answers.status,
    400: answers.problem('The message id is not a UUID.'),
    ...answers.senderRefusals,
    404: answers.problem('No message of this sender has this id.'),
    503: answers.later,
  },
};
