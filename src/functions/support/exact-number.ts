import { fractionDigits, plainText, readNumeral } from '../../types/numeral.ts';
import type { Value } from '../../types/value.ts';
import { problem, type Argument, type Problem } from '../function.ts';
import { decimalOf, digitsOf, MAX_PRECISION, scalarName, type Digits, type ValueType } from './value-type.ts';

/** A number of any type as the text of an exact decimal; a float as the shortest number that reads back as the same. */
export function exactText(type: ValueType | undefined): (value: Value) => string {
  if (scalarName(type) !== 'float') return String;
  return (value) => {
    const numeral = readNumeral(String(value));
    if (numeral === undefined) throw new Error('a float prints as no number');
    return plainText(numeral, fractionDigits(numeral));
  };
}

/** The decimal type with this many digits, or the problem if there is no such type. */
export function decimalWithin(digits: Digits, argument: number): ValueType | Problem {
  if (digits.whole + digits.scale <= MAX_PRECISION) return decimalOf(digits);
  const room = MAX_PRECISION - digits.whole;
  return problem(
    argument,
    `the result would need ${digits.whole + digits.scale} digits, a decimal has at most ${MAX_PRECISION}`,
    room >= 0 ? `at most ${room} fraction digits fit here` : undefined,
  );
}

/** A scale that is written out, from 0 on; 0 where it is left out. */
export function scaleIn(scale: Argument | undefined, argument: number): number | Problem {
  if (scale === undefined) return 0;
  const written = Number(scale.literal);
  return written >= 0 && written <= MAX_PRECISION
    ? written
    : problem(argument, `a scale is the number of digits after the point, from 0 to ${MAX_PRECISION}`);
}

/** The most digits before the point once digits behind it are rounded away: 9.9 becomes 10. */
export function roundedDigits(type: ValueType | undefined, scale: number): Digits {
  const digits = digitsOf(type);
  return { whole: digits.whole + (scale < digits.scale ? 1 : 0), scale };
}
