import type { LossSearch, LossStep, LostMessages } from '../../../ports/lost-messages.ts';
import { jsonText } from '../../../sql/postgres/ledger/json-text.ts';
import {
  COUNT_LOST,
  COUNT_LOST_BY_ENTITY,
  COUNT_STATUS_PAGES,
  FORGET_FOUND,
  LOCK_LOST,
  LOOKED_THROUGH_AT_ONCE,
  LOST_AT_ONCE,
  MARK_LOST_PAGES,
  MARK_LOST_SINCE,
  READ_HORIZON,
  READ_LOST,
  READ_OPEN_SINCE,
  REOPEN_LOST,
} from '../../../sql/postgres/ledger/lost-messages.ts';
import type { Query, SqlSession } from '../../../sql/postgres/session.ts';
import { columnsOf } from './entry-columns.ts';
import { PAGES_OF_STEP, pageRange } from './pages.ts';

/** Sorts before every message id. */
const NO_MESSAGE = '00000000-0000-0000-0000-000000000000';

export function lostMessagesOver(sql: SqlSession): LostMessages {
  return {
    async tryLock(pipeline) {
      const { rows } = await sql.query({ ...LOCK_LOST, values: [pipeline] });
      return rows[0]?.['mine'] === true;
    },
    async horizon() {
      const { rows } = await sql.query(READ_HORIZON);
      return { number: String(rows[0]?.['horizon']), at: Number(rows[0]?.['at']) };
    },
    async openSince(pipeline, horizon, since) {
      const { rows } = await sql.query({ ...READ_OPEN_SINCE, values: [pipeline, horizon, since] });
      const oldest = rows[0]?.['oldest'];
      return {
        lost: Number(rows[0]?.['lost'] ?? 0),
        oldest: oldest === null || oldest === undefined ? undefined : Number(oldest),
      };
    },
    markSince: (search, since) => mark(sql, MARK_LOST_SINCE, search, [since]),
    async markStretch(search, from) {
      const { rows } = await sql.query(COUNT_STATUS_PAGES);
      if (from >= Number(rows[0]?.['pages'] ?? 0)) return { ids: [], more: false, next: undefined };
      const step = await mark(sql, MARK_LOST_PAGES, search, pageRange(from));
      return { ...step, next: step.more ? from : from + PAGES_OF_STEP };
    },
    async count(pipeline, after = NO_MESSAGE) {
      const { rows: step } = await sql.query({ ...FORGET_FOUND, values: [pipeline, after] });
      const { rows } = await sql.query({ ...COUNT_LOST, values: [pipeline] });
      const ended = Number(step[0]?.['n'] ?? 0) < LOOKED_THROUGH_AT_ONCE;
      return { count: Number(rows[0]?.['n'] ?? 0), next: ended ? undefined : String(step[0]?.['last']) };
    },
    async byEntity(pipeline) {
      const { rows } = await sql.query({ ...COUNT_LOST_BY_ENTITY, values: [pipeline] });
      return rows.map((row) => ({
        entity: String(row['entity_type']),
        count: Number(row['n']),
        lastAt: String(row['last_at']),
      }));
    },
    async read(messageIds) {
      if (messageIds.length === 0) return new Map();
      const { rows } = await sql.query({ ...READ_LOST, values: [[...messageIds]] });
      return new Map(rows.map((row) => [String(row['message_id']), Number(row['generation'])]));
    },
    async reopen(entries) {
      if (entries.length > 0) await sql.query({ ...REOPEN_LOST, values: columnsOf(entries) });
    },
  };
}

async function mark(
  sql: SqlSession,
  statement: Query,
  { pipeline, horizon, errors }: LossSearch,
  range: readonly unknown[],
): Promise<LossStep> {
  const values = [
    pipeline,
    horizon,
    errors.map(({ entity }) => entity),
    errors.map((error) => jsonText(error)),
    ...range,
  ];
  const { rows } = await sql.query({ ...statement, values });
  return { ids: rows.map((row) => String(row['message_id'])), more: rows.length === LOST_AT_ONCE };
}
