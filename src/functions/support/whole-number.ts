import { scaleOf, subtract } from '../../types/decimal-arithmetic.ts';

/** The greatest whole number that is not greater than a canonical decimal. */
export function floorOf(decimal: string): string {
  const scale = scaleOf(decimal);
  if (scale === 0) return decimal;
  const cut = decimal.slice(0, decimal.length - scale - 1);
  if (!decimal.startsWith('-')) return cut;
  const whole = cut === '-0' ? '0' : cut;
  return /[1-9]/.test(decimal.slice(-scale)) ? subtract(whole, '1') : whole;
}
