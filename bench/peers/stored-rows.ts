import type { SqlSession } from '../../src/sql/postgres/session.ts';
import { LINE_COLUMNS, ORDER_COLUMNS } from './hand-written/upsert.ts';

/** Some peers add columns of their own: only those of the program count. */
const TABLES = { orders: ORDER_COLUMNS, order_line_items: LINE_COLUMNS };

/** The order of rows does not count: the sum of their hashes is the same. */
const HASHES = Object.entries(TABLES)
  .map(
    ([table, columns]) =>
      `(SELECT sum(hashtextextended(ROW(${columns})::text, 0)::numeric)::text FROM ${table}) AS ${table}`,
  )
  .join(', ');

const STORED = `SELECT (SELECT count(*)::int FROM orders) AS count, ${HASHES}`;

export interface StoredRows {
  /** Orders. */
  readonly count: number;
  /** Equal for equal rows of both tables. */
  readonly hash: string;
}

/** What a round stored. */
export async function storedRows(session: SqlSession): Promise<StoredRows> {
  const row = (await session.query({ text: STORED })).rows[0];
  return {
    count: Number(row?.['count']),
    hash: `${String(row?.['orders'])} ${String(row?.['order_line_items'])}`,
  };
}
