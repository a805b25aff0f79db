import { negate } from '../types/decimal-arithmetic.ts';
import type { Value } from '../types/value.ts';
import { decimalWithin, exactText, roundedDigits } from './support/exact-number.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aNumber } from './support/pattern.ts';
import { floorOf } from './support/whole-number.ts';

export const ceil: FunctionDefinition = {
  name: 'ceil',
  group: 'numbers',
  doc: 'The smallest whole number that is at least as large as a number. Negative numbers are rounded up too.',
  parameters: [{ name: 'number', takes: aNumber }],
  returns: 'decimal(…, 0)',
  resolve: ([number]) => {
    const type = decimalWithin(roundedDigits(number?.type, 0), 0);
    if (type.kind === 'problem') return type;
    const text = exactText(number?.type);
    return resolved(type, (value: Value) => negate(floorOf(negate(text(value)))));
  },
  examples: [
    { call: 'ceil(2.1)', gives: '3' },
    { call: 'ceil(-2.9)', gives: '-2' },
    { call: 'ceil(-0.5)', gives: '0' },
    { call: 'ceil(3)', gives: '3' },
  ],
};
