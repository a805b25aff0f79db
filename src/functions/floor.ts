import type { Value } from '../types/value.ts';
import { decimalWithin, exactText, roundedDigits } from './support/exact-number.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aNumber } from './support/pattern.ts';
import { floorOf } from './support/whole-number.ts';

export const floor: FunctionDefinition = {
  name: 'floor',
  group: 'numbers',
  doc: 'The largest whole number that is not larger than a number. Negative numbers are rounded down too.',
  parameters: [{ name: 'number', takes: aNumber }],
  returns: 'decimal(…, 0)',
  resolve: ([number]) => {
    const type = decimalWithin(roundedDigits(number?.type, 0), 0);
    if (type.kind === 'problem') return type;
    const text = exactText(number?.type);
    return resolved(type, (value: Value) => floorOf(text(value)));
  },
  examples: [
    { call: 'floor(2.9)', gives: '2' },
    { call: 'floor(-2.1)', gives: '-3' },
    { call: 'floor(-2.0)', gives: '-2' },
    { call: 'floor(x)', fields: 'x: float', message: '{"x": -0.5}', gives: '-1' },
  ],
};
