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

/** Reads a value by patterns of how earlier messages wrote it. */
export interface FastReader<T extends Value = Value> {
  readonly read: ReadAt<T>;
  /** Takes an accepted value without unknown keys. */
  readonly addPattern: (json: JsonValue) => void;
}
