import { Failure } from '../../ports/failure.ts';
import type { ServerFacts, Stored } from '../../ports/server-facts.ts';
import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';

/** Milliseconds between two clocks that nobody notices, and those that make times of messages and leases wrong. */
const NOTICED = 1_000;
const WRONG = 30_000;

/** Of its room, a store that has used this share should be looked at. */
const NEARLY_FULL = 0.8;

/** What is told of every server, whichever it is. `area` names it. */
export function diagnoseServer(area: string, facts: ServerFacts, secure: string): readonly Diagnosis[] {
  return [
    ok(area, `${facts.version} answers`),
    ...outdatedOf(area, facts),
    lineOf(area, facts, secure),
    ...clockOf(area, facts),
    ...facts.stores.map((stored) => diagnoseStored(area, stored)),
  ];
}

/** A server that gives no answer, or the wrong one. */
export function diagnoseFailure(area: string, error: unknown): Diagnosis {
  if (!(error instanceof Failure)) throw error;
  return fail(area, error.message, error.help);
}

function lineOf(area: string, { encrypted, local }: ServerFacts, secure: string): Diagnosis {
  if (encrypted) return ok(area, 'the connection is encrypted');
  if (local) return ok(area, 'the connection is not encrypted, and does not leave this machine');
  return warn(
    area,
    'the connection is not encrypted: whoever is on the way can read messages and passwords',
    secure,
  );
}

function outdatedOf(area: string, { outdated }: ServerFacts): readonly Diagnosis[] {
  if (outdated === undefined) return [];
  const { loses, message, help } = outdated;
  return [loses ? fail(area, message, help) : warn(area, message, help)];
}

function clockOf(area: string, { clockAhead }: ServerFacts): readonly Diagnosis[] {
  if (clockAhead === undefined) return [];
  const off = Math.abs(clockAhead);
  const told = `its clock is ${(off / 1000).toFixed(1)} s ${clockAhead > 0 ? 'ahead of' : 'behind'} ours`;
  const help = 'Let both machines take the time from the same source (NTP).';
  if (off >= WRONG) return [fail(area, told, help)];
  return [off >= NOTICED ? warn(area, told, help) : ok(area, 'its clock agrees with ours')];
}

function diagnoseStored(area: string, { name, bytes, limit, durable }: Stored): Diagnosis {
  const told = `${name} holds ${sizeText(bytes)}${limit === undefined ? '' : ` of ${sizeText(limit)}`}`;
  if (!durable)
    return warn(
      area,
      `${told} in memory: a restart of the server loses it`,
      'Say `storage: file` in the stream, and apply.',
    );
  if (limit !== undefined && bytes >= limit * NEARLY_FULL)
    return warn(area, told, 'Start more workers, or give it more room; when it is full, ingest answers 503.');
  return ok(area, told);
}

function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
