import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lateRefusals } from '../../src/http/late-refusals.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function response(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()));
}

test('a refusal waits, and each another time, so that their senders do not come again together', () => {
  const late = lateRefusals();
  const waits: number[] = [];
  const began = performance.now();
  for (let at = 0; at < 100; at += 1) late.refuse(response(), () => waits.push(performance.now() - began));
  vi.advanceTimersByTime(1_000);
  expect(waits.length).toBe(100);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...waits)).toBeLessThanOrEqual(270);
  expect(new Set(waits).size).toBeGreaterThan(10);
  expect(vi.getTimerCount()).toBe(0);
});

test('a sender that has left gets no answer', () => {
  const late = lateRefusals();
  const answer = vi.fn<() => void>();
  const left = response();
  late.refuse(left, answer);
  left.destroy();
  vi.advanceTimersByTime(1_000);
  expect(answer).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('of too many refusals, the last ones are answered at once', () => {
  const late = lateRefusals();
  const answer = vi.fn<() => void>();
  for (let at = 0; at < 1_000; at += 1) late.refuse(response(), () => {});
  late.refuse(response(), answer);
  expect(answer).toHaveBeenCalledOnce();
});
