import type { FieldModel } from '../model/program.ts';
import { scalarName } from '../model/type.ts';

/** Bytes of the largest row of a table: a page of 8 kB without its header. Postgres does not spread a row over pages. */
export const LARGEST_ROW = 8160;

/** Bytes, and the multiple at which they begin, of the types that always take the same room. */
const FIXED: Readonly<Record<string, readonly [bytes: number, alignment: number]>> = {
  bool: [1, 1],
  int: [4, 4],
  date: [4, 4],
  bigint: [8, 8],
  float: [8, 8],
  time: [8, 8],
  timestamp: [8, 8],
  uuid: [16, 1],
};

/** Bytes of the smallest value of the other types, with one byte for its length. */
const SMALLEST: Readonly<Record<string, number>> = { text: 1, bytes: 1, decimal: 3, json: 5 };
const SMALLEST_LIST = 13;

/** Postgres moves a value out of its row only if it is larger than what stays in its place. */
const ALWAYS_INSIDE = 24;

/** Bytes of a row in which every column is null or as small as it can be. */
export function smallestRow(columns: readonly FieldModel[]): number {
  const filled = columns.filter(({ type }) => !type.nullable);
  return rowSize(columns.length, filled, (field) => {
    if (field.type.type.kind === 'list') return SMALLEST_LIST;
    return SMALLEST[scalarName(field.type.type) ?? 'text'] ?? 1;
  });
}

/** Bytes of a row in which every column has a value, however much of it Postgres moves out of the row. */
export function fullRow(columns: readonly FieldModel[]): number {
  return rowSize(columns.length, columns, () => ALWAYS_INSIDE);
}

function rowSize(
  count: number,
  filled: readonly FieldModel[],
  varying: (field: FieldModel) => number,
): number {
  const nulls = filled.length < count ? Math.ceil(count / 8) : 0;
  let size = aligned(23 + nulls, 8);
  for (const field of filled) {
    const [bytes, alignment] = FIXED[scalarName(field.type.type) ?? ''] ?? [varying(field), 1];
    size = aligned(size, alignment) + bytes;
  }
  return aligned(size, 8);
}

function aligned(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}
