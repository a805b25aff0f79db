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
  /** Keys that no field reads, in all objects. */
  unknownKeys: number;
  readonly body: string;
  /** No escape stands in the body, so that its strings hold nothing that Postgres cannot store. */
  readonly plain: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** The row that `meta` names; null where the entity's expressions do not name it. */
  readonly meta: Value;
}

/** Says why a value is refused; the decoder returns `undefined`. */
export function refuse(reading: Reading, refused: Refused): undefined {
  reading.refused = refused;
  return undefined;
}

/** Puts a step before the pointer of what was refused, on the way out. */
export function within(pointer: string, reading: Reading): undefined {
  if (reading.refused !== undefined) reading.refused.pointer = pointer + reading.refused.pointer;
  return undefined;
}
