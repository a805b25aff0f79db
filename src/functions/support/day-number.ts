import { dateText } from '../../types/calendar.ts';

/** Days of the Gregorian calendar, counted from 1970-01-01; the years of the type `date`, 0001 to 9999. */

const FIRST = dayNumber('0001-01-01');
const LAST = dayNumber('9999-12-31');

/** Counts from March on, so that a leap day ends its year: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
export function dayNumber(date: string): number {
  const month = Number(date.slice(5, 7));
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const ofEra = year - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + Number(date.slice(8, 10)) - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** The date of a day; undefined outside the years of the type. */
export function dateOfDay(day: number): string | undefined {
  if (!(day >= FIRST && day <= LAST)) return undefined;
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const ofMonth = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const calendarYear = year + era * 400 + (month <= 2 ? 1 : 0);
  return dateText(calendarYear * 10_000 + month * 100 + ofMonth);
}

/** From Monday, 1, to Sunday, 7. */
export function isoWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}
