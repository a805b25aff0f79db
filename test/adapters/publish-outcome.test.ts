import type { Msg } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { outcomeOf } from '../../src/adapters/jetstream/publish-outcome.ts';

/** An answer as a server sends it. */
function answer(text: string): Msg {
  return { data: Buffer.from(text), string: () => text } as Partial<Msg> as Msg;
}

test('a message is stored once the stream gives it a number, and a repetition once the first one has its number', () => {
  expect(outcomeOf(answer('{"stream":"S","seq":7}'))).toEqual({ kind: 'stored', duplicate: false });
  expect(outcomeOf(answer('{"stream":"S","seq":7,"duplicate":true}'))).toEqual({
    kind: 'stored',
    duplicate: true,
  });
  expect(outcomeOf(answer('{"stream":"S","seq":0,"duplicate":true}'))?.kind).toBe('unavailable');
});

test('a repetition while the first message is on its way is to be sent again later', () => {
  const text =
    '{"error":{"code":409,"err_code":10158,"description":"duplicate message id is in process"},"stream":"S","seq":0}';
  expect(outcomeOf(answer(text))).toEqual({
    kind: 'unavailable',
    reason: 'duplicate message id is in process (10158)',
  });
});

test('a message that is larger than its stream takes is not sent again', () => {
  const text =
    '{"error":{"code":400,"err_code":10054,"description":"message size exceeds maximum allowed"},"stream":"S","seq":0}';
  expect(outcomeOf(answer(text))?.kind).toBe('too_large');
});
