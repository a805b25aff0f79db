import type { JsonValue, Refusal, RejectionCode, Value } from './value.ts';

/** The numbers in parentheses behind a type's name: `decimal(15, 2)` has [15, 2]. */
export type TypeParameters = readonly number[];

/** Turns one JSON value, never null, into a value of the type, or says why not. Never coerces, never rounds. */
export type Decoder = (json: JsonValue) => Value | Refusal;

/**
 * A single value as JSON writes it. `digits` is a number whose digits, written as a string, the type decodes to the
 * same value or refuses; `number` any other.
 */
export type JsonLiteral = 'string' | 'digits' | 'number' | 'boolean';

/**
 * Turns a number of at most 15 digits, without an exponent, into what a `Decoder` gives of it; undefined leaves it to that. It is `units`, which may
 * be -0, times `10^-scale`, and written from `start` to `end` in `text`.
 */
export type DigitsDecoder = (
  units: number,
  scale: number,
  text: string,
  start: number,
  end: number,
) => Value | undefined;

/**
 * Turns a string that stands in a message from `start` to `end`, without escapes, into what a `Decoder` gives of it; undefined leaves it to that.
 * `bytes` has its characters at the same offsets as `text`, those that are not ASCII as 128.
 */
export type BytesDecoder = (bytes: Uint8Array, start: number, end: number, text: string) => Value | undefined;

/** One column type: everything that nomnom knows of it is in this value. */
export interface ColumnType {
  /** As written in a `.nom` file. */
  readonly name: string;
  /** A sentence for the reference: what it holds. */
  readonly doc: string;
  /** The parameters that may stand in parentheses, all of them or none; `required` where none is an error. */
  readonly parameters: readonly ParameterRule[];
  readonly parametersRequired: boolean;
  /** A further rule on all parameters together; gives what is wrong, without a full stop. */
  readonly checkParameters?: (parameters: TypeParameters) => string | undefined;
  /** What senders mostly write; absent where that may be anything (`json`). */
  readonly literal?: JsonLiteral;
  readonly decoder: (parameters: TypeParameters) => Decoder;
  /**
   * The same for strings of a JSON text without escapes, in which no U+0000 and no lone surrogate can stand; absent
   * where that spares nothing.
   */
  readonly plainDecoder?: (parameters: TypeParameters) => Decoder;
  /** The same for a number whose digits were read on the way; absent where that spares nothing. */
  readonly digitsDecoder?: (parameters: TypeParameters) => DigitsDecoder;
  /** The same for a string whose bytes are known; absent where that spares nothing. */
  readonly bytesDecoder?: BytesDecoder;
  /** The value, never null, as the one text that stands for it: what stores read and print. */
  readonly toText: (value: Value) => string;
  /** True where `toText` gives only digits, signs, letters, `:` `.` `-`: it needs no quotes in any list. */
  readonly bare: boolean;
  /** The value as `eval` and tests print it: bigint and decimal as strings, json as the value itself. */
  readonly toJson: (value: Value) => unknown;
  /** Total order of two values, negative, 0 or positive; absent where the type has no order (`json`, `bool`, `bytes`). */
  readonly compare?: (left: Value, right: Value) => number;
  /** Whether a column of the type may be in a key: equality is exact and repeatable. */
  readonly key: boolean;
  /** The TypeScript and JSON Schema views, for generated types. */
  readonly typescript: string;
  readonly jsonSchema: (parameters: TypeParameters) => Readonly<Record<string, unknown>>;
  /** Run as tests and shown in the reference. JSON texts, so that digits are kept. */
  readonly examples: {
    /** `text` is what `toText` gives of the decoded value and what a store prints for it. */
    readonly accepted: readonly { json: string; text: string; parameters?: TypeParameters }[];
    readonly rejected: readonly { json: string; code: RejectionCode; parameters?: TypeParameters }[];
  };
}

export interface ParameterRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}
