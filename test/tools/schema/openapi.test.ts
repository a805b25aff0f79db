import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../../src/plan/compile.ts';
import { openApi } from '../../../src/tools/schema/openapi.ts';

const shop = `
/// The shop's messages.
pipeline shop

shape Line { sku: text(5)  more: Line[]? }

/// Somebody buys.
entity Order {
  id:    int
  /// Who sends it.
  from:  text(10) @header("X-From")
  trace: text? @header("x-trace")
  lines: Line[]
  store orders { key (id)  upsert on (id) }
}

entity Upload {
  name: text @header("x-filename")
  raw:  text @body
  store uploads { key (name)  upsert on (name) }
}
`;

function documentOf(text: string): Readonly<Record<string, unknown>> {
  const { program, findings, accepted } = analyze({ name: 'shop.nom', text });
  if (!accepted) throw new Error(renderText(findings));
  return openApi(program, compilePlan(program, 'shop.nom'));
}

/** Every value under a key, however deep. */
function valuesOf(key: string, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...valuesOf(key, inner),
  ]);
}

test('a signed entity asks for the header of its scheme, answers 401, and has no path for batches', () => {
  const document = documentOf(
    'secret SHOP  entity Order { id: int  signed by hmac(SHOP, "X-Sign", sha256, hex)  store orders { key (id)  upsert on (id) } }',
  );
  const paths = document['paths'] as Readonly<Record<string, { readonly post?: unknown }>>;
  expect(Object.keys(paths)).toEqual(['/ingest/Order', '/status/{message_id}']);
  expect(paths['/ingest/Order']?.post).toMatchObject({
    parameters: expect.arrayContaining([expect.objectContaining({ name: 'x-sign', required: true })]),
    security: [],
    responses: { 401: { description: 'The request has no valid signature of the sender.' } },
  });
});

test('every entity has its path, and one for batches where messages are JSON', () => {
  const document = documentOf(shop);
  expect(Object.keys(document['paths'] as object)).toEqual([
    '/ingest/Order',
    '/ingest/Order/batch',
    '/ingest/Upload',
    '/status/{message_id}',
  ]);
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'shop', description: "The shop's messages." },
    paths: {
      '/ingest/Order': {
        post: {
          description: 'Somebody buys.',
          parameters: [
            {
              name: 'x-from',
              in: 'header',
              required: true,
              description: 'Who sends it.',
              schema: { maxLength: 10 },
            },
            { name: 'x-trace', in: 'header', required: false },
            { name: 'Idempotency-Key', required: false },
          ],
          requestBody: {
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
          },
          responses: {
            202: {
              links: {
                status: { operationId: 'status', parameters: { message_id: '$response.body#/message_id' } },
              },
            },
            422: {},
            503: { headers: { 'Retry-After': {} } },
          },
        },
      },
      '/ingest/Upload': { post: { requestBody: { content: { 'application/octet-stream': {} } } } },
      '/status/{message_id}': { get: { operationId: 'status', parameters: [{ name: 'message_id' }] } },
    },
  });
});

test('every reference leads to a schema of the document, and no operation has the name of another', () => {
  const document = documentOf(shop);
  const { schemas } = document['components'] as { schemas: Record<string, unknown> };
  const references = [...new Set(valuesOf('$ref', document).map(String))];
  expect(references.toSorted()).toEqual(
    Object.keys(schemas)
      .map((name) => `#/components/schemas/${name}`)
      .toSorted(),
  );
  const paths = Object.values(document['paths'] as Record<string, Record<string, { operationId: string }>>);
  const operations = paths.flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  expect(new Set(operations).size).toBe(operations.length);
});

test('its schemas judge messages as those of `nomnom schema` do', () => {
  const document = documentOf(shop);
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema({ $id: 'urn:nomnom:shop', ...document });
  const valid = ajv.compile({ $ref: 'urn:nomnom:shop#/components/schemas/Order' });
  expect(valid({ id: 1, lines: [{ sku: 'a', more: [{ sku: 'b' }] }] })).toBe(true);
  expect(valid({ id: 1, lines: [{ sku: 'a', more: [{ sku: 'too long' }] }] })).toBe(false);
});
