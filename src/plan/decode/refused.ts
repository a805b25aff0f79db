import type { RejectionCode, Value } from '../../types/value.ts';

/** A refused part of a body, with the way to it: filled from the inside out. */
export interface Refused {
  readonly code: RejectionCode;
  readonly message: string;
  /** RFC 6901 pointer, relative to the decoder that returns it. */
  pointer: string;
  /** `Order.total_price` */
  readonly field: string;
  /** Where the rule stands, for a check or a calculation. */
  readonly source?: string;
}

/** What a decoder writes while it reads one body: decoders are shared, this is not. */
export interface Reading {
  /** Set, once, by the decoder that returns `undefined`. */
  refused: Refused | undefined;
  /** What else is refused in the same value, where the reading collects. */
  alsoRefused: readonly Refused[];
  /** Whether decoders go on behind a fault: only a message that is refused is read this way, once more. */
  readonly collects: boolean;
  /** Keys that no field reads, in all objects. */
  unknownKeys: number;
  /** Some of them, `Line.colour`. */
  unknownNames: string[] | undefined;
  readonly body: string;
  /** No escape stands in the body, so that its strings hold nothing that Postgres cannot store. */
  plain: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** The row that `meta` names; null where the entity's expressions do not name it. */
  readonly meta: Value;
}

/** So many faults of a message are told. */
export const MAX_FAULTS = 20;

/** So many keys of a message are named that no field reads. */
export const MAX_UNKNOWN = 8;

/** Counts a key that no field of a record reads. */
export function passBy(record: string, key: string, reading: Reading): void {
  reading.unknownKeys += 1;
  reading.unknownNames ??= [];
  if (reading.unknownNames.length < MAX_UNKNOWN) reading.unknownNames.push(`${record}.${key}`);
}

/** Says why a value is refused; the decoder returns `undefined`. */
export function refuse(reading: Reading, refused: Refused): undefined {
  reading.refused = refused;
  return undefined;
}

/** Puts a step before the pointer of what was refused, on the way out. */
export function within(pointer: string, reading: Reading): undefined {
  if (reading.refused !== undefined) reading.refused.pointer = pointer + reading.refused.pointer;
  for (const refused of reading.alsoRefused) refused.pointer = pointer + refused.pointer;
  return undefined;
}

/** Takes what a decoder inside has refused, so that the next one can be asked; false once there are enough. */
export function take(reading: Reading, faults: Refused[]): boolean {
  if (reading.refused !== undefined) faults.push(reading.refused, ...reading.alsoRefused);
  reading.refused = undefined;
  reading.alsoRefused = [];
  return faults.length < MAX_FAULTS;
}

/** Refuses a value for all that is wrong in it. */
export function refuseAll(reading: Reading, [first, ...others]: readonly Refused[]): undefined {
  reading.refused = first;
  reading.alsoRefused = others;
  return undefined;
}
