import type { Purge, PurgeStep } from '../../../ports/purge.ts';
import { qualifiedName } from '../../../sql/postgres/identifier.ts';
import {
  COUNT_PAGES,
  LOCK_PURGE,
  PURGE_DEAD_LETTERS,
  PURGE_KEYS,
  PURGE_STATUSES,
} from '../../../sql/postgres/ledger/purge.ts';
import { textInSchema } from '../../../sql/postgres/own-schema.ts';
import type { Query, SqlSession } from '../../../sql/postgres/session.ts';
import { purgeText } from '../../../sql/postgres/writer/tombstones.ts';
import { PAGES_OF_STEP, pageRange } from './pages.ts';

/** Rows that one step deletes at most. */
const PURGED_AT_ONCE = 1000;

export function purgeOver(sql: SqlSession, schema: string | undefined): Purge {
  const purgeLedger = (table: string, statement: Query, pipeline: string, keep: number, from: number) =>
    purgePages(sql, schema === undefined ? table : textInSchema(table, schema), from, (range) => ({
      ...statement,
      values: [pipeline, keep, ...range, PURGED_AT_ONCE],
    }));
  return {
    async tryLock() {
      const { rows } = await sql.query(LOCK_PURGE);
      return rows[0]?.['mine'] === true;
    },
    async deadLetters(pipeline, keep) {
      const values = [pipeline, keep, PURGED_AT_ONCE];
      const { rowCount } = await sql.query({ ...PURGE_DEAD_LETTERS, values });
      return { deleted: rowCount, next: rowCount === PURGED_AT_ONCE ? 0 : undefined };
    },
    statuses: (pipeline, keep, from) => purgeLedger('message_status', PURGE_STATUSES, pipeline, keep, from),
    keys: (pipeline, keep, from) => purgeLedger('idempotency_keys', PURGE_KEYS, pipeline, keep, from),
    tombstones(tombstones, keep, from) {
      const text = purgeText(tombstones);
      return purgePages(sql, qualifiedName(tombstones.table), from, (range) => ({
        text,
        values: [keep, ...range, PURGED_AT_ONCE],
      }));
    },
  };
}

async function purgePages(
  sql: SqlSession,
  table: string,
  page: number,
  purge: (range: readonly [from: string, to: string]) => Query,
): Promise<PurgeStep> {
  const { rows } = await sql.query({ ...COUNT_PAGES, values: [table] });
  if (page >= Number(rows[0]?.['pages'])) return { deleted: 0, next: undefined };
  const { rowCount } = await sql.query(purge(pageRange(page)));
  // A full step may have left some behind.
  return { deleted: rowCount, next: rowCount === PURGED_AT_ONCE ? page : page + PAGES_OF_STEP };
}
