import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { jsonAnswer } from '../../src/http/answer.ts';
import { startServer } from '../../src/http/server.ts';
import { memoryLog } from '../support/memory-log.ts';

test('the memory of a body is given back with the answer that says it is stored, and not before another one', async () => {
  const bodies: Buffer[] = [];
  let status = 202;
  const server = await startServer({
    health: { reasons: () => Promise.resolve([]), degraded: () => Promise.resolve([]) },
    clock: systemClock,
    log: memoryLog(),
    listen: { port: 0, host: '127.0.0.1' },
    gate: { identify: () => ({ kind: 'anonymous' }), origins: new Set() },
    routes: [
      {
        method: 'POST',
        path: '/kept',
        needs: () => ({ scope: 'ingest', entity: 'Kept' }),
        body: { share: 'single', limit: () => 1_000_000 },
        refuse: () => undefined,
        handle(_request, body) {
          bodies.push(body);
          expect(body.toString()).toBe('x'.repeat(body.length));
          return Promise.resolve(jsonAnswer(status, '{}'));
        },
      },
    ],
  });
  onTestFinished(() => server.stop());
  const lengthAfter = async (length: number): Promise<number | undefined> => {
    await fetch(`${server.address}/kept`, { method: 'POST', body: 'x'.repeat(length) });
    return bodies.at(-1)?.length;
  };
  // In one piece, and in several.
  expect(await lengthAfter(2_000)).toBe(0);
  expect(await lengthAfter(900_000)).toBe(0);
  expect(await lengthAfter(0)).toBe(0);
  // It may still be on its way to a queue that did not answer.
  status = 503;
  expect(await lengthAfter(2_000)).toBe(2_000);
  expect(await lengthAfter(900_000)).toBe(900_000);
});
