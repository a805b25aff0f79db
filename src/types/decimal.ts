import type { ColumnType, Decoder, DigitsDecoder } from './column-type.ts';
import { compare, fromUnits } from './decimal-arithmetic.ts';
import { atMost, counted, wrongType } from './found.ts';
import { fractionDigits, integerDigits, plainText, readNumeral } from './numeral.ts';
import { isRawNumber } from './raw-number.ts';
import { type JsonValue, type Refusal, refuse } from './value.ts';

/** Digits that survive decimal → double → decimal, whatever they are. */
const SAFE_DIGITS = 15;

interface Column {
  /** Digits before the point. */
  readonly wholeDigits: number;
  readonly scale: number;
}

function decoder(precision: number, scale: number): Decoder {
  const wholeDigits = precision - scale;
  const column: Column = { wholeDigits, scale };
  const zeros = '0'.repeat(scale);
  const padding = scale === 0 ? '' : `.${zeros}`;
  const numberText = numberTextOf(precision, scale);
  return (json) => {
    if (typeof json === 'number') return numberText(json) ?? decodeRare(json, column);
    if (typeof json !== 'string') return decodeRare(json, column);
    const dot = plainDot(json);
    if (dot < 0) return decodeRare(json, column);
    // The common strings are canonical but for their padding.
    const fraction = dot === json.length ? 0 : json.length - dot - 1;
    const start = json.charCodeAt(0) === 45 ? 1 : 0;
    const whole = dot - start;
    const zeroFirst = json.charCodeAt(start) === 48 && (whole > 1 || start === 1);
    if (whole === 0 || whole > wholeDigits || fraction > scale || zeroFirst) return decodeRare(json, column);
    if (fraction === scale) return json;
    return fraction === 0 ? json + padding : json + zeros.slice(fraction);
  };
}

/** The texts of so many units are kept, once they are made: quantities and rates are few, and come again and again. */
const FEW_UNITS = 10_000;

/** The usual numbers: positive, with as many digits behind the dot as the column has, or none. */
function digitsDecoder(precision: number, scale: number): DigitsDecoder {
  const wholeDigits = precision - scale;
  const padding = scale === 0 ? '' : `.${'0'.repeat(scale)}`;
  const unit = scale <= SAFE_DIGITS ? 10 ** scale : NaN;
  const few = Math.min(FEW_UNITS, 10 ** precision);
  const texts: (string | undefined)[] = [];
  return (units, fraction, text, start, end) => {
    if ((fraction !== scale && fraction !== 0) || units < 0) return undefined;
    const count = fraction === scale ? units : units * unit;
    if (count < few) {
      // -0 is written as 0 too.
      const known = texts[count];
      if (known !== undefined) return known;
      const made = fromUnits(count, scale);
      texts[count] = made;
      return made;
    }
    const isPadded = fraction === scale;
    const whole = isPadded && scale > 0 ? end - start - scale - 1 : end - start;
    if (whole > wholeDigits) return undefined;
    return isPadded ? text.slice(start, end) : text.slice(start, end) + padding;
  };
}

/** The offset of the dot, or the length where there is none, in an optional `-`, digits, a dot and digits; else -1. */
function plainDot(text: string): number {
  let dot = -1;
  for (let at = text.charCodeAt(0) === 45 ? 1 : 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) continue;
    if (code !== 46 || dot >= 0 || at === text.length - 1) return -1;
    dot = at;
  }
  return dot < 0 ? text.length : dot;
}

/**
 * Texts of numbers that are exactly `integer / 10^scale` with at most 15 digits; undefined for all others. Two decimals
 * of so few digits never share a double, so a quotient that gives back the same double is the number as it was written.
 */
