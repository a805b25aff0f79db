import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, expect, test } from 'vitest';
import { embeddedFolder } from '../support/embedded-folder.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';

const file = 'test/examples/tiny.nom';
const folder = await embeddedFolder();
const dev = startNomnom(['dev', file, '--port', '0', '--data', folder]);
afterAll(() => dev.stop('SIGKILL'));

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, unknown>> }>>>
  >;
}

test('what the ingest role answers is what the OpenAPI document says', async () => {
  const { status, out } = await nomnom(['schema', file, '--openapi']);
  expect(status).toBe(0);
  const document = JSON.parse(out) as Document;
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema({ $id: 'urn:nomnom:tiny', ...document });

  const [curl] = await dev.printed(/curl -X POST .*/);
  const url = /http:\/\/[^/\s]+/.exec(curl)?.[0] ?? '';
  const ask = async (path: string, template: string, init: RequestInit): Promise<Record<string, unknown>> => {
    const response = await fetch(url + path, init);
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const method = init.method?.toLowerCase() ?? 'get';
    expect(document.paths[template]?.[method]?.responses[response.status]).toMatchObject({
      content: { [type]: {} },
    });
    const place = [template.replaceAll('/', '~1'), method, 'responses', response.status, 'content'].join('/');
    const valid = ajv.compile({
      $ref: `urn:nomnom:tiny#/paths/${encodeURI(`${place}/${type.replaceAll('/', '~1')}/schema`)}`,
    });
    const body = (await response.json()) as Record<string, unknown>;
    valid(body);
    expect([template, response.status, valid.errors]).toEqual([template, response.status, null]);
    return body;
  };
  const post = (body: string): RequestInit => ({
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });

  const good = '{"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "sent_at": "2024-01-01T00:00:00Z"}';
  const accepted = await ask('/ingest/Ping', '/ingest/Ping', post(good));
  await ask('/ingest/Ping', '/ingest/Ping', post('{"id": 1}'));
  await ask('/ingest/Ping', '/ingest/Ping', post('no JSON'));
  await ask('/ingest/Ping/batch', '/ingest/Ping/batch', post(`[${good}, {}]`));
  await ask(`/status/${String(accepted['message_id'])}`, '/status/{message_id}', {});
  await ask('/status/0f8fad5b-d9cb-469f-a165-70867728950e', '/status/{message_id}', {});
  await ask('/status/none', '/status/{message_id}', {});
});

test('it is about the whole file', async () => {
  expect(await nomnom(['schema', file, 'Ping', '--openapi'])).toMatchObject({ status: 2 });
});
