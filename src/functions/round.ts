import { round as roundDecimal } from '../types/decimal-arithmetic.ts';
import type { Value } from '../types/value.ts';
import { decimalWithin, exactText, roundedDigits, scaleIn } from './support/exact-number.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aNumber, anInt } from './support/pattern.ts';

export const round: FunctionDefinition = {
  name: 'round',
  group: 'numbers',
  doc: `A number rounded to \`scale\` fraction digits, or to a whole number without \`scale\`. Halves are rounded away from zero, as in
Postgres. The result is exact. A float becomes a decimal: the shortest number that reads back as the same float is rounded, so
2.675 gives 2.68.`,
  parameters: [
    { name: 'number', takes: aNumber },
    { name: 'scale', takes: anInt, optional: true, literal: true },
  ],
  returns: 'decimal(…, scale)',
  resolve: ([number, scale]) => {
    const digits = scaleIn(scale, 1);
    if (typeof digits !== 'number') return digits;
    const type = decimalWithin(roundedDigits(number?.type, digits), 1);
    if (type.kind === 'problem') return type;
    const text = exactText(number?.type);
    return resolved(type, (value: Value) => roundDecimal(text(value), digits));
  },
  examples: [
    { call: 'round(2.345, 2)', gives: '2.35' },
    { call: 'round(-2.5)', gives: '-3' },
    { call: 'round(9.99, 1)', gives: '10.0' },
    { call: 'round(7, 2)', gives: '7.00' },
    { call: 'round(x, 2)', fields: 'x: float', message: '{"x": 2.675}', gives: '2.68' },
    { call: 'round(x)', fields: 'x: float', message: '{"x": -1e21}', gives: '-1000000000000000000000' },
  ],
};
