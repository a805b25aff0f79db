import { add as addDecimals } from './decimal-arithmetic.ts';
import type { Value } from './value.ts';

/** As SQL adds: nulls do not count. A string is a decimal; no other type that can be added is one. */
export function sum(left: Value, right: Value): Value {
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return left + right;
  if (typeof left === 'string' && typeof right === 'string') return addDecimals(left, right);
  throw new Error('only numbers can be added');
}
