/**
 * Exact arithmetic on canonical decimals: an optional `-`, digits without needless leading zeros, and where the scale
 * is not 0 a dot and as many digits as the scale says; zero has no sign. Results are canonical, with the scale that
 * Postgres gives its `numeric`. Each operation has a fast way over doubles where these are exact, and one over BigInt.
 */

/** A text of at most this length has at most 15 digits where it has a dot: a safe integer in any case. */
const SHORT = 15;

const POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** The number of digits behind the dot. */
export function scaleOf(value: string): number {
  const dot = value.indexOf('.');
  return dot < 0 ? 0 : value.length - dot - 1;
}

export function add(left: string, right: string): string {
  const leftScale = scaleOf(left);
  const rightScale = scaleOf(right);
  const scale = Math.max(leftScale, rightScale);
  const sum = shortUnits(left, scale - leftScale) + shortUnits(right, scale - rightScale);
  if (Number.isSafeInteger(sum)) return fromUnits(sum, scale);
  return fromUnits(units(left, scale - leftScale) + units(right, scale - rightScale), scale);
}

export function subtract(left: string, right: string): string {
  return add(left, negate(right));
}

export function multiply(left: string, right: string): string {
  const scale = scaleOf(left) + scaleOf(right);
  const product = shortUnits(left, 0) * shortUnits(right, 0);
  if (Number.isSafeInteger(product)) return fromUnits(product, scale);
  return fromUnits(units(left, 0) * units(right, 0), scale);
}

export function negate(value: string): string {
  if (value.charCodeAt(0) === 45) return value.slice(1);
  return isZero(value) ? value : `-${value}`;
}

/** Negative, 0 or positive; the scale does not count, `1.0` and `1` are equal. */
export function compare(left: string, right: string): number {
  if (left === right) return 0;
  // Decimals of at most 15 digits never share a double, and doubles keep their order.
  if (left.length <= SHORT && right.length <= SHORT) return Number(left) - Number(right);
  const scale = Math.max(scaleOf(left), scaleOf(right));
  const difference = units(left, scale - scaleOf(left)) - units(right, scale - scaleOf(right));
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The quotient rounded to `scale` digits, half away from zero; undefined for division by zero. */
export function divide(left: string, right: string, scale: number): string | undefined {
  if (isZero(right)) return undefined;
  const shift = scale + scaleOf(right) - scaleOf(left);
  const dividend = units(left, Math.max(shift, 0));
  const divisor = units(right, Math.max(-shift, 0));
  return fromUnits(roundedQuotient(dividend, divisor), scale);
}

/** What whole division leaves, with the sign of the dividend; undefined for division by zero. */
export function remainder(left: string, right: string): string | undefined {
  if (isZero(right)) return undefined;
  const leftScale = scaleOf(left);
  const rightScale = scaleOf(right);
  const scale = Math.max(leftScale, rightScale);
  const rest = shortUnits(left, scale - leftScale) % shortUnits(right, scale - rightScale);
  if (Number.isSafeInteger(rest)) return fromUnits(rest, scale);
  return fromUnits(units(left, scale - leftScale) % units(right, scale - rightScale), scale);
}

/** Rounded half away from zero to `scale` digits, or padded to it; a negative scale rounds to tens, hundreds, … */
export function round(value: string, scale: number): string {
  const drop = scaleOf(value) - scale;
  if (drop <= 0) return padded(value, -drop);
  const rounded = roundedQuotient(units(value, 0), 10n ** BigInt(drop));
  return scale >= 0 ? fromUnits(rounded, scale) : fromUnits(rounded * 10n ** BigInt(-scale), 0);
}

/** Whether a column `numeric(precision, scale)` holds the value without rounding; trailing zeros do not count. */
export function fits(value: string, precision: number, scale: number): boolean {
  const start = value.charCodeAt(0) === 45 ? 1 : 0;
  const dot = value.indexOf('.');
  const end = dot < 0 ? value.length : dot;
  const whole = value.charCodeAt(start) === 48 ? 0 : end - start;
  if (whole > precision - scale) return false;
  for (let at = end + 1 + scale; at < value.length; at++) {
    if (value.charCodeAt(at) !== 48) return false;
  }
  return true;
}

/** The same value with another scale. Dropping a digit other than 0 is a bug of the caller: see `fits`, `round`. */
export function withScale(value: string, scale: number): string {
  const drop = scaleOf(value) - scale;
  if (drop <= 0) return padded(value, -drop);
  const end = value.length - drop;
  for (let at = end; at < value.length; at++) {
    if (value.charCodeAt(at) !== 48) throw new RangeError(`scale ${scale} would lose digits`);
  }
  return scale === 0 ? value.slice(0, end - 1) : value.slice(0, end);
}

function padded(value: string, zeros: number): string {
  if (zeros === 0) return value;
  return (value.includes('.') ? value : `${value}.`) + '0'.repeat(zeros);
}

function isZero(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code >= 49 && code <= 57) return false;
  }
  return true;
}

/** The value in units of its last digit, times `10^shift`; NaN where a double might not hold that exactly. */
function shortUnits(value: string, shift: number): number {
  if (value.length > SHORT || shift > SHORT) return NaN;
  const negative = value.charCodeAt(0) === 45;
  let whole = 0;
  for (let at = negative ? 1 : 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code !== 46) whole = whole * 10 + code - 48;
  }
  const shifted = whole * (POWERS[shift] ?? NaN);
  if (shifted > Number.MAX_SAFE_INTEGER) return NaN;
  return negative ? -shifted : shifted;
}

/** As `shortUnits`, for any value. */
export function units(value: string, shift: number): bigint {
  const whole = BigInt(value.replace('.', ''));
  return shift === 0 ? whole : whole * 10n ** BigInt(shift);
}

/** Canonical text of so many units of `10^-scale`. */
export function fromUnits(count: number | bigint, scale: number): string {
  // `String` gives 0 for -0.
  if (scale === 0) return String(count);
  return typeof count === 'number' && scale <= 9 ? fromFewUnits(count, scale) : fromManyUnits(count, scale);
}

/** Two small numbers are written faster than one great one. */
function fromFewUnits(count: number, scale: number): string {
  const unit = POWERS[scale] ?? NaN;
  const magnitude = Math.abs(count);
  let whole = Math.floor(magnitude / unit);
  let fraction = magnitude - whole * unit;
  // The quotient of a great number may have been rounded up to the next whole one.
  if (fraction < 0) {
    whole -= 1;
    fraction += unit;
  }
  const text = `${whole}.${fractionText(fraction, unit, scale)}`;
  return count < 0 ? `-${text}` : text;
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** Digits of the usual scales are looked up, which is faster than making a text of a number. */
function fractionText(fraction: number, unit: number, scale: number): string {
  if (scale === 2) return TWO_DIGITS[fraction] as string;
  if (scale !== 4) return String(unit + fraction).slice(1);
  const first = Math.floor(fraction / 100);
  return `${TWO_DIGITS[first]}${TWO_DIGITS[fraction - first * 100]}`;
}

function fromManyUnits(count: number | bigint, scale: number): string {
  const negative = count < 0;
  let digits = String(count);
  if (negative) digits = digits.slice(1);
  if (digits.length <= scale) digits = digits.padStart(scale + 1, '0');
  const dot = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, dot)}.${digits.slice(dot)}`;
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const rest = dividend % divisor;
  if (magnitude(rest) * 2n < magnitude(divisor)) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
