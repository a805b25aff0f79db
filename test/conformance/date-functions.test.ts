import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dateOfDay, dayNumber } from '../../src/functions/support/day-number.ts';
import type { Value } from '../../src/types/value.ts';
import { runOf } from '../functions/run.ts';

const client = new Client({ connectionString: inject('databaseUrl') });

beforeAll(async () => {
  await client.connect();
  await client.query(`SET TimeZone = 'UTC'`);
});
afterAll(() => client.end());

const FIRST = dayNumber('0001-01-01');
const LAST = dayNumber('9999-12-31');

/** Fixed seeds, so that a failure can be seen again. */
const days = fc.sample(
  fc.oneof(
    fc.integer({ min: FIRST, max: LAST }),
    fc.constantFrom(FIRST, FIRST + 1, LAST - 1, LAST, -1, 0, 59),
  ),
  { numRuns: 10_000, seed: 1 },
);
const dates = days.map((day) => dateOfDay(day) ?? '');
const clocks = fc
  .sample(fc.nat(86_399), { numRuns: dates.length, seed: 2 })
  .map((second) =>
    [second / 3600, (second / 60) % 60, second % 60]
      .map((part) => String(Math.floor(part)).padStart(2, '0'))
      .join(':'),
  );
const moments = dates.map((date, at) => `${date}T${clocks[at] ?? ''}${at % 3 === 0 ? '.75' : ''}Z`);
const steps = fc.sample(fc.integer({ min: -800_000, max: 800_000 }), { numRuns: dates.length, seed: 3 });

async function inPostgres(expression: string): Promise<readonly (string | null)[]> {
  const { rows } = await client.query<{ result: string | null }>(
    `SELECT (${expression})::text AS result
     FROM unnest($1::date[], $2::timestamptz[], $3::time[], $4::integer[])
       WITH ORDINALITY AS given (d, t, c, n, position)
     ORDER BY position`,
    [dates, moments, clocks, steps],
  );
  return rows.map((row) => row.result);
}

const here = (
  compute: (date: string, moment: string, clock: string, step: number) => Value,
): readonly string[] =>
  dates.map((date, at) => String(compute(date, moments[at] ?? '', clocks[at] ?? '', steps[at] ?? 0)));

test('every day of the calendar has its number, and the number its day', async () => {
  expect(dates).toEqual(await inPostgres('d'));
  expect(dates.map((date) => String(dayNumber(date)))).toEqual(await inPostgres(`d - '1970-01-01'::date`));
});

test('add_days gives the day of Postgres, and rejects what is outside the years of a date', async () => {
  const addDays = runOf('add_days', 'date', 'int');
  const wanted = await inPostgres(
    `CASE WHEN d + n BETWEEN '0001-01-01' AND '9999-12-31' THEN (d + n)::text ELSE 'failed' END`,
  );
  expect(wanted).toContain('failed');
  expect(here((date, _, __, step) => addDays(date, step))).toEqual(wanted);
});

test('date_of is the day in UTC', async () => {
  const dateOf = runOf('date_of', 'timestamp');
  expect(here((_, moment) => dateOf(moment))).toEqual(await inPostgres('t::date'));
});

test.each(['year', 'quarter', 'month', 'week', 'day', 'isoyear', 'dow', 'isodow', 'doy'])(
  'date_part gives the %s of Postgres',
  async (part) => {
    const ofDate = runOf('date_part', `text "${part}"`, 'date');
    const ofMoment = runOf('date_part', `text "${part}"`, 'timestamp');
    const wanted = await inPostgres(`extract(${part} FROM d)`);
    expect(here((date) => ofDate(part, date))).toEqual(wanted);
    expect(here((_, moment) => ofMoment(part, moment))).toEqual(wanted);
  },
);

test.each(['hour', 'minute', 'second'])('date_part gives the %s of Postgres', async (part) => {
  const ofTime = runOf('date_part', `text "${part}"`, 'time');
  const ofMoment = runOf('date_part', `text "${part}"`, 'timestamp');
  const wanted = await inPostgres(`floor(extract(${part} FROM c))`);
  expect(here((_, __, clock) => ofTime(part, clock))).toEqual(wanted);
  expect(here((_, moment) => ofMoment(part, moment))).toEqual(wanted);
});

