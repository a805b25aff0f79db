import { createTraceState } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { traceContextOf } from '../../src/ports/trace-context.ts';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const stateOf = (state: string | string[]) => traceContextOf(parent, state)?.state;

describe('what a sender says of its trace', () => {
  test.each([
    ['congo=t61rcWkgMzE,rojo=00f067aa0ba902b7', 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7'],
    ['fw529a3039@dt=FfAAAw, , rojo=1 ', 'fw529a3039@dt=FfAAAw,rojo=1'],
    [['one=1', 'two=2'], 'one=1,two=2'],
    [Array.from({ length: 32 }, (_, n) => `k${n}=1`).join(','), expect.any(String)],
  ])('keeps the state %j', (sent, kept) => {
    expect(stateOf(sent)).toEqual(kept);
  });

  test.each([
    '',
    ',',
    'no member',
    'Upper=1',
    'key=a=b',
    'twice=1,twice=2',
    'key=\u00e4',
    'key=a\u0000b',
    `key=${'x'.repeat(257)}`,
    `${'k'.repeat(257)}=1`,
    Array.from({ length: 33 }, (_, n) => `k${n}=1`).join(','),
    Array.from({ length: 3 }, (_, n) => `k${n}=${'x'.repeat(200)}`).join(','),
  ])('leaves the state %j out, and keeps the trace', (sent) => {
    expect(traceContextOf(parent, sent)).toEqual({ parent, state: undefined });
  });

  test('a state without a valid parent is none', () => {
    expect(traceContextOf(undefined, 'a=1')).toBeUndefined();
    expect(traceContextOf(`${parent}0`, 'a=1')).toBeUndefined();
  });

  test('what it keeps is bounded, and OpenTelemetry reads the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[ab@=,; \t1]*$/)), (sent) => {
        const state = stateOf(sent);
        if (state === undefined) return;
        expect(state.length).toBeLessThanOrEqual(512);
        expect(createTraceState(state).serialize()).toBe(state);
      }),
    );
  });
});
