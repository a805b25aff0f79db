import autocannon from 'autocannon';
import { afterEach, expect, test } from 'vitest';
import { jsonAnswer } from '../../src/http/answer.ts';
import { type Server, startServer } from '../../src/http/server.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { memoryLog } from '../support/memory-log.ts';

let server: Server | undefined;
afterEach(() => server?.stop());

test('messages that arrive faster than they can be worked on are refused, and questions are answered all the same', async () => {
  const refused: string[] = [];
  server = await startServer({
    health: { reasons: () => Promise.resolve([]), degraded: () => Promise.resolve([]) },
    clock: systemClock,
    log: memoryLog(),
    listen: { port: 0, host: '127.0.0.1' },
    gate: {
      identify: () => ({ kind: 'anonymous' }),
      origins: new Set(),
      onRefused: ({ code }) => refused.push(code),
    },
    routes: [
      {
        method: 'POST',
        path: '/slow',
        body: { share: 'single', limit: () => 1000 },
        needs: () => ({ scope: 'ingest', entity: 'Slow' }),
        refuse: () => undefined,
        handle: () => {
          workFor(5);
          return Promise.resolve(jsonAnswer(202, '{}'));
        },
      },
    ],
  });
  const load = autocannon({
    url: `${server.address}/slow`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    connections: 50,
    duration: 1,
  });
  const probe = await fetch(`${server.address}/healthz`);
  const { statusCodeStats, errors } = await load;
  expect(probe.status).toBe(200);
  expect(errors).toBe(0);
  expect(Object.keys(statusCodeStats ?? {}).toSorted()).toEqual(['202', '503']);
  expect(new Set(refused)).toEqual(new Set(['too_busy']));
});

function workFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
