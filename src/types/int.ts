import type { ColumnType, Decoder, DigitsDecoder } from './column-type.ts';
import { type IntegerRange, isIntegerText, readInteger } from './integer-text.ts';

const MIN = -2147483648;
const MAX = 2147483647;

const RANGE: IntegerRange = {
  min: BigInt(MIN),
  max: BigInt(MAX),
  digits: 10,
  expected: `an integral number from ${MIN} to ${MAX}`,
};

const decode: Decoder = (json) => {
  // `| 0` keeps exactly the 32-bit integers, and makes -0 the 0 that it is in Postgres.
  if (typeof json === 'number' && (json | 0) === json) return json | 0;
  if (typeof json === 'string' && json.length < 10 && isIntegerText(json)) return Number(json) | 0;
  const integer = readInteger(json, RANGE);
  return typeof integer === 'bigint' ? Number(integer) : integer;
};

const decodeDigits: DigitsDecoder = (units, scale) =>
  scale === 0 && (units | 0) === units ? units | 0 : undefined;

export const int: ColumnType = {
  name: 'int',
  doc: 'A whole number of 32 bits. In JSON it is a number or a string of digits.',
  parameters: [],
  parametersRequired: false,
  literal: 'digits',
  decoder: () => decode,
  digitsDecoder: () => decodeDigits,
  toText: (value) => String(value),
  bare: true,
  toJson: (value) => value,
  compare: (left, right) => (left as number) - (right as number),
  key: true,
  typescript: 'number',
  jsonSchema: () => ({
    anyOf: [
      { type: 'integer', minimum: MIN, maximum: MAX },
      { type: 'string', pattern: '^-?(0|[1-9][0-9]*)$' },
    ],
  }),
  examples: {
    accepted: [
      { json: '42', text: '42' },
      { json: '-2147483648', text: '-2147483648' },
      { json: '2147483647', text: '2147483647' },
      { json: '"2147483647"', text: '2147483647' },
      { json: '"-7"', text: '-7' },
      { json: '1.0', text: '1' },
      { json: '1e3', text: '1000' },
      { json: '-0', text: '0' },
      { json: '"-0"', text: '0' },
      { json: '5.00000000000000000', text: '5' },
    ],
    rejected: [
      { json: '2147483648', code: 'out_of_range' },
      { json: '-2147483649', code: 'out_of_range' },
      { json: '"2147483648"', code: 'out_of_range' },
      { json: '1e400', code: 'out_of_range' },
      { json: '99999999999999999999', code: 'out_of_range' },
      { json: '1.5', code: 'too_precise' },
      { json: '1e-400', code: 'too_precise' },
      { json: '1.00000000000000000001', code: 'too_precise' },
      { json: '"1.0"', code: 'invalid_format' },
      { json: '"+1"', code: 'invalid_format' },
      { json: '" 1"', code: 'invalid_format' },
      { json: '"007"', code: 'invalid_format' },
      { json: '"-"', code: 'invalid_format' },
      { json: '""', code: 'invalid_format' },
      { json: '"1e3"', code: 'invalid_format' },
      { json: '"٣"', code: 'invalid_format' },
      { json: 'true', code: 'wrong_type' },
      { json: '{"rawJSON":"1"}', code: 'wrong_type' },
    ],
  },
};