function numberTextOf(precision: number, scale: number): (value: number) => string | undefined {
  if (scale > SAFE_DIGITS) return () => undefined;
  const unit = 10 ** scale;
  const limit = 10 ** Math.min(precision, SAFE_DIGITS);
  const fractions = fractionTexts(scale);
  return (value) => {
    const scaled = Math.round(value * unit);
    const magnitude = Math.abs(scaled);
    if (!(magnitude < limit) || scaled / unit !== value) return undefined;
    // `${…}` of -0 is 0: Postgres has no negative zero.
    if (scale === 0) return `${scaled}`;
    const whole = Math.floor(magnitude / unit);
    const fraction = magnitude - whole * unit;
    const text = whole + (fractions?.[fraction] ?? `.${String(unit + fraction).slice(1)}`);
    return scaled < 0 ? `-${text}` : text;
  };
}

/** `.00` to `.99` for scale 2; only for scales where the list stays small. */
const fractionsByScale: readonly (readonly string[])[] = [1, 2, 3].map((scale) =>
  Array.from({ length: 10 ** scale }, (_, fraction) => `.${String(fraction).padStart(scale, '0')}`),
);

function fractionTexts(scale: number): readonly string[] | undefined {
  return fractionsByScale[scale - 1];
}

/** The general way: any spelling of a number, and every refusal. */
function decodeRare(json: JsonValue, { wholeDigits, scale }: Column): string | Refusal {
  const expected = `a decimal with ${atMost(wholeDigits, 'integer digit')}`;
  if (typeof json === 'number' && !Number.isFinite(json))
    return refuse('out_of_range', expected, 'a greater number');
  if (typeof json !== 'number' && typeof json !== 'string' && !isRawNumber(json)) {
    return wrongType('a decimal, as a number or a string', json);
  }
  const numeral = readNumeral(typeof json === 'object' ? json.rawJSON : String(json));
  if (numeral === undefined) {
    return refuse(
      'invalid_format',
      'a decimal in plain digits, such as "-12.50"',
      'a string of another form',
    );
  }
  const whole = integerDigits(numeral);
  if (whole > wholeDigits) return refuse('out_of_range', expected, counted(whole, 'integer digit'));
  // A numeral has no trailing zeros, so that zeros beyond the scale are harmless: nothing would be rounded away.
  const fraction = fractionDigits(numeral);
  if (fraction <= scale) return plainText(numeral, scale);
  return refuse(
    'too_precise',
    `a decimal with ${atMost(scale, 'fraction digit')}`,
    counted(fraction, 'fraction digit'),
  );
}

function parts(parameters: readonly number[]): readonly [precision: number, scale: number] {
  const [precision, scale] = parameters;
  if (precision === undefined || scale === undefined)
    throw new Error('decimal needs a precision and a scale');
  return [precision, scale];
}

/** Digits are limited where JSON Schema can tell: in strings without an exponent, and by size in numbers. */
function jsonSchema(precision: number, scale: number): Readonly<Record<string, unknown>> {
  const whole = precision - scale;
  // A double may round up to the limit where it does not hold every digit.
  const limit = 10 ** whole;
  const limits =
    precision <= SAFE_DIGITS
      ? { exclusiveMinimum: -limit, exclusiveMaximum: limit }
      : { minimum: -limit, maximum: limit };
  const wholeDigits = whole === 0 ? '0' : `(0|[1-9][0-9]{0,${whole - 1}})`;
  const fraction = scale === 0 ? '(\\.0+)?' : `(\\.[0-9]{1,${scale}}0*)?`;
  const plain = `${wholeDigits}${fraction}`;
  const scientific = '(0|[1-9][0-9]*)(\\.[0-9]+)?[eE][+-]?[0-9]+';
  return {
    anyOf: [
      { type: 'number', ...limits },
      { type: 'string', pattern: `^-?(${plain}|${scientific})$` },
    ],
  };
}

