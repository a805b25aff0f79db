import { expect, test } from 'vitest';
import { unsupported } from '../../../src/sql/postgres/catalog/versions.ts';

test('a server is supported from Postgres 15 on', () => {
  expect(unsupported(140_011)).toEqual({
    message: 'Postgres 14 is older than 15: nomnom is not tested with it',
    help: 'Use Postgres 15 or newer.',
  });
  expect([150_000, 180_001].map(unsupported)).toEqual([undefined, undefined]);
});
