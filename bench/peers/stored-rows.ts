import type { SqlSession } from '../../src/sql/postgres/session.ts';

/** The order of rows does not count: the sum of their hashes is the same. */
const HASHES = ['orders', 'order_line_items']
  .map((table) => `(SELECT sum(hashtextextended(t::text, 0)::numeric)::text FROM ${table} AS t) AS ${table}`)
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
