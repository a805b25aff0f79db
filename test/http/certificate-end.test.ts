import { expect, test } from 'vitest';
import { endText } from '../../src/http/certificate-end.ts';

const DAY = 24 * 3_600_000;
const to = Date.parse('2027-03-01T00:00:00Z');

test.each([
  ['a year', 365, 20, undefined],
  ['a year', 365, 13, 'the certificate in tls.crt expires on 2027-03-01T00:00:00.000Z'],
  ['a day', 1, 0.5, undefined],
  ['a day', 1, 0.1, 'the certificate in tls.crt expires on 2027-03-01T00:00:00.000Z'],
  ['a year', 365, 0, 'the certificate in tls.crt has expired, on 2027-03-01T00:00:00.000Z'],
  ['a day', 1, 2, 'the certificate in tls.crt is not valid before 2027-02-28T00:00:00.000Z'],
])('a certificate of %s, %s days, that has %s left is told in time', (_, days, left, text) => {
  expect(endText('tls.crt', { from: to - days * DAY, to }, to - left * DAY)).toBe(text);
});
