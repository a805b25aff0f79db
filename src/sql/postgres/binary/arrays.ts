import type { Value } from '../../../types/value.ts';
import type { ElementFormat } from './element.ts';
import { newOutput, type Output, reserve } from './output.ts';

const LENGTH = 4;
const HEADER = 20;
const NO_VALUE = -1;

/**
 * Parameters of one statement, each an array in the binary format of `array_recv`: dimensions, whether there are nulls, the
 * type, length and first index, then the elements. Postgres reads that in half the time of a literal, and nothing has to be quoted.
 */
export interface ArrayWriter {
  /** The array of one value for each item. */
  readonly array: <T>(format: ElementFormat, items: readonly T[], value: (item: T) => Value) => Uint8Array;
}

/**
 * `expected` is a guess of all bytes together. While they fit, the arrays lie one behind the other, each behind its length in
 * four bytes, as the protocol has parameters: they can be sent as they are.
 */
export function arrayWriter(expected: number): ArrayWriter {
  const output = newOutput(Math.max(256, expected));
  return {
    array(format, items, value) {
      reserve(output, LENGTH + HEADER);
      output.at += LENGTH;
      const start = output.at;
      putArray(output, format, items, value);
      output.view.setInt32(start - LENGTH, output.at - start);
      return output.bytes.subarray(start, output.at);
    },
  };
}

function putArray<T>(
  output: Output,
  { oid, put }: ElementFormat,
  items: readonly T[],
  valueOf: (item: T) => Value,
): void {
  const head = output.at;
  const count = items.length;
  // An empty array has no dimension.
  output.at += count === 0 ? 12 : HEADER;
  let nulls = false;
  for (const item of items) {
    const value = valueOf(item);
    if (value === null) {
      nulls = true;
      reserve(output, 4);
      output.view.setInt32(output.at, NO_VALUE);
      output.at += 4;
    } else {
      put(output, value);
    }
  }
  const { view } = output;
  view.setInt32(head, count === 0 ? 0 : 1);
  view.setInt32(head + 4, nulls ? 1 : 0);
  view.setInt32(head + 8, oid);
  if (count === 0) return;
  view.setInt32(head + 12, count);
  view.setInt32(head + 16, 1);
}
