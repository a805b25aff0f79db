import { add } from '../types/decimal-arithmetic.ts';
import type { Value } from '../types/value.ts';
import { decimalWithin } from './support/exact-number.ts';
import { noResult, type NoResult } from './support/no-result.ts';
import { resolved, type FunctionDefinition, type Resolution } from './function.ts';
import { aNumberList } from './support/pattern.ts';
import { BIGINT, digitsOf, FLOAT, INT, scalarName, type ValueType } from './support/value-type.ts';

/** A list in memory has fewer than 10^10 elements, so that its sum has at most as many digits more. */
const CARRY = 10;

type List<T extends Value> = readonly T[] | null;

function floatSum(list: List<number>): Value | NoResult {
  let total = 0;
  for (const value of list ?? []) total += value;
  return Number.isFinite(total) ? total : noResult('the sum is out of range');
}

/** So many ints sum up to less than 2^53, exactly. */
const EXACT_INTS = 2 ** 22;

function intSum(list: List<number>): bigint {
  if (list === null) return 0n;
  if (list.length > EXACT_INTS) return list.reduce((total, value) => total + BigInt(value), 0n);
  return BigInt(list.reduce((total, value) => total + value, 0));
}

function sumOf(element: ValueType): Resolution {
  const name = scalarName(element);
  if (name === 'float') return resolved(FLOAT, floatSum);
  if (name === 'int') return resolved(BIGINT, intSum);
  const { whole, scale } = digitsOf(element);
  const type = decimalWithin({ whole: whole + CARRY, scale }, 0);
  if (type.kind === 'problem') return type;
  const zero = scale === 0 ? '0' : `0.${'0'.repeat(scale)}`;
  return resolved(type, (list: List<Value>) =>
    (list ?? []).reduce<string>((total, value) => add(total, String(value)), zero),
  );
}

export const sum: FunctionDefinition = {
  name: 'sum',
  group: 'lists',
  doc: `The sum of a list of numbers. It is 0 for an empty list and for a list that is null. It is exact: the sum of ints is a bigint, the
sum of bigints or decimals is a decimal with ${CARRY} more digits. A field of the elements of a list is a list without its
nulls: \`sum(o.line_items.price)\`.`,
  parameters: [{ name: 'list', takes: aNumberList }],
  returns: 'bigint, decimal or float',
  nulls: 'seen',
  fails: 'a sum of floats is out of range',
  resolve: ([list]) => sumOf(list?.type.kind === 'list' ? list.type.element : INT),
  examples: [
    {
      call: 'sum(prices)',
      fields: 'prices: decimal(5, 2)[]',
      message: '{"prices": [0.1, 0.2, 100]}',
      gives: '100.30',
    },
    {
      call: 'sum(counts)',
      fields: 'counts: int[]',
      message: '{"counts": [2147483647, 1]}',
      gives: '2147483648',
    },
    { call: 'sum(prices)', fields: 'prices: decimal(5, 2)[]?', message: '{}', gives: '0.00' },
    {
      call: 'sum(masses)',
      fields: 'masses: float[]',
      message: '{"masses": [1e308, 1e308]}',
      gives: { rejected: 'the sum is out of range' },
    },
  ],
};
