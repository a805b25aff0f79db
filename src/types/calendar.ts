/**
 * Dates and times of day as ISO 8601 writes them, read by character code: the results are plain numbers, so that
 * reading allocates nothing. A negative result is one of these two.
 */
export const MALFORMED = -1;
/** The right form, but no such day or time: 30 February, 24:00, a leap second. */
export const IMPOSSIBLE = -2;

/** What no text of a given form has; NaN so that sums and comparisons with it fail. */
const NO_NUMBER = NaN;

/** Two digits at an offset as a number, NaN where they are none. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_NUMBER;
}

/** `1996-01-02` at an offset as the number 19960102; years 0001 to 9999. */
export function readDate(text: string, at: number): number {
  const year = pair(text, at) * 100 + pair(text, at + 2);
  const month = pair(text, at + 5);
  const day = pair(text, at + 8);
  const dashes = text.charCodeAt(at + 4) === 45 && text.charCodeAt(at + 7) === 45;
  if (!dashes || !(year + month + day >= 0)) return MALFORMED;
  if (year === 0 || month === 0 || month > 12 || day === 0 || day > daysInMonth(year, month))
    return IMPOSSIBLE;
  return year * 10000 + month * 100 + day;
}

/** `10:30:59` at an offset as seconds since midnight. */
export function readClock(text: string, at: number): number {
  const hour = pair(text, at);
  const minute = pair(text, at + 3);
  const second = pair(text, at + 6);
  const colons = text.charCodeAt(at + 2) === 58 && text.charCodeAt(at + 5) === 58;
  if (!colons || !(hour + minute + second >= 0)) return MALFORMED;
  if (hour > 23 || minute > 59 || second > 59) return IMPOSSIBLE;
  return hour * 3600 + minute * 60 + second;
}

/** `+02:00` or `-05:30`, the rest of the text from an offset, as minutes east plus 1440, so that it is never negative. */
export function readOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  const hours = pair(text, at + 1);
  const minutes = pair(text, at + 4);
  const form = (sign === 43 || sign === 45) && text.charCodeAt(at + 3) === 58 && text.length === at + 6;
  if (!form || !(hours + minutes >= 0)) return MALFORMED;
  if (hours > 23 || minutes > 59) return IMPOSSIBLE;
  const east = hours * 60 + minutes;
  return 1440 + (sign === 43 ? east : -east);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The day after or before a date as `readDate` gives it; undefined outside the years 0001 to 9999. */
export function neighbourDay(date: number, step: 1 | -1): number | undefined {
  let year = Math.floor(date / 10000);
  let month = Math.floor(date / 100) % 100;
  let day = (date % 100) + step;
  if (day === 0) {
    month--;
    if (month === 0) {
      year--;
      month = 12;
    }
    day = daysInMonth(year, month);
  } else if (day > daysInMonth(year, month)) {
    day = 1;
    month++;
    if (month === 13) {
      year++;
      month = 1;
    }
  }
  return year < 1 || year > 9999 ? undefined : year * 10000 + month * 100 + day;
}

/** `19960102` as `1996-01-02`. */
export function dateText(date: number): string {
  const digits = String(date).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

/** Seconds since midnight as `10:30:59`. */
export function clockText(seconds: number): string {
  const hour = twoDigits(Math.floor(seconds / 3600));
  const minute = twoDigits(Math.floor(seconds / 60) % 60);
  return `${hour}:${minute}:${twoDigits(seconds % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
