import { fractionDigits, integerDigits, plainText, readNumeral } from '../types/numeral.ts';
import type { Value } from '../types/value.ts';
import { noResult, type NoResult } from './support/no-result.ts';
import { problem, resolved, type FunctionDefinition } from './function.ts';
import { aText, anInt } from './support/pattern.ts';
import { decimalOf, MAX_PRECISION, type Digits } from './support/value-type.ts';

/** Where nothing is said: nine digits behind the point, and more before it than anything counted has. */
const DEFAULT = { precision: 38, scale: 9 };

/** As Postgres reads a `numeric`, without blanks around it and without `NaN` and `Infinity`. */
const WRITTEN = /^([+-]?)(?=\.?[0-9])0*([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]+)?$/;

function read(text: string, { whole, scale }: Digits): Value | NoResult {
  const match = WRITTEN.exec(text);
  const [, sign, digits, fraction, exponent = ''] = match ?? [];
  // JSON's grammar wants a digit on both sides of the point.
  const json = `${sign === '-' ? '-' : ''}${digits || '0'}.${fraction || '0'}${exponent}`;
  const numeral = match === null ? undefined : readNumeral(json);
  if (numeral === undefined) return noResult('the text is not a number');
  if (integerDigits(numeral) > whole)
    return noResult(`the number has more than ${whole} digits before the point`);
  if (fractionDigits(numeral) > scale) return noResult(`the number has more than ${scale} fraction digits`);
  return plainText(numeral, scale);
}

export const parseDecimal: FunctionDefinition = {
  name: 'parse_decimal',
  group: 'conversions',
  doc: `Reads an exact number from a text. Precision and scale are those of the type \`decimal\`, for example
\`parse_decimal(x, 15, 2)\`. Without them the result has the type of the field it is assigned to, and is a
\`decimal(${DEFAULT.precision}, ${DEFAULT.scale})\` anywhere else. A number with more digits is rejected, not rounded. Spaces are not
allowed (use \`trim\`), and neither are thousands separators (use \`replace\`).`,
  parameters: [
    { name: 'text', takes: aText },
    { name: 'precision', takes: anInt, optional: true, literal: true },
    { name: 'scale', takes: anInt, optional: true, literal: true },
  ],
  returns: 'decimal(precision, scale)',
  fails: 'the text is not a number, or has too many digits',
  adapt: (call, asked) =>
    call.length === 1 && asked.kind === 'scalar' && asked.column.name === 'decimal' ? asked.parameters : [],
  resolve: ([, precision, scale]) => {
    const digits = Number(precision?.literal ?? DEFAULT.precision);
    const behind = Number(scale?.literal ?? (precision === undefined ? DEFAULT.scale : 0));
    if (!(digits >= 1 && digits <= MAX_PRECISION))
      return problem(1, `a decimal must have 1 to ${MAX_PRECISION} digits`);
    if (!(behind >= 0 && behind <= digits))
      return problem(2, `the scale of a decimal with ${digits} digits must be from 0 to ${digits}`);
    const room = { whole: digits - behind, scale: behind };
    return resolved(decimalOf(room), (text: string) => read(text, room));
  },
  examples: [
    { call: 'parse_decimal("12.50", 15, 2)', gives: '12.50' },
    { call: 'parse_decimal("-.5", 3, 1)', gives: '-0.5' },
    { call: 'parse_decimal("0012", 5)', gives: '12' },
    { call: 'parse_decimal("1.5e3", 15, 2)', gives: '1500.00' },
    { call: 'parse_decimal("1.5")', gives: '1.500000000' },
    { call: 'parse_decimal("1,5", 15, 2)', gives: { rejected: 'the text is not a number' } },
    { call: 'parse_decimal("NaN", 15, 2)', gives: { rejected: 'the text is not a number' } },
    {
      call: 'parse_decimal("1.234", 15, 2)',
      gives: { rejected: 'the number has more than 2 fraction digits' },
    },
  ],
};
