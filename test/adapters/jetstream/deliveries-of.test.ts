import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliveriesOf, parseReply } from '../../../src/adapters/jetstream/acknowledgement.ts';

const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const number = fc.nat().map(String);

test('the deliveries of a message are those of its whole reply subject, in the short form and in the long one', () => {
  const form = fc.tuple(
    fc.array(token, { minLength: 0, maxLength: 1 }),
    token,
    token,
    fc.array(number, { minLength: 5, maxLength: 6 }),
  );
  fc.assert(
    fc.property(form, ([domain, stream, consumer, numbers]) => {
      const parts = domain.length === 0 ? numbers.slice(0, 5) : numbers;
      const account = domain.length === 0 ? [] : [...domain, 'ACCOUNT'];
      const reply = ['$JS', 'ACK', ...account, stream, consumer, ...parts].join('.');
      expect(deliveriesOf(reply)).toBe(parseReply(reply).deliveries);
    }),
  );
  expect(deliveriesOf('')).toBe(parseReply('').deliveries);
});
