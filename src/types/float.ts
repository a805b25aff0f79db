import type { ColumnType, Decoder, DigitsDecoder } from './column-type.ts';
import { wrongType } from './found.ts';
import { readNumeral } from './numeral.ts';
import { isRawNumber } from './raw-number.ts';
import { refuse } from './value.ts';

const EXPECTED = 'a finite number that a double can hold';

const decode: Decoder = (json) => {
  if (typeof json === 'number') {
    return Number.isFinite(json) ? json : refuse('out_of_range', EXPECTED, 'a number larger than 1.8e308');
  }
  if (!isRawNumber(json)) return wrongType('a number', json);
  // The nearest double is what the type promises; only what would become infinite or vanish is refused.
  const nearest = Number(json.rawJSON);
  if (!Number.isFinite(nearest)) return refuse('out_of_range', EXPECTED, 'a number larger than 1.8e308');
  if (nearest === 0 && readNumeral(json.rawJSON)?.digits !== '') {
    return refuse('out_of_range', EXPECTED, 'a number nearer to 0 than 4.9e-324');
  }
  return nearest;
};

const POWERS = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));

/** So few units and such a power of ten are doubles, so that their quotient is the double nearest to the number. */
const decodeDigits: DigitsDecoder = (units, scale) => units / (POWERS[scale] as number);

/** The shortest text that reads back as the same double; `String` alone loses the sign of -0. */
function toText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

export const float: ColumnType = {
  name: 'float',
  doc: 'A floating-point number of 64 bits, for measurements. Use `decimal` for money and anything that is counted.',
  parameters: [],
  parametersRequired: false,
  literal: 'number',
  decoder: () => decode,
  digitsDecoder: () => decodeDigits,
  toText: (value) => toText(value as number),
  bare: true,
  toJson: (value) => value,
  compare: (left, right) => (left as number) - (right as number),
  key: false,
  typescript: 'number',
  jsonSchema: () => ({ type: 'number' }),
  examples: {
    accepted: [
      { json: '1.5', text: '1.5' },
      { json: '-0.0', text: '-0' },
      { json: '1e300', text: '1e+300' },
      { json: '5e-324', text: '5e-324' },
      { json: '0.30000000000000004', text: '0.30000000000000004' },
      { json: '0.1000000000000000000000001', text: '0.1' },
    ],
    rejected: [
      { json: '1e400', code: 'out_of_range' },
      { json: '-1e400', code: 'out_of_range' },
      { json: '1e-400', code: 'out_of_range' },
      { json: '"1.5"', code: 'wrong_type' },
      { json: '"NaN"', code: 'wrong_type' },
      { json: 'true', code: 'wrong_type' },
    ],
  },
};
