import { closest } from '../../diagnostics/suggest.ts';
import { IMPOSSIBLE, MALFORMED, readOffset } from '../../types/calendar.ts';
import { problem, type Argument, type Problem } from '../function.ts';
import { secondsOf, shifted } from './moment.ts';

/** Where clocks show what: a fixed offset, or a zone of the IANA database with its changes to summer time and back. */
export interface TimeZone {
  readonly kind: 'zone';
  /** Seconds east of UTC at a moment, which is in seconds since 1970. */
  readonly offsetAt: (moment: number) => number;
}

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** A zone that is written out: `"Z"`, `"+01:00"`, `"Europe/Berlin"`. */
export function timeZoneIn(argument: Argument, position: number): TimeZone | Problem {
  const name = String(argument.literal);
  const east = name === 'Z' ? 1440 : readOffset(name, 0);
  if (east !== MALFORMED && east !== IMPOSSIBLE) return { kind: 'zone', offsetAt: () => (east - 1440) * 60 };
  const format = NAME.test(name) ? formatIn(name) : undefined;
  if (format !== undefined) return { kind: 'zone', offsetAt: (moment) => offsetIn(format, moment) };
  const near = closest(name, Intl.supportedValuesOf('timeZone'));
  return problem(
    position,
    `\`${name}\` is not an offset or a time zone`,
    near === undefined ? 'for example `"Z"`, `"+01:00"`, `"Europe/Berlin"`' : `did you mean \`${near}\`?`,
  );
}

function formatIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The zone's database is known only by the texts that it formats: `GMT`, `GMT+02:00`, of long ago `GMT+00:53:28`. */
function offsetIn(format: Intl.DateTimeFormat, moment: number): number {
  const parts = format.formatToParts(moment * 1000);
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^GMT(?:([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?$/.exec(text) ?? [];
  const east = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -east : east;
}

/** What clocks in the zone show at a moment, written as if it were UTC; undefined outside the years 0001 to 9999. */
export function localTime(moment: string, zone: TimeZone): string | undefined {
  return shifted(moment, zone.offsetAt(secondsOf(moment)));
}

/**
 * The moment at which clocks in the zone show a local time, which is written as if it were UTC. Of two, when clocks go
 * back, the later one, as in Postgres; undefined where clocks skip it, or outside the years 0001 to 9999.
 */
export function momentOf(local: string, zone: TimeZone): string | undefined {
  const seconds = secondsOf(local);
  // No change is greater than a day, so one of these is in force.
  for (const near of [seconds + 86_400, seconds - 86_400]) {
    const offset = zone.offsetAt(near);
    if (zone.offsetAt(seconds - offset) === offset) return shifted(local, -offset);
  }
  return undefined;
}
