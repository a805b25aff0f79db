import type { PurgeStep } from '../../ports/writer.ts';
import type { Query, SqlSession } from '../../sql/postgres/session.ts';

/** Rows that one step deletes at most. */
export const PURGED_AT_ONCE = 1000;

/** Pages of a table that one step looks through: 2 MB. */
const PAGES = 256;

const PAGES_OF = {
  text: `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::int AS pages`,
};

/** Runs one step of a purge that walks the pages of a table in order, a range in each step. */
export async function purgeStep(
  sql: SqlSession,
  table: string,
  page: number,
  purge: (from: string, to: string) => Query,
): Promise<PurgeStep> {
  const { rows } = await sql.query({ ...PAGES_OF, values: [table] });
  const pages = Number(rows[0]?.['pages']);
  if (page >= pages) return { deleted: 0, next: undefined };
  const { rowCount } = await sql.query(purge(`(${page},0)`, `(${page + PAGES},0)`));
  // A full step may have left some behind.
  return { deleted: rowCount, next: rowCount === PURGED_AT_ONCE ? page : page + PAGES };
}
