import { negate } from '../types/decimal-arithmetic.ts';
import { noResult } from './support/no-result.ts';
import { resolved, type FunctionDefinition, type Resolved } from './function.ts';
import { aNumber } from './support/pattern.ts';
import { scalarName, type ValueType } from './support/value-type.ts';

const BEYOND = noResult('the result is larger than the largest number of the type');

function magnitude(type: ValueType): Resolved['run'] {
  switch (scalarName(type)) {
    case 'decimal':
      return (value: string) => (value.startsWith('-') ? negate(value) : value);
    case 'bigint':
      return (value: bigint) => (value >= 0n ? value : value === -(2n ** 63n) ? BEYOND : -value);
    case 'int':
      return (value: number) => (value === -2147483648 ? BEYOND : Math.abs(value));
    default:
      return (value: number) => Math.abs(value);
  }
}

export const abs: FunctionDefinition = {
  name: 'abs',
  group: 'numbers',
  doc: 'The absolute value of a number.',
  parameters: [{ name: 'number', takes: aNumber }],
  returns: 'the type of the number',
  fails: 'the number is the smallest int or bigint',
  resolve: ([number]) => resolved(number?.type as ValueType, magnitude(number?.type as ValueType)),
  examples: [
    { call: 'abs(-3)', gives: 3 },
    { call: 'abs(price)', fields: 'price: decimal(5, 2)', message: '{"price": -1.5}', gives: '1.50' },
    {
      call: 'abs(n)',
      fields: 'n: int',
      message: '{"n": -2147483648}',
      gives: { rejected: 'the result is larger than the largest number of the type' },
    },
  ],
};
