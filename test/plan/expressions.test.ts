import { describe, expect, test } from 'vitest';
import { rejectionOf, valueOf } from './evaluating.ts';

describe('numbers are exact', () => {
  test.each([
    [
      'a: decimal(20, 4)  b: decimal(20, 6)  v: decimal(41, 10) = a * b',
      { a: '0.0001', b: '0.000001' },
      '0.0000000001',
    ],
    ['a: bigint  v: bigint = a + 1', { a: '9223372036854775806' }, '9223372036854775807'],
    [
      'a: decimal(30, 2)  v: decimal(31, 2) = a - 1',
      { a: '1234567890123456789012345678.99' },
      '1234567890123456789012345677.99',
    ],
    ['a: decimal(5, 2)  v: decimal(7, 2) = 1 - a', { a: '0.10' }, '0.90'],
    ['a: int  b: int  v: int = a * b', { a: 0, b: -5 }, 0],
    ['a: int  v: int = -a', { a: 0 }, 0],
    ['a: int  b: int  v: int = a % b', { a: -7, b: 3 }, -1],
    ['a: float  v: float = a / 4', { a: 1 }, 0.25],
    ['a: decimal(5, 2)  v: decimal(5, 2) = -a', { a: '-0.00' }, '0.00'],
    ['a: int  v: decimal(12, 2) = a', { a: 7 }, '7.00'],
    ['a: int  v: bigint = a', { a: 7 }, '7'],
  ])('%s', (fields, body, expected) => {
    expect(valueOf(fields, body)).toBe(expected);
  });

  test.each([
    ['a: bigint  v: bigint = a + 1', { a: '9223372036854775807' }, 'out_of_range'],
    ['a: int  v: int = a * a', { a: 65536 }, 'out_of_range'],
    ['a: int  v: int = 7 % a', { a: 0 }, 'failed'],
    ['a: float  v: float = 1 / a', { a: 0 }, 'failed'],
    ['a: float  v: float = a * a', { a: 1e300 }, 'out_of_range'],
    ['a: decimal(10, 2)  v: decimal(4, 2) = a', { a: '123.45' }, 'out_of_range'],
    ['a: text  v: text(3) = a', { a: 'abcd' }, 'too_long'],
  ])('%s is refused for %j', (fields, body, code) => {
    const source = `entity T { id: int  ${fields}  store t { key (id)  upsert on (id) } }`;
    expect(rejectionOf(source, { body: { id: 1, ...body } })).toMatchObject({ code, field: 'T.v' });
  });
});

describe('null and truth', () => {
  test.each([
    ['a: int?  b: int  v: int? = a + b', { b: 1 }, null],
    ['a: int?  v: bool = a == null', {}, true],
    ['a: int?  b: int?  v: bool = a == b', { b: 1 }, false],
    ['a: int?  b: int?  v: bool = a == b', {}, true],
    ['a: decimal(3, 1)  b: decimal(4, 2)  v: bool = a == b', { a: '1.0', b: '1.00' }, true],
    ['a: int?  v: bool = a != null and a > 3', { a: 4 }, true],
    ['a: int?  v: bool = a == null or a > 3', {}, true],
    ['a: int?  v: bool = not (a == null)', {}, false],
    ['a: int?  v: int = a ?? 9', {}, 9],
    ['a: int?  b: int?  v: int? = a ?? b', { b: 2 }, 2],
    ['a: int?  v: int = if a != null then a + 1 else 0', { a: 1 }, 2],
    ['a: int?  v: int = if a == null then 0 else a', { a: 1 }, 1],
    ['a: date  v: bool = a < "2026-01-01"', { a: '2025-12-31' }, true],
    ['a: timestamp  v: bool = a >= "2026-01-01T00:00:00Z"', { a: '2026-01-01T01:00:00+01:00' }, true],
    ['a: text  v: bool = a < "b"', { a: 'a' }, true],
    ['v: int = w + 1  w: int = u + 1  u: int', { u: 1 }, 3],
  ])('%s', (fields, body, expected) => {
    expect(valueOf(fields, body)).toBe(expected);
  });
});
