/**
 * A value while a message is evaluated; its type is known statically, so the value carries no tag:
 * text, enum, uuid, date, time, timestamp, bytes (base64), decimal (canonical digits), json (JSON text): string ·
 * int and float: number · bigint: bigint · bool: boolean · a list or the fields of a nested object: array.
 */
export type Value = string | number | bigint | boolean | null | readonly Value[];

/** A JSON number whose digits a double cannot hold; `JSON.stringify` prints it digit for digit. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** What the lossless JSON reader gives: as `JSON.parse`, with `RawNumber` where a double would lose digits. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | RawNumber
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Why a message is refused; a stable name that programs may match on. */
export type RejectionCode =
  | 'invalid_utf8'
  | 'invalid_json'
  | 'too_deep'
  | 'repeated_key'
  | 'too_many_items'
  | 'not_an_object'
  | 'missing'
  | 'null_not_allowed'
  | 'wrong_type'
  | 'invalid_format'
  | 'out_of_range'
  | 'too_long'
  | 'too_precise'
  | 'not_in_enum'
  | 'unknown_field'
  | 'unknown_entity'
  | 'check_failed'
  | 'failed'
  | 'duplicate_key'
  | 'too_large'
  | 'too_many_rows'
  | 'constraint_violation'
  | 'program_changed'
  | 'database_error';

/** A refused value: no position yet, the caller knows it. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly code: RejectionCode;
  /** What was expected, as a noun phrase: `an integral number from -2147483648 to 2147483647`. */
  readonly expected: string;
  /** What was found, shortened and without the value itself where that may be private: `a string`, `a number with 3 fraction digits`. */
  readonly found: string;
}

export function refuse(code: RejectionCode, expected: string, found: string): Refusal {
  return { kind: 'refusal', code, expected, found };
}

export function isRefusal(result: Value | Refusal): result is Refusal {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'refusal';
}

/** A refused message, on its way to the sender or to the dead letters: its first fault, and all of them where it has more. */
export interface Rejection extends Fault {
  readonly entity: string;
  /** All faults that were found, this first one too, at most 20; absent where there is one. */
  readonly faults?: readonly Fault[];
}

/** One thing that is wrong with a message. */
export interface Fault {
  readonly code: RejectionCode;
  /** The field of the entity or derived entity, `Order.total_price`; empty for the whole message. */
  readonly field: string;
  /** RFC 6901 pointer into the body; empty for the whole body. */
  readonly pointer: string;
  /** One sentence for a person: what was expected and what was found. Never the value of a `@pii` field. */
  readonly message: string;
  /** Where in the `.nom` file the rule stands, `shop.nom:12:3`, where there is one. */
  readonly source?: string;
}
