import { sum } from '../types/sum.ts';
import type { Row } from './plan.ts';

/** What `add` leaves of two rows of one key, the first of which came first: the sums of these columns, the later of the others. */
export function addedUp(columns: ReadonlySet<number>, first: Row, second: Row): Row {
  return second.map((value, column) => (columns.has(column) ? sum(first[column] ?? null, value) : value));
}
