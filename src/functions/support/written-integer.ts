import type { Value } from '../../types/value.ts';
import { failure, type Failure } from './failure.ts';

/** Leading zeros and a `+` are fine, as files with fixed columns have them; blanks and a decimal point are not. */
const WRITTEN = /^[+-]?[0-9]+$/;

/** Reads a whole number of a range; `make` turns it into a value of its type. */
export function readWritten(text: string, bits: 32 | 64, make: (value: bigint) => Value): Value | Failure {
  if (!WRITTEN.test(text)) return failure('the text is not a whole number');
  const digits = text.replace(/^\+?(-?)0*(?=[0-9])/, '$1');
  // More digits than any such number has must not become a BigInt.
  if (digits.length > 20) return failure('the number is out of range');
  const value = BigInt(digits);
  return BigInt.asIntN(bits, value) === value ? make(value) : failure('the number is out of range');
}
