import type { Output } from './output.ts';

const DAY_SECONDS = 86_400;
const TWO_32 = 4_294_967_296;

/** Days from 2000-01-01 to the day that begins the text: `1996-01-02…`, years 0001 to 9999. */
export function daysSince2000(text: string): number {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  // Counted in years that begin in March, so that a leap day is the last of its year.
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leaps + Math.floor((153 * m + 2) / 5) + day - 1 - 730_425;
}

/**
 * Puts the microseconds since 2000-01-01T00:00:00Z of a day and the clock `10:30:00`, `10:30:00.25` at `start` of the text; what
 * stands behind it is not read. The length of the element is put already.
 */
export function putMicroseconds(output: Output, days: number, text: string, start: number): void {
  const clock =
    digits(text, start, start + 2) * 3600 +
    digits(text, start + 3, start + 5) * 60 +
    digits(text, start + 6, start + 8);
  const fraction = text.charCodeAt(start + 8) === 46 ? microseconds(text, start + 9) : 0;
  const total = (days * DAY_SECONDS + clock) * 1e6 + fraction;
  const { view, at } = output;
  if (Number.isSafeInteger(total)) {
    const high = Math.floor(total / TWO_32);
    view.setInt32(at, high);
    view.setUint32(at + 4, total - high * TWO_32);
  } else {
    // Before 1714 or after 2285.
    view.setBigInt64(at, BigInt(days * DAY_SECONDS + clock) * 1_000_000n + BigInt(fraction));
  }
  output.at += 8;
}

/** Up to six digits of a fraction of a second. */
function microseconds(text: string, start: number): number {
  let value = 0;
  let unit = 100_000;
  for (let at = start; unit >= 1; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value += digit * unit;
    unit /= 10;
  }
  return value;
}

function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (text.charCodeAt(at) - 48);
  return value;
}
