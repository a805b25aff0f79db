/**
 * The exact value of a decimal number as written: `0.digits × 10^point`, negated where `negative`. Digits have no
 * zeros at either end, so that equal values have equal numerals; zero has no digits, point 0, and is never negative.
 */
export interface Numeral {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

const ZERO: Numeral = { negative: false, digits: '', point: 0 };

/** Past this no type holds the number, and adding it to a length stays exact. */
const EXPONENT_CAP = 1_000_000_000;

/** Reads a number in JSON's grammar; undefined for any other text. Never expands an exponent. */
export function readNumeral(text: string): Numeral | undefined {
  let at = 0;
  const negative = text.charCodeAt(0) === 45;
  if (negative) at = 1;

  const wholeStart = at;
  while (isDigit(text, at)) at++;
  const wholeEnd = at;
  if (wholeEnd === wholeStart) return undefined;
  if (wholeEnd - wholeStart > 1 && text.charCodeAt(wholeStart) === 48) return undefined;

  let fraction = '';
  if (text.charCodeAt(at) === 46) {
    const fractionStart = ++at;
    while (isDigit(text, at)) at++;
    if (at === fractionStart) return undefined;
    fraction = text.slice(fractionStart, at);
  }

  let exponent = 0;
  if ((text.charCodeAt(at) | 32) === 101) {
    const sign = text.charCodeAt(++at);
    if (sign === 43 || sign === 45) at++;
    const exponentStart = at;
    for (; isDigit(text, at); at++)
      exponent = Math.min(exponent * 10 + text.charCodeAt(at) - 48, EXPONENT_CAP);
    if (at === exponentStart) return undefined;
    if (sign === 45) exponent = -exponent;
  }
  if (at !== text.length) return undefined;

  return normal(negative, text.slice(wholeStart, wholeEnd) + fraction, wholeEnd - wholeStart + exponent);
}

function normal(negative: boolean, digits: string, point: number): Numeral {
  let start = 0;
  while (digits.charCodeAt(start) === 48) start++;
  if (start === digits.length) return ZERO;
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return { negative, digits: digits.slice(start, end), point: point - start };
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Digits before the decimal point, 0 for a number under 1. */
export function integerDigits(numeral: Numeral): number {
  return Math.max(numeral.point, 0);
}

/** Digits behind the decimal point, trailing zeros left out. */
export function fractionDigits(numeral: Numeral): number {
  return Math.max(numeral.digits.length - numeral.point, 0);
}

/** Whether both texts are the same number; false where one is none. */
export function sameNumber(left: string, right: string): boolean {
  const a = readNumeral(left);
  const b = readNumeral(right);
  if (a === undefined || b === undefined) return false;
  return a.digits === b.digits && a.point === b.point && a.negative === b.negative;
}

/**
 * The number without an exponent and with exactly `scale` fraction digits, as Postgres prints a `numeric`.
 * The caller has made sure that `scale` loses no digit and that the length is bounded.
 */
export function plainText(numeral: Numeral, scale: number): string {
  const { digits, point } = numeral;
  const sign = numeral.negative ? '-' : '';
  const whole = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  if (scale === 0) return sign + whole;
  const fraction = point <= 0 ? '0'.repeat(Math.min(-point, scale)) + digits : digits.slice(point);
  return `${sign}${whole}.${fraction.padEnd(scale, '0')}`;
}
