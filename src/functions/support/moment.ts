import { clockText } from '../../types/calendar.ts';
import { dateOfDay, dayNumber } from './day-number.ts';

const DAY = 86_400;

/** Whole seconds since 1970 of a timestamp's text, `2024-01-31T10:30:00.5Z`. */
export function secondsOf(moment: string): number {
  const [hour = 0, minute = 0, second = 0] = [11, 14, 17].map((at) => Number(moment.slice(at, at + 2)));
  return dayNumber(moment) * DAY + hour * 3600 + minute * 60 + second;
}

/** Adds seconds and keeps the fraction of a second. Undefined outside of the years 0001 to 9999. */
export function shifted(moment: string, seconds: number): string | undefined {
  const total = secondsOf(moment) + seconds;
  const day = Math.floor(total / DAY);
  const date = dateOfDay(day);
  return date === undefined ? undefined : `${date}T${clockText(total - day * DAY)}${moment.slice(19)}`;
}
