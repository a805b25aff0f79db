import autocannon from 'autocannon';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { jsonAnswer } from '../../src/http/answer.ts';
import type { Server } from '../../src/http/server.ts';
import type { Scope, Sender } from '../../src/ports/sender.ts';
import { httpServer } from '../support/http-server.ts';

let server: Server | undefined;
afterEach(() => server?.stop());

test('messages that arrive faster than they can be worked on are refused, and questions are answered all the same', async () => {
  const refused: string[] = [];
  server = await httpServer({
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
    amount: 300,
    // Where others take the processors.
    timeout: 60,
  });
  const probe = await fetch(`${server.address}/healthz`);
  const { statusCodeStats, errors } = await load;
  expect(probe.status).toBe(200);
  expect(errors).toBe(0);
  expect(Object.keys(statusCodeStats ?? {}).toSorted()).toEqual(['202', '503']);
  expect(new Set(refused)).toEqual(new Set(['too_busy']));
});

test('a flood of wrong keys is refused without a known sender being refused for it', async () => {
  // Only what this thread takes itself: on a busy machine, what others take would make its turns long too.
  const ownTime = vi.spyOn(performance, 'now').mockImplementation(() => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  });
  onTestFinished(() => ownTime.mockRestore());
  const sender: Sender = {
    ...{ name: 'pos', id: 'key:pos', mark: '0123456789ab', scopes: new Set<Scope>(['ingest']) },
    ...{ entities: undefined, rate: undefined },
  };
  const codes = new Map<string, number>();
  server = await httpServer({
    gate: {
      identify(credential) {
        if (credential === 'right') return { kind: 'sender', sender };
        // Forty of them make a turn long.
        workFor(1);
        return { kind: 'refused', reason: 'the key is wrong' };
      },
      origins: new Set(),
      // Those of a proxy are answered at once.
      trustedProxies: ['127.0.0.1'],
      onRefused: ({ code }) => codes.set(code, (codes.get(code) ?? 0) + 1),
    },
    routes: [
      {
        method: 'POST',
        path: '/ingest/:entity',
        body: { share: 'single', limit: () => 1000 },
        needs: ({ entity = '' }) => ({ scope: 'ingest', entity }),
        refuse: () => undefined,
        handle: () => Promise.resolve(jsonAnswer(202, '{}')),
      },
    ],
  });
  const url = `${server.address}/ingest/Order`;
  const send = async (key: string) => {
    const headers = { authorization: `Bearer ${key}`, 'x-forwarded-for': '192.0.2.1' };
    return (await fetch(url, { method: 'POST', headers, body: '{}' })).status;
  };
  const answers: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const wrong = Array.from({ length: 40 }, () => send('wrong'));
    answers.push(await send('right'));
    expect(new Set(await Promise.all(wrong))).toEqual(new Set([401]));
  }
  expect(new Set(answers)).toEqual(new Set([202]));
  expect([...codes]).toEqual([['unauthorized', 320]]);
});

function workFor(milliseconds: number): void {
  const until = worked() + milliseconds;
  while (worked() < until) continue;
}

function worked(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
