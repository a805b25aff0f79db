import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { ErrorCodes } from 'vscode-languageserver/node';
import { frames } from '../../src/editor/frames.ts';
import { runs } from '../support/property-runs.ts';
import { framed, startRaw, type RawClient } from './raw-client.ts';

let client: RawClient | undefined;
afterEach(async () => {
  client?.end();
  await client?.exited;
  client = undefined;
});

const start = { processId: null, rootUri: null, capabilities: {} };
const hover = {
  textDocument: { uri: 'file:///a.nom' },
  position: { line: 0, character: 0 },
};

async function initialized(): Promise<RawClient> {
  client = startRaw();
  await client.ask('initialize', start);
  client.send({ jsonrpc: '2.0', method: 'initialized', params: {} });
  return client;
}

test('a request before initialize is refused, a notification passed over', async () => {
  client = startRaw();
  expect((await client.ask('textDocument/hover', hover)).error?.code).toBe(ErrorCodes.ServerNotInitialized);
  expect((await client.ask('shutdown')).error?.code).toBe(ErrorCodes.ServerNotInitialized);
  client.send({ jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument: {} } });
  expect((await client.ask('initialize', start)).result).toHaveProperty('capabilities');
  expect((await client.ask('initialize', start)).error?.code).toBe(ErrorCodes.InvalidRequest);
  expect((await client.ask('textDocument/hover', hover)).result).toBeNull();
  expect(client.received.every(({ method }) => method === undefined)).toBe(true);
});

test('a request after shutdown is refused, and exit ends with 0', async () => {
  const server = await initialized();
  expect(await server.ask('shutdown')).toMatchObject({ result: null });
  expect((await server.ask('textDocument/hover', hover)).error?.code).toBe(ErrorCodes.InvalidRequest);
  expect((await server.ask('shutdown')).error?.code).toBe(ErrorCodes.InvalidRequest);
  server.send({ jsonrpc: '2.0', method: 'exit' });
  expect(await server.exited).toBe(0);
});

test('shutdown and exit in one piece are answered both', async () => {
  const server = await initialized();
  const shutdown = framed(JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'shutdown' }));
  server.write(shutdown + framed(JSON.stringify({ jsonrpc: '2.0', method: 'exit' })));
  expect(await server.exited).toBe(0);
  expect(await server.answer(7)).toMatchObject({ result: null });
});

test.each([
  ['exit before initialize', (each: RawClient) => each.send({ jsonrpc: '2.0', method: 'exit' })],
  ['the end of the input', (each: RawClient) => each.end()],
])('%s without shutdown ends with 1', async (_what, end) => {
  client = startRaw();
  end(client);
  expect(await client.exited).toBe(1);
  expect(client.errors()).toBe('');
});

test('exit without shutdown ends with 1, the end of the input after shutdown with 0', async () => {
  const first = await initialized();
  first.send({ jsonrpc: '2.0', method: 'exit' });
  expect(await first.exited).toBe(1);
  const second = await initialized();
  await second.ask('shutdown');
  second.end();
  expect(await second.exited).toBe(0);
});

test.each([
  ['Content-Length: -5\r\n\r\n', 'found `Content-Length: -5`'],
  ['garbage\r\n\r\n', 'found "garbage"'],
  ['Content-Length: 5 bytes\r\n\r\n12345', 'found `Content-Length: 5 bytes`'],
  ['Content-Length: 99999999999999\r\n\r\n', 'at most 134217728 bytes'],
  ['Content-Type: a\r\n\r\n{}', 'found "Content-Type: a"'],
  ['Content-Length: 2\n\n{}', 'lines end with \\r\\n'],
  ['\r\n\r\n', 'found an empty one'],
  ['x'.repeat(9000), 'a header has at most 8192 bytes'],
])('a header that cannot be read ends the server with the reason: %j', async (bytes, why) => {
  const server = await initialized();
  server.write(bytes);
  expect(await server.exited).toBe(1);
  expect(server.errors()).toMatch(/^nomnom lsp: [^\n]+\n$/);
  expect(server.errors()).toContain(why);
});

