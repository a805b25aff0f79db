import { expect, test } from 'vitest';
import { neededBy } from '../../../src/http/auth/needed.ts';
import type { Route } from '../../../src/http/route.ts';

const post = (path: string): Route => ({
  method: 'POST',
  path,
  needs: ({ entity = '' }) => ({ scope: 'ingest', entity, signed: entity === 'Signed' }),
  refuse: () => undefined,
  body: { share: 'single', limit: () => 1 },
  handle: () => Promise.reject(new Error('nobody asks')),
});
const routes: readonly Route[] = [
  post('/ingest/:entity'),
  post('/ingest/:entity/batch'),
  { method: 'GET', path: '/status/:id', needs: () => ({ scope: 'status' }), handle: () => Promise.reject() },
  { method: 'GET', path: '/healthz', handle: () => Promise.reject() },
];
const needed = neededBy(routes);
const order = { scope: 'ingest', entity: 'Order', signed: false };

test.each([
  ['POST', '/ingest/Order', order],
  ['POST', '/ingest/Order?source=till', order],
  ['POST', '/ingest/Order/batch', order],
  ['POST', '/ingest/Signed', { scope: 'ingest', entity: 'Signed', signed: true }],
  ['GET', '/status/1', { scope: 'status' }],
  ['HEAD', '/status/1', { scope: 'status' }],
])('%s %s needs what its route says', (method, url, need) => {
  expect(needed(method, url)).toEqual(need);
});

test.each([
  ['GET', '/healthz'],
  ['GET', '/ingest/Order'],
  ['POST', '/ingest/'],
  ['POST', '/ingest/Order/'],
  ['POST', '/ingest/Order/batch/1'],
  ['POST', '/other/ingest/Order'],
  // Only the router decodes a path: it may be the one of an entity that is signed.
  ['POST', '/ingest/%53igned'],
  ['POST', '/ingest/Signed#x'],
  ['POST', '/ingest/Signed;x'],
  ['OPTIONS', '/ingest/Order'],
  [undefined, undefined],
])('%s %s is left to its route', (method, url) => {
  expect(needed(method, url)).toBeUndefined();
});
