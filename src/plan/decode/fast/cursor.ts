import type { JsonValue, Value } from '../../../types/value.ts';
import type { Reading } from '../refused.ts';

/** A place in the text of a message. */
export interface Cursor {
  readonly text: string;
  /** Behind what was read; anywhere after a reader gave `undefined`. */
  at: number;
}

/** Reads a value at the cursor; `undefined` where it is not written as expected, whatever the reason. */
export type ReadAt<T extends Value = Value> = (cursor: Cursor, reading: Reading) => T | undefined;

/** A value that is read as messages have taught that it is written. */
export interface FastReader<T extends Value = Value> {
  readonly read: ReadAt<T>;
  /** Takes an accepted value without unknown keys. */
  readonly learn: (json: JsonValue) => void;
}
