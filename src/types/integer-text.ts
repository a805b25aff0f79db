import { fractionDigits, integerDigits, plainText, readNumeral } from './numeral.ts';
import { counted, wrongType } from './found.ts';
import { isRawNumber } from './raw-number.ts';
import { type JsonValue, type Refusal, refuse } from './value.ts';

/** Whether the text is an optional `-` and digits without a needless leading zero. */
export function isIntegerText(text: string): boolean {
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  if (text.length === start) return false;
  if (text.charCodeAt(start) === 48 && text.length > start + 1) return false;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** An inclusive range of integers and how it is named to people. */
export interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
  /** Digits of the longest number in it. */
  readonly digits: number;
  readonly expected: string;
}

/** The exact integer that any JSON number or string of digits stands for: the general way, for rare input. */
export function readInteger(json: JsonValue, range: IntegerRange): bigint | Refusal {
  const { expected } = range;
  let source: string;
  if (typeof json === 'number') {
    if (!Number.isFinite(json)) return refuse('out_of_range', expected, 'a greater number');
    source = String(json);
  } else if (typeof json === 'string') {
    if (!isIntegerText(json))
      return refuse('invalid_format', expected, 'a string that is not a whole number in plain digits');
    source = json;
  } else if (isRawNumber(json)) source = json.rawJSON;
  else return wrongType(expected, json);

  // A number that JavaScript prints with an exponent has the spelling of JSON, `1e+21`.
  const numeral = readNumeral(source);
  if (numeral === undefined) return wrongType(expected, json);
  const fraction = fractionDigits(numeral);
  if (fraction > 0)
    return refuse('too_precise', expected, `a number with ${counted(fraction, 'fraction digit')}`);
  // Digits first: what has too many must not become a BigInt.
  if (integerDigits(numeral) <= range.digits) {
    const integer = BigInt(plainText(numeral, 0));
    if (integer >= range.min && integer <= range.max) return integer;
  }
  return refuse('out_of_range', expected, numeral.negative ? 'a smaller number' : 'a greater number');
}
