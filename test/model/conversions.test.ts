import { describe, expect, test } from 'vitest';
import { codesOfFields } from './finding-codes.ts';

/** Declared only where it is used. */
function enumFor(fields: string): string {
  return /\bE\b/.test(fields) ? 'enum E { First = "A"  Second = "B" }' : '';
}

describe('a value fits the same type, and a wider one that loses nothing', () => {
  test.each([
    'a: int  v: bigint = a',
    'a: int  v: decimal(10, 0) = a',
    'a: int  v: decimal(12, 2) = a',
    'a: bigint  v: decimal(19, 0) = a',
    'a: int  v: float = a',
    'a: text(10)  v: text(12) = a',
    'a: text(10)  v: text = a',
    'a: decimal(10, 2)  v: decimal(12, 4) = a',
    'a: E  v: text = a',
    'a: E  v: text(1) = a',
    'a: int[]  v: int[] = a',
    'a: text(3)[]  v: text(5)[] = a',
    'v: decimal(5, 2) = 1.5',
    'v: float = 1.5',
    'v: E = "A"',
    'v: E = E.First',
    'v: date = "2026-02-28"',
    'v: uuid = "01890a5d-ac96-774b-bcce-b302099a8057"',
    'v: text(3) = "abc"',
  ])('%s', (fields) => {
    expect(codesOfFields(fields, enumFor(fields))).toEqual([]);
  });
});

describe('what only the data can tell is a warning', () => {
  test.each([
    'a: text  v: text(3) = a',
    'a: text(4)  v: text(3) = a',
    'a: int  v: decimal(5, 0) = a',
    'a: decimal(10, 2)  v: decimal(8, 2) = a',
  ])('%s', (fields) => {
    expect(codesOfFields(fields)).toEqual(['~NOM303']);
  });
});

describe('what would lose digits, or is no value of the type, is refused', () => {
  test.each([
    ['a: decimal(10, 2)  v: decimal(10, 1) = a', 'NOM303'],
    ['v: int = 2147483648', 'NOM303'],
    ['a: decimal(600, 0)  v = a * a', 'NOM303'],
    ['v: decimal(3, 1) = 1.25', 'NOM303'],
    ['v: decimal(3, 1) = 100', 'NOM303'],
    ['v: text(2) = "abc"', 'NOM303'],
    ['v: date = "2026-02-29"', 'NOM303'],
    ['v: E = "C"', 'NOM303'],
    ['v: int @default(1.5)', 'NOM303'],
    ['a: E  v: bool = a == "C"', 'NOM303'],
    ['a: bigint  v: int = a', 'NOM301'],
    ['a: float  v: decimal(5, 2) = a', 'NOM301'],
    ['a: decimal(5, 2)  v: float = a', 'NOM301'],
    ['a: decimal(5, 2)  b: float  v: float = a + b', 'NOM301'],
    ['a: int  v: text = a', 'NOM301'],
    ['a: text  v: int = a', 'NOM301'],
    ['a: timestamp  v: date = a', 'NOM301'],
    ['a: text  v: E = a', 'NOM301'],
    ['a: int  b: int  v: int = a / b', 'NOM301'],
    ['a: text  b: text  v: text = a + b', 'NOM301'],
    ['a: text  v: bool = a == 1', 'NOM301'],
    ['a: json  b: json  v: bool = a < b', 'NOM301'],
    ['a: int[]  b: int[]  v: bool = a == b', 'NOM301'],
    ['a: bool  v: text = if a then "x" else 1', 'NOM301'],
    ['a: text?  v: text = a ?? 1', 'NOM301'],
  ])('%s → %s', (fields, code) => {
    expect(codesOfFields(fields, enumFor(fields))).toEqual([code]);
  });
});
