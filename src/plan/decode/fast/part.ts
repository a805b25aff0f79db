import type { BytesDecoder, Decoder, DigitsDecoder, JsonLiteral } from '../../../types/column-type.ts';
import type { Fill } from './cursor.ts';

/** One key of an object as its text has it. */
export type Part = PassedPart | SinglePart | TextPart | NestedPart;

interface Keyed {
  readonly key: string;
  /** `Order.colour`, for a key that counts as one that no field reads. */
  readonly unknown: string | undefined;
}

export type PassedPart = Keyed & PassedValue;

/** Nothing reads it: any single value, only a string or null, a list of single values, or an object of all these. */
export type PassedValue =
  | { readonly kind: 'passed' | 'passedText' | 'passedList' }
  | { readonly kind: 'passedObject'; readonly parts: readonly PassedPart[] };

export interface SinglePart extends Keyed {
  readonly kind: 'single';
  readonly single: Single;
  readonly literal: JsonLiteral;
}

/** What is captured as the text that a `json` field stores. */
export interface TextPart extends Keyed {
  readonly kind: 'text';
  readonly single: Single;
  readonly value: PassedValue;
}

/** What has a reader of its own. */
export interface NestedPart extends Keyed {
  readonly kind: 'nested';
  readonly fill: Fill;
}

/** A field of a type whose values are single. */
export interface Single {
  /** Its place in the row. */
  readonly index: number;
  readonly nullable: boolean;
  readonly decode: Decoder;
  /** The same for a text without escapes. */
  readonly decodePlain: Decoder;
  readonly decodeDigits: DigitsDecoder | undefined;
  readonly decodeBytes: BytesDecoder | undefined;
}

/** How many single values are read with a key. */
export function valuesIn(part: Part | PassedValue): number {
  if (part.kind === 'text') return valuesIn(part.value);
  if (part.kind !== 'passedObject') return 1;
  return part.parts.reduce((sum, each) => sum + valuesIn(each), 1);
}