test('a body that is no message is answered, and the server goes on', async () => {
  const server = await initialized();
  for (const body of ['{', '[]', 'null', '5', '{"jsonrpc":"2.0","id":null,"method":"shutdown"}'])
    server.write(framed(body));
  server.send({ jsonrpc: '2.0', id: 9, method: 5 });
  server.send({ jsonrpc: '2.0', id: 3 });
  expect((await server.answer(9)).error).toEqual({
    code: ErrorCodes.InvalidRequest,
    message: 'method: expected a text, found 5',
  });
  expect(server.received.filter(({ id }) => id === null).map(({ error }) => error?.code)).toEqual([
    ErrorCodes.ParseError,
    ...Array(4).fill(ErrorCodes.InvalidRequest),
  ]);
  expect((await server.ask('textDocument/hover', hover)).result).toBeNull();
});

test('wrong parameters are named; a notification with them is told in one line', async () => {
  const server = await initialized();
  const asked = async (params: unknown): Promise<unknown> =>
    (await server.ask('textDocument/hover', params)).error;
  const invalid = (what: string) => ({
    code: ErrorCodes.InvalidParams,
    message: `textDocument/hover: ${what}`,
  });
  expect(await asked(null)).toEqual(invalid('params: expected an object, found null'));
  expect(await asked(undefined)).toEqual(invalid('params: expected an object, found nothing'));
  expect(await asked([hover])).toEqual(invalid('params: expected an object, found a list'));
  expect(await asked({ ...hover, textDocument: null })).toEqual(
    invalid('textDocument: expected an object, found null'),
  );
  expect(await asked({ ...hover, position: { line: -1, character: 0 } })).toEqual(
    invalid('position.line: expected a whole number from 0, found -1'),
  );
  const textDocument = { uri: 5, languageId: 'nom', version: 1, text: '' };
  server.send({ jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument } });
  await asked(null);
  expect(server.received.filter(({ method }) => method === 'window/logMessage')).toEqual([
    expect.objectContaining({
      params: {
        type: 1,
        message: 'ignored: textDocument/didOpen: textDocument.uri: expected a text, found 5',
      },
    }),
  ]);
  expect(server.errors()).toBe('');
});

test('an editor that refuses what it is asked keeps the server', async () => {
  client = startRaw();
  await client.ask('initialize', { ...start, capabilities: { workspace: { configuration: true } } });
  client.send({ jsonrpc: '2.0', method: 'initialized', params: {} });
  await client.ask('textDocument/hover', hover);
  const asked = client.received.find(({ method }) => method === 'workspace/configuration');
  client.send({ jsonrpc: '2.0', id: asked?.id, error: { code: -32601, message: 'no' } });
  expect((await client.ask('textDocument/hover', hover)).result).toBeNull();
  expect(client.errors()).toBe('');
});

test('messages are cut alike in whichever pieces they come', () => {
  const body = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('\r\n\r\nContent-Length: 3'));
  const places = fc.array(fc.nat(400), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(body, { maxLength: 4 }), places, (bodies, cuts) => {
      const bytes = Buffer.from(bodies.map(framed).join(''));
      const take = frames();
      const stops = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
      const found = stops.flatMap((stop, at) => take(bytes.subarray(stop, stops[at + 1] ?? bytes.length)));
      expect(found).toEqual(bodies.map((text) => ({ kind: 'body', text })));
    }),
    { numRuns: runs(500) },
  );
});

test('whatever comes in, a header is read, waited for or refused once', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .stringMatching(/^[Cc]ontent-[Ll]ength:[ \-+0-9a-f]{0,9}(\r?\n){0,2}.*$/)
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 5 }), (pieces) => {
      const take = frames();
      const found = pieces.flatMap((piece) => take(piece));
      const faults = found.flatMap((each, at) => (each.kind === 'fault' ? [at] : []));
      expect(faults).toEqual(faults.length === 0 ? [] : [found.length - 1]);
    }),
    { numRuns: runs(2000) },
  );
});
