import type { JsonValue, RawNumber } from './value.ts';

/** The parts of the `JSON` global that keep digits; the runtime has them, TypeScript's library does not yet. */
interface DigitKeepingJson {
  /** Throws for anything but the text of one JSON scalar. */
  rawJSON(source: string): RawNumber;
  isRawJSON(value: unknown): boolean;
}

const digitKeepingJson = JSON as unknown as DigitKeepingJson;

/** A number that keeps its digits; `source` is a JSON number. */
export function rawNumber(source: string): RawNumber {
  return digitKeepingJson.rawJSON(source);
}

/** True only for what `rawNumber` made: an object that a sender gave a key `rawJSON` is none. */
export function isRawNumber(json: JsonValue): json is RawNumber {
  return typeof json === 'object' && json !== null && digitKeepingJson.isRawJSON(json);
}