test('date_part gives the seconds since 1970 of Postgres, whole ones', async () => {
  const epoch = runOf('date_part', 'text "epoch"', 'timestamp');
  expect(here((_, moment) => epoch('epoch', moment))).toEqual(
    await inPostgres('floor(extract(epoch FROM t))::bigint'),
  );
});

test.each([
  ['yyyyMMdd', 'YYYYMMDD'],
  ['dd.MM.yyyy', 'DD.MM.YYYY'],
  ['d/M/yyyy', 'FMDD/FMMM/YYYY'],
  ['dd-MMM-yyyy', 'DD-Mon-YYYY'],
  ["yyyy'T'MM'T'dd", 'YYYY"T"MM"T"DD'],
])('parse_date reads %s as Postgres writes it', async (pattern, format) => {
  const parse = runOf('parse_date', 'text', `text ${JSON.stringify(pattern)}`);
  const written = await inPostgres(`to_char(d, '${format}')`);
  expect(written.map((text) => parse(text, pattern))).toEqual(dates);
});

test('parse_timestamp reads dates and times as Postgres writes them', async () => {
  const parse = runOf('parse_timestamp', 'text', 'text "yyyyMMddHHmmss.SSS"', 'text "+00:00"');
  const written = await inPostgres(`to_char(t, 'YYYYMMDDHH24MISS.MS')`);
  expect(written.map((text) => parse(text))).toEqual(moments);
});

test.each(['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC', '+05:30'])(
  'local times in %s are those of Postgres, with summer time and without',
  async (zone) => {
    // From 1990 to 2025, where the databases of all versions agree; every hour around each change, and any other.
    const hours = Array.from({ length: 24 * 40 }, (_, hour) => hour);
    const local = ['1990-03-20', '2005-03-20', '2023-03-05', '2023-10-20', '2024-03-25', '2024-09-25']
      .flatMap((day) => hours.map((hour) => (dayNumber(day) * 24 + hour) * 3600 + (hour % 2) * 1800))
      .concat(fc.sample(fc.integer({ min: 631_152_000, max: 1_760_000_000 }), { numRuns: 3000, seed: 4 }))
      .map((second) => new Date(second * 1000).toISOString().slice(0, 19));
    const sqlZone = zone.startsWith('+') ? `-${zone.slice(1)}` : zone;
    const { rows } = await client.query<{ moment: string; day: string; hour: string; skipped: boolean }>(
      `SELECT to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS moment,
              to_char(at_utc AT TIME ZONE $2, 'YYYY-MM-DD') AS day,
              extract(hour FROM at_utc AT TIME ZONE $2)::text AS hour,
              moment AT TIME ZONE $2 <> local AS skipped
       FROM unnest($1::timestamp[]) WITH ORDINALITY AS given (local, position),
            LATERAL (SELECT local AT TIME ZONE $2 AS moment, local AT TIME ZONE 'UTC' AS at_utc) AS made
       ORDER BY position`,
      [local, sqlZone],
    );
    const parse = runOf('parse_timestamp', 'text', `text "yyyy-MM-dd'T'HH:mm:ss"`, `text "${zone}"`);
    const dateOf = runOf('date_of', 'timestamp', `text "${zone}"`);
    const hour = runOf('date_part', 'text "hour"', 'timestamp', `text "${zone}"`);
    const changes = !['Asia/Kolkata', 'UTC', '+05:30'].includes(zone);
    expect(rows.some(({ skipped }) => skipped)).toBe(changes);
    expect(local.map((text) => parse(text))).toEqual(
      rows.map(({ moment, skipped }) => (skipped ? 'failed' : moment)),
    );
    expect(local.map((text) => dateOf(`${text}Z`))).toEqual(rows.map(({ day }) => day));
    expect(local.map((text) => String(hour('hour', `${text}Z`)))).toEqual(rows.map((row) => row.hour));
  },
);
