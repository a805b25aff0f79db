import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIdempotencyKey, keyedMessageId } from '../../../src/roles/ingest/idempotency.ts';
import { messageIds } from '../../../src/roles/ingest/message-id.ts';

test('message ids are UUIDv7 that only grow, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 44 }), { minLength: 1, maxLength: 50 }), (times) => {
      let time = 0;
      const next = messageIds(() => time);
      let last = '';
      for (time of times) {
        const id = next();
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(id > last).toBe(true);
        last = id;
      }
    }),
  );
});

test('more ids than a millisecond has room for still only grow', () => {
  const next = messageIds(() => 1_700_000_000_000);
  const ids = Array.from({ length: 10_000 }, next);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

const MARK = '0123456abcde';

test('ids of a sender end in its mark, random ones in five digits of it, grow among all others, and are the sender’s alone', () => {
  const next = messageIds(() => 1_700_000_000_000);
  const marks = Array.from({ length: 5_000 }, (_, at) => (at % 2 === 0 ? MARK : undefined));
  const ids = marks.map((mark) => next(mark));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((_, at) => at % 2 === 0).every((id) => id.endsWith('abcde'))).toBe(true);
  // Also where two senders have one mark.
  const keyed = ['key:pos', 'key:erp', 'token:pos'].map((id) =>
    keyedMessageId('shop', 'Order', 'one', 'single', { id, mark: MARK }),
  );
  expect(new Set(keyed).size).toBe(3);
  for (const id of keyed)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-0123456abcde$/);
});

test('a key names one message for each pipeline, entity and place, and always the same', () => {
  const key = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
  });
  const name = fc.constantFrom('a', 'b', 'ab', 'Order');
  const place = fc.option(fc.nat(20), { nil: undefined });
  const asked = fc.tuple(name, name, key, place);
  const part = fc.nat(3);
  fc.assert(
    fc.property(asked, asked, part, (left, other, changed) => {
      // Two questions that differ in one part at most.
      const right: typeof left = [...left];
      right.splice(changed, 1, other[changed]);
      expect(keyedMessageId(...left) === keyedMessageId(...right)).toBe(left[changed] === other[changed]);
      expect(keyedMessageId(...left)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

test('a key is 1 to 255 visible ASCII characters', () => {
  expect(['a', '~!', 'x'.repeat(255)].every(isIdempotencyKey)).toBe(true);
  expect(['', 'a b', 'é', '\t', 'x'.repeat(256)].some(isIdempotencyKey)).toBe(false);
});
