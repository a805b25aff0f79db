import type { Value } from '../../types/value.ts';
import { noResult, type NoResult } from './no-result.ts';

/** Leading zeros and a `+` are fine, as files with fixed columns have them; blanks and a decimal point are not. */
const WRITTEN = /^[+-]?[0-9]+$/;

/** Reads a whole number of a range; `make` turns it into a value of its type. */
export function readWritten(text: string, bits: 32 | 64, make: (value: bigint) => Value): Value | NoResult {
  if (!WRITTEN.test(text)) return noResult('the text is not a whole number');
  const digits = text.replace(/^\+?(-?)0*(?=[0-9])/, '$1');
  // More digits than any such number has must not become a BigInt.
  if (digits.length > 20) return noResult('the number is out of range');
  const value = BigInt(digits);
  return BigInt.asIntN(bits, value) === value ? make(value) : noResult('the number is out of range');
}
