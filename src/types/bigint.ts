import type { ColumnType, Decoder, DigitsDecoder } from './column-type.ts';
import { type IntegerRange, isIntegerText, readInteger } from './integer-text.ts';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

const RANGE: IntegerRange = {
  min: MIN,
  max: MAX,
  digits: 19,
  expected: `an integral number from ${MIN} to ${MAX}`,
};

/** Integers of at most 15 digits are safe. */
const SAFE_LENGTH = 15;

const decode: Decoder = (json) => {
  // Beyond the safe integers the double itself may differ from the number that its digits say.
  if (typeof json === 'number' && Number.isSafeInteger(json)) return ofSafe(json);
  if (typeof json === 'string' && json.length <= SAFE_LENGTH && isIntegerText(json))
    return ofSafe(fewDigits(json));
  return readInteger(json, RANGE);
};

/** An integer of 64 bits by its two halves: engines make a bigint of them without a call, which `BigInt()` costs. */
const bits = new DataView(new ArrayBuffer(8));
const HALF = 2 ** 32;

function ofSafe(integer: number): bigint {
  bits.setInt32(0, Math.floor(integer / HALF));
  bits.setInt32(4, integer | 0);
  return bits.getBigInt64(0);
}

const decodeDigits: DigitsDecoder = (units, scale) => (scale === 0 ? ofSafe(units) : undefined);

/** Faster than `Number` for few digits. */
function fewDigits(text: string): number {
  const negative = text.charCodeAt(0) === 45;
  let integer = 0;
  for (let at = negative ? 1 : 0; at < text.length; at++) integer = integer * 10 + text.charCodeAt(at) - 48;
  return negative ? -integer : integer;
}

export const bigint: ColumnType = {
  name: 'bigint',
  doc: 'A whole number of 64 bits. In JSON it is a number or a string of digits. No digit is lost.',
  parameters: [],
  parametersRequired: false,
  literal: 'digits',
  decoder: () => decode,
  digitsDecoder: () => decodeDigits,
  toText: (value) => String(value),
  bare: true,
  toJson: (value) => String(value),
  compare: (left, right) => ((left as bigint) < (right as bigint) ? -1 : left === right ? 0 : 1),
  key: true,
  typescript: 'string | number',
  jsonSchema: () => ({
    // The limits as doubles, which a validator compares: they let the next number pass, and none too few.
    anyOf: [
      { type: 'integer', minimum: -(2 ** 63), maximum: 2 ** 63 },
      { type: 'string', pattern: '^-?(0|[1-9][0-9]*)$' },
    ],
  }),
  examples: {
    accepted: [
      { json: '42', text: '42' },
      { json: '9007199254740993', text: '9007199254740993' },
      { json: '9223372036854775807', text: '9223372036854775807' },
      { json: '-9223372036854775808', text: '-9223372036854775808' },
      { json: '"9223372036854775807"', text: '9223372036854775807' },
      { json: '"-1"', text: '-1' },
      { json: '1.0', text: '1' },
      { json: '1e18', text: '1000000000000000000' },
      { json: '1.23456789012345e17', text: '123456789012345000' },
      { json: '9.223372036854775807e18', text: '9223372036854775807' },
      { json: '-0', text: '0' },
      { json: '"-0"', text: '0' },
    ],
    rejected: [
      { json: '9223372036854775808', code: 'out_of_range' },
      { json: '-9223372036854775809', code: 'out_of_range' },
      { json: '"9223372036854775808"', code: 'out_of_range' },
      { json: '1e19', code: 'out_of_range' },
      { json: '1e999999999999', code: 'out_of_range' },
      { json: '0.5', code: 'too_precise' },
      { json: '9007199254740993.5', code: 'too_precise' },
      { json: '1e-400', code: 'too_precise' },
      { json: '"1.0"', code: 'invalid_format' },
      { json: '"+1"', code: 'invalid_format' },
      { json: '"1_000"', code: 'invalid_format' },
      { json: '"0x10"', code: 'invalid_format' },
      { json: '"01"', code: 'invalid_format' },
      { json: '""', code: 'invalid_format' },
      { json: 'false', code: 'wrong_type' },
      { json: '[1]', code: 'wrong_type' },
    ],
  },
};