export const decimal: ColumnType = {
  name: 'decimal',
  doc:
    'An exact number of p digits, s of them after the point: `decimal(15, 2)` for money. JSON may give it as a ' +
    'number or as a string; what has more fraction digits is refused, never rounded.',
  parameters: [
    { name: 'precision', min: 1, max: 1000 },
    { name: 'scale', min: 0, max: 1000 },
  ],
  parametersRequired: true,
  checkParameters: (parameters) => {
    const [precision, scale] = parts(parameters);
    return scale <= precision ? undefined : `the scale ${scale} is greater than the precision ${precision}`;
  },
  literal: 'digits',
  decoder: (parameters) => decoder(...parts(parameters)),
  digitsDecoder: (parameters) => digitsDecoder(...parts(parameters)),
  toText: (value) => value as string,
  bare: true,
  toJson: (value) => value,
  compare: (left, right) => compare(left as string, right as string),
  key: true,
  typescript: 'string | number',
  jsonSchema: ([precision = 0, scale = 0]) => jsonSchema(precision, scale),
  examples: {
    accepted: [
      { json: '17', text: '17.00', parameters: [15, 2] },
      { json: '24710.35', text: '24710.35', parameters: [15, 2] },
      { json: '-0.5', text: '-0.50', parameters: [15, 2] },
      { json: '0.29', text: '0.29', parameters: [15, 2] },
      { json: '1.10', text: '1.10', parameters: [15, 2] },
      { json: '"24710.35"', text: '24710.35', parameters: [15, 2] },
      { json: '"17"', text: '17.00', parameters: [15, 2] },
      { json: '"17.5"', text: '17.50', parameters: [15, 2] },
      { json: '"17.5000000"', text: '17.50', parameters: [15, 2] },
      { json: '-0', text: '0.00', parameters: [15, 2] },
      { json: '"-0.00"', text: '0.00', parameters: [15, 2] },
      { json: '1e3', text: '1000.00', parameters: [15, 2] },
      { json: '"1.5E+2"', text: '150.00', parameters: [15, 2] },
      { json: '12345678901234567890.12', text: '12345678901234567890.12', parameters: [22, 2] },
      { json: '0.1', text: '0.1000000000000000000000', parameters: [30, 22] },
      { json: '9999999999999.99', text: '9999999999999.99', parameters: [15, 2] },
      { json: '7', text: '7', parameters: [3, 0] },
      { json: '0.999', text: '0.999', parameters: [3, 3] },
    ],
    rejected: [
      { json: '1.005', code: 'too_precise', parameters: [15, 2] },
      { json: '"1.005"', code: 'too_precise', parameters: [15, 2] },
      { json: '0.3000000000000000001', code: 'too_precise', parameters: [15, 2] },
      { json: '1e-3', code: 'too_precise', parameters: [15, 2] },
      { json: '1e-400', code: 'too_precise', parameters: [15, 2] },
      { json: '0.5', code: 'too_precise', parameters: [3, 0] },
      { json: '10000000000000', code: 'out_of_range', parameters: [15, 2] },
      { json: '"10000000000000.00"', code: 'out_of_range', parameters: [15, 2] },
      { json: '1', code: 'out_of_range', parameters: [3, 3] },
      { json: '1e400', code: 'out_of_range', parameters: [15, 2] },
      { json: '"1e999999999999"', code: 'out_of_range', parameters: [15, 2] },
      { json: '"NaN"', code: 'invalid_format', parameters: [15, 2] },
      { json: '"Infinity"', code: 'invalid_format', parameters: [15, 2] },
      { json: '"1,5"', code: 'invalid_format', parameters: [15, 2] },
      { json: '"+1"', code: 'invalid_format', parameters: [15, 2] },
      { json: '" 1"', code: 'invalid_format', parameters: [15, 2] },
      { json: '"007"', code: 'invalid_format', parameters: [15, 2] },
      { json: '"1."', code: 'invalid_format', parameters: [15, 2] },
      { json: '".5"', code: 'invalid_format', parameters: [15, 2] },
      { json: '"-"', code: 'invalid_format', parameters: [15, 2] },
      { json: '""', code: 'invalid_format', parameters: [15, 2] },
      { json: '"0x1F"', code: 'invalid_format', parameters: [15, 2] },
      { json: 'true', code: 'wrong_type', parameters: [15, 2] },
      { json: '{"rawJSON":"1"}', code: 'wrong_type', parameters: [15, 2] },
    ],
  },
};
