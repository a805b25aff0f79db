import { closest } from '../diagnostics/suggest.ts';
import { dateOfDay, dayNumber, isoWeekday } from './day-number.ts';
import { problem, resolved, type FunctionDefinition } from './function.ts';
import { aDateOrTime, aText } from './pattern.ts';
import { BIGINT, INT, scalarName } from './value-type.ts';

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

function secondsSinceEpoch(moment: string): bigint {
  const [hour = 0, minute = 0, second = 0] = [11, 14, 17].map((at) => Number(moment.slice(at, at + 2)));
  return BigInt(dayNumber(moment) * 86_400 + hour * 3600 + minute * 60 + second);
}

export const datePart: FunctionDefinition = {
  name: 'date_part',
  group: 'dates',
  doc: `One part of a date, a time or a moment in UTC, as a whole number, with Postgres' names: of a day \`year quarter month
week day isoyear dow isodow doy\`, of a time \`hour minute second\`, of a moment all of these and \`epoch\`, the seconds since
1970. \`week\` and \`isoyear\` are those of ISO 8601; \`dow\` counts from Sunday, 0, \`isodow\` from Monday, 1; seconds are whole.`,
  parameters: [
    { name: 'part', takes: aText, literal: true },
    { name: 'date', takes: aDateOrTime },
  ],
  returns: 'int',
  resolve: ([part, date]) => {
    const name = String(part?.literal);
    const type = scalarName(date?.type);
    const day = Object.hasOwn(DAY_PARTS, name) && type !== 'time' ? DAY_PARTS[name] : undefined;
    if (day !== undefined) return resolved(INT, (_: string, value: string) => day(value));
    const clock = Object.hasOwn(CLOCK_PARTS, name) && type !== 'date' ? CLOCK_PARTS[name] : undefined;
    const start = type === 'time' ? 0 : 11;
    if (clock !== undefined)
      return resolved(INT, (_: string, value: string) => clock(value.slice(start, start + 8)));
    if (name === 'epoch' && type === 'timestamp')
      return resolved(BIGINT, (_: string, value: string) => secondsSinceEpoch(value));
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
      call: 'date_part("epoch", at)',
      fields: 'at: timestamp',
      message: '{"at": "2024-01-31T10:30:00Z"}',
      gives: '1706697000',
    },
  ],
};
