/** A flat row: its columns as text; the first one is the key of the row, or of its parent. */
export type FlatRow = readonly string[];

export interface Nested {
  readonly row: FlatRow;
  readonly children: readonly FlatRow[];
}

/**
 * Joins two streams of rows that are both sorted by their first column, holding one parent at a time.
 * Rejects when a child is left over, because its parent is missing or the order is broken.
 */
export async function* nest(
  parents: AsyncIterable<FlatRow>,
  children: AsyncIterable<FlatRow>,
): AsyncGenerator<Nested> {
  const rest = children[Symbol.asyncIterator]();
  let next = await rest.next();
  for await (const row of parents) {
    const own: FlatRow[] = [];
    while (next.done !== true && next.value[0] === row[0]) {
      own.push(next.value);
      next = await rest.next();
    }
    yield { row, children: own };
  }
  if (next.done !== true) throw new Error(`a child row has no parent with the key ${next.value[0] ?? ''}`);
}

/** Rows without children, in the form that `nest` gives. */
export async function* alone(rows: AsyncIterable<FlatRow>): AsyncGenerator<Nested> {
  for await (const row of rows) yield { row, children: [] };
}
