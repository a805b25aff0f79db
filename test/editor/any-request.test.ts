import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ErrorCodes } from 'vscode-languageserver/node';
import { parameters } from '../../src/editor/parameters.ts';
import type { Shape } from '../../src/editor/shape.ts';
import { runs } from '../support/property-runs.ts';
import { startRaw, type RawClient } from './raw-client.ts';
import { COMMON, SHOP } from './shop-program.ts';

let folder: string;
let client: RawClient;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomnom-any-request-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'common.nom'), COMMON);
  writeFileSync(join(folder, 'saved.nom'), SHOP);
  writeFileSync(join(folder, 'data/länder.csv'), 'code,name\nx,y\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const url = (path: string): string => pathToFileURL(join(folder, path)).href;

/** Addresses of files that are open, of others, and of none. */
const address = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('common.nom', 'shop.nom', 'saved.nom').map((path) => `@${path}`) },
  fc.constantFrom(
    '@',
    '@data',
    '@none/x.nom',
    '@a%00b.nom',
    'untitled:Untitled-1',
    'file:///%zz',
    'file://host/a',
  ),
  fc.constantFrom(
    '',
    'file:',
    'file:///',
    'http://x/y.nom',
    'git:/a.nom?{"ref":"~"}',
    'file:///../../etc/passwd',
  ),
  fc.string(),
);
const number = fc.oneof({ weight: 5, arbitrary: fc.nat(45) }, fc.constantFrom(0, 1e6, 2 ** 31, 2 ** 53 - 1));
const written = fc.oneof(
  fc.constantFrom('x', 'Order', 'Address', 'ctid', '__proto__', 'constructor', '', 'orders', '\ud800', '🚀'),
  fc.constantFrom(SHOP, COMMON, '}', '"', '/*', 'entity A { id: int }\n', 'import "common.nom"\n'),
  fc.string({ unit: 'binary' }),
);

/** Values of a shape; the names of fields choose texts that mean something. */
function valid(shape: Shape, name = ''): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'text':
      return name === 'uri' ? address : written;
    case 'whole':
      return number;
    case 'flag':
      return fc.boolean();
    case 'id':
      return fc.oneof(fc.nat(5), fc.constantFrom('ask-1', '__proto__'));
    case 'anything':
      return fc.jsonValue();
    case 'list':
      return fc.array(valid(shape.of), { maxLength: 3 });
    case 'optional':
      return fc.oneof(valid(shape.of, name), fc.constant(undefined));
    case 'nullable':
      return fc.oneof(valid(shape.of, name), fc.constantFrom(undefined, null));
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(shape.fields).map(([key, of]) => [key, valid(of, key)])),
      );
  }
}

/** A value with one of its parts, or all of it, replaced by something else. */
const spoilt = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(value, fc.nat(1000), fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, 1.5, {}, [])))
    .map(([from, at, by]) => {
      const paths: (readonly string[])[] = [];
      const walk = (each: unknown, path: readonly string[]): void => {
        paths.push(path);
        if (typeof each === 'object' && each !== null)
          for (const [key, next] of Object.entries(each)) walk(next, [...path, key]);
      };
      walk(from, []);
      return replaced(from, paths[at % paths.length] ?? [], by);
    });

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each, at) => (String(at) === key ? replaced(each, rest, by) : each));
  const fields = value as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: replaced(fields[key], rest, by) };
}

const methods = [...parameters].filter(([method]) => method !== 'initialize');
const call = fc.constantFrom(...methods).chain(([method, shape]) =>
  fc.record({
    method: fc.constant(method),
    params: fc.oneof({ weight: 3, arbitrary: valid(shape) }, spoilt(valid(shape))),
    // A notification that comes as a request and the other way round is no surprise either.
    asks: fc.oneof({ weight: 9, arbitrary: fc.constant(!isNotification(method)) }, fc.boolean()),
  }),
);

function isNotification(method: string): boolean {
  return /^\$|\/did|\/willSave$|workDoneProgress/.test(method);
}

async function started(): Promise<RawClient> {
  const server = startRaw();
  await server.ask('initialize', {
    processId: null,
    rootUri: url(''),
    capabilities: {},
    initializationOptions: { commands: ['nomnom.runTest', 'nomnom.showDdl'] },
  });
  for (const [path, text] of [
    ['common.nom', COMMON],
    ['shop.nom', SHOP],
  ] as const) {
    const textDocument = { uri: url(path), languageId: 'nom', version: 1, text };
    server.send({ jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument } });
  }
  return server;
}

test('whatever an editor sends, each request has one answer, and none of them is a fault of the server', async () => {
  client = await started();
  let last = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 12 }), async (calls) => {
      const from = client.received.length;
      const ids: number[] = [];
      for (const { method, params, asks } of calls) {
        const placed = JSON.parse(
          JSON.stringify(params ?? null, (_key, value: unknown) =>
            typeof value === 'string' && value.startsWith('@')
              ? url('') + value.slice(1).replace(/^/, '/')
              : value,
          ),
        ) as unknown;
        if (asks) ids.push((last += 1));
        client.send({ jsonrpc: '2.0', ...(asks ? { id: last } : {}), method, params: placed });
      }
      // The answer to this one is behind all others.
      await client.ask('workspace/symbol', { query: '' });
      const news = client.received.slice(from);
      const answered = news.filter(({ method, id }) => method === undefined && typeof id === 'number');
      expect(new Set(answered.map(({ id }) => id))).toEqual(new Set(ids));
      expect(answered).toHaveLength(ids.length);
      expect(answered.filter(({ error }) => error?.code === ErrorCodes.InternalError)).toEqual([]);
      const told = news.filter(({ method }) => method === 'window/logMessage').map(({ params }) => params);
      expect(told.filter((each) => !/"ignored: /.test(JSON.stringify(each)))).toEqual([]);
    }),
    { numRuns: runs(400) },
  );
  expect(client.errors()).toBe('');
  await client.ask('shutdown');
  client.send({ jsonrpc: '2.0', method: 'exit' });
  expect(await client.exited).toBe(0);
});
