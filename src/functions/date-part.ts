import { closest } from '../diagnostics/suggest.ts';
import type { Value } from '../types/value.ts';
import { dateOfDay, dayNumber, isoWeekday } from './support/day-number.ts';
import { noResult } from './support/no-result.ts';
import { problem, resolved, type FunctionDefinition } from './function.ts';
import { secondsOf } from './support/moment.ts';
import { aDateOrTime, aText } from './support/pattern.ts';
import { localTime, timeZoneIn, type TimeZone } from './support/time-zone.ts';
import { BIGINT, INT, scalarName } from './support/value-type.ts';

/** The Thursday of a day's week, which is in the year that the week belongs to. */
function thursday(date: string): number {
  const day = dayNumber(date);
  return day + 4 - isoWeekday(day);
}

const firstOfYear = (date: string): number => dayNumber(`${date.slice(0, 4)}-01-01`);

/** The year of a week may be 10000, or 0, where `dateOfDay` knows none. */
function isoYear(date: string): number {
  const year = Number(date.slice(0, 4));
  const day = thursday(date);
  const known = dateOfDay(day);
  if (known !== undefined) return Number(known.slice(0, 4));
  return day > dayNumber(date) ? year + 1 : year - 1;
}

function isoWeek(date: string): number {
  const day = thursday(date);
  const year = String(isoYear(date)).padStart(4, '0');
  return Math.floor((day - dayNumber(`${year}-01-01`)) / 7) + 1;
}

/** Parts of a day, from its date. */
const DAY_PARTS: Readonly<Record<string, (date: string) => number>> = {
  year: (date) => Number(date.slice(0, 4)),
  quarter: (date) => Math.ceil(Number(date.slice(5, 7)) / 3),
  month: (date) => Number(date.slice(5, 7)),
  week: isoWeek,
  day: (date) => Number(date.slice(8, 10)),
  isoyear: isoYear,
  dow: (date) => isoWeekday(dayNumber(date)) % 7,
  isodow: (date) => isoWeekday(dayNumber(date)),
  doy: (date) => dayNumber(date) - firstOfYear(date) + 1,
};

/** Parts of a time of day, from the eight characters of its clock. */
const CLOCK_PARTS: Readonly<Record<string, (clock: string) => number>> = {
  hour: (clock) => Number(clock.slice(0, 2)),
  minute: (clock) => Number(clock.slice(3, 5)),
  second: (clock) => Number(clock.slice(6, 8)),
};

type Part = (value: string) => Value;

/** The part by its name of a value of a type that has it. */
function partOf(name: string, type: string | undefined): Part | undefined {
  if (type !== 'time' && Object.hasOwn(DAY_PARTS, name)) return DAY_PARTS[name];
  if (name === 'epoch' && type === 'timestamp') return (moment) => BigInt(secondsOf(moment));
  const clock = type !== 'date' && Object.hasOwn(CLOCK_PARTS, name) ? CLOCK_PARTS[name] : undefined;
  if (clock === undefined) return undefined;
  const start = type === 'time' ? 0 : 11;
  return (value) => clock(value.slice(start, start + 8));
}

/** Seconds since 1970 are the same everywhere; every other part is what a clock shows. */
function inZone(part: Part, zone: TimeZone | undefined) {
  if (zone === undefined) return (_: string, value: string) => part(value);
  return (_: string, value: string) => {
    const local = localTime(value, zone);
    return local === undefined ? OUTSIDE : part(local);
  };
}

const OUTSIDE = noResult('the moment is there not in the years 0001 to 9999');

export const datePart: FunctionDefinition = {
  name: 'date_part',
  group: 'dates',
  doc: `One part of a date, a time or a timestamp in UTC, as a whole number. The names are those of Postgres. A date has \`year quarter
month week day isoyear dow isodow doy\`. A time has \`hour minute second\`. A timestamp has all of these and \`epoch\`, the seconds
since 1970. With a time zone, such as \`"Europe/Berlin"\`, it is the part in that zone. \`week\` and \`isoyear\` are those of ISO 8601.
\`dow\` counts from Sunday, 0. \`isodow\` counts from Monday, 1. Seconds are whole.`,
  parameters: [
    { name: 'part', takes: aText, literal: true },
    { name: 'date', takes: aDateOrTime },
    { name: 'zone', takes: aText, optional: true, literal: true },
  ],
  returns: 'int',
  fails: 'the moment is in the time zone not in the years 0001 to 9999',
  resolve: ([part, date, zone]) => {
    const name = String(part?.literal);
    const type = scalarName(date?.type);
    if (zone !== undefined && type !== 'timestamp')
      return problem(2, `a ${type} is in no time zone`, 'only a timestamp is a moment');
    const meant = zone === undefined ? undefined : timeZoneIn(zone, 2);
    if (meant?.kind === 'problem') return meant;
    const run = partOf(name, type);
    if (run !== undefined && name === 'epoch') return resolved(BIGINT, inZone(run, undefined));
    if (run !== undefined) return resolved(INT, inZone(run, meant));
    const known = [
      ...(type === 'time' ? [] : Object.keys(DAY_PARTS)),
      ...(type === 'date' ? [] : Object.keys(CLOCK_PARTS)),
      ...(type === 'timestamp' ? ['epoch'] : []),
    ];
    const near = closest(name, known);
    return problem(
      0,
      `a ${type} has no part \`${name}\``,
      near === undefined ? `it has ${known.join(', ')}` : `did you mean \`${near}\`?`,
    );
  },
  examples: [
    { call: 'date_part("year", at)', fields: 'at: date', message: '{"at": "2024-12-30"}', gives: 2024 },
    { call: 'date_part("week", at)', fields: 'at: date', message: '{"at": "2024-12-30"}', gives: 1 },
    { call: 'date_part("isoyear", at)', fields: 'at: date', message: '{"at": "2024-12-30"}', gives: 2025 },
    { call: 'date_part("dow", at)', fields: 'at: date', message: '{"at": "2024-12-29"}', gives: 0 },
    { call: 'date_part("minute", at)', fields: 'at: time', message: '{"at": "10:30:59.9"}', gives: 30 },
    {
      call: 'date_part("hour", at)',
      fields: 'at: timestamp',
      message: '{"at": "2024-01-31T00:30:00+02:00"}',
      gives: 22,
    },
    {
      call: 'date_part("hour", at, "America/New_York")',
      fields: 'at: timestamp',
      message: '{"at": "2024-01-31T00:30:00Z"}',
      gives: 19,
    },
    {
      call: 'date_part("year", at, "Asia/Tokyo")',
      fields: 'at: timestamp',
      message: '{"at": "9999-12-31T20:00:00Z"}',
      gives: { rejected: 'the moment is there not in the years 0001 to 9999' },
    },
    {
      call: 'date_part("epoch", at)',
      fields: 'at: timestamp',
      message: '{"at": "2024-01-31T10:30:00Z"}',
      gives: '1706697000',
    },
  ],
};
