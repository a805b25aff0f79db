import { divide } from '../types/decimal-arithmetic.ts';
import type { Value } from '../types/value.ts';
import { decimalWithin, exactText, scaleIn } from './support/exact-number.ts';
import { noResult } from './support/no-result.ts';
import { problem, resolved, type FunctionDefinition } from './function.ts';
import { anExactNumber, anInt } from './support/pattern.ts';
import { digitsOf, type Digits, type ValueType } from './support/value-type.ts';

const BY_ZERO = noResult('the divisor is 0');

/** The greatest dividend by the smallest divisor. */
function quotientDigits(
  dividend: ValueType | undefined,
  divisor: ValueType | undefined,
  scale: number,
): Digits {
  const above = digitsOf(dividend);
  const below = digitsOf(divisor);
  const roundsUp = above.scale - below.scale > scale;
  return { whole: above.whole + below.scale + (roundsUp ? 1 : 0), scale };
}

export const div: FunctionDefinition = {
  name: 'div',
  group: 'numbers',
  doc: `The quotient of two exact numbers, rounded to \`scale\` fraction digits. It is rounded once, halves away from zero. \`/\` is for
floats, because an exact quotient can have infinitely many digits.`,
  parameters: [
    { name: 'dividend', takes: anExactNumber },
    { name: 'divisor', takes: anExactNumber },
    { name: 'scale', takes: anInt, literal: true },
  ],
  returns: 'decimal(…, scale)',
  fails: 'the divisor is 0',
  resolve: ([dividend, divisor, scale]) => {
    const digits = scaleIn(scale, 2);
    if (typeof digits !== 'number') return digits;
    const type = decimalWithin(quotientDigits(dividend?.type, divisor?.type, digits), 2);
    if (type.kind === 'problem') return type;
    const above = exactText(dividend?.type);
    const below = exactText(divisor?.type);
    if (divisor?.literal !== undefined && Number(divisor.literal) === 0) return problem(1, 'division by 0');
    return resolved(type, (a: Value, b: Value) => divide(above(a), below(b), digits) ?? BY_ZERO);
  },
  examples: [
    { call: 'div(1, 3, 4)', gives: '0.3333' },
    { call: 'div(2, 3, 2)', gives: '0.67' },
    { call: 'div(-1, 2, 0)', gives: '-1' },
    {
      call: 'div(total, count, 2)',
      fields: 'total: decimal(15, 2)  count: int',
      message: '{"total": 10, "count": 4}',
      gives: '2.50',
    },
    {
      call: 'div(1, n, 2)',
      fields: 'n: int',
      message: '{"n": 0}',
      gives: { rejected: 'the divisor is 0' },
    },
  ],
};
