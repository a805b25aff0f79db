import type {
  DeadLetter,
  DeadLetters,
  Dropped,
  FullDeadLetter,
  Selection,
} from '../../../ports/dead-letters.ts';
import type { MessageError } from '../../../ports/ledger-entries.ts';
import { DROP_DEAD_LETTERS, READ_LEFT } from '../../../sql/postgres/ledger/drop-dead-letters.ts';
import {
  CLOSE_OVERTAKEN,
  FINISH_REPLAY,
  LEASE_FOR_REPLAY,
  READ_STANDING,
  RELEASE_REPLAY,
} from '../../../sql/postgres/ledger/replay-lease.ts';
import {
  COUNT_BY_CODE,
  COUNT_DEAD_LETTERS,
  READ_FULL,
  READ_NEWEST,
  READ_PAGE,
} from '../../../sql/postgres/ledger/select-dead-letters.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

export function deadLettersOver(sql: SqlSession): DeadLetters {
  return {
    async count(selection) {
      const { rows } = await sql.query({ ...COUNT_DEAD_LETTERS, values: valuesOf(selection) });
      return Number(rows[0]?.['count']);
    },
    async countByCode(pipeline) {
      const { rows } = await sql.query({ ...COUNT_BY_CODE, values: [pipeline] });
      return rows.map((row) => ({
        entity: String(row['entity_type']),
        code: String(row['error_code']),
        count: Number(row['n']),
        lastAt: String(row['last_at']),
      }));
    },
    async newest(selection, limit) {
      const { rows } = await sql.query({ ...READ_NEWEST, values: [...valuesOf(selection), limit] });
      return rows.map(deadLetterOf);
    },
    async page(selection, after = '0', limit) {
      const { rows } = await sql.query({ ...READ_PAGE, values: [...valuesOf(selection), after, limit] });
      return rows.map(deadLetterOf);
    },
    async readFull(ids) {
      if (ids.length === 0) return [];
      const { rows } = await sql.query({ ...READ_FULL, values: [[...ids]] });
      return rows.map(fullDeadLetterOf);
    },
    drop: (ids, withReplayed) => drop(sql, ids, withReplayed),
    async leaseForReplay(ids, token) {
      if (ids.length === 0) return [];
      const { rows } = await sql.query({ ...LEASE_FOR_REPLAY, values: [[...ids], token] });
      return rows.map(fullDeadLetterOf);
    },
    async releaseReplay(ids, token) {
      if (ids.length > 0) await sql.query({ ...RELEASE_REPLAY, values: [[...ids], token] });
    },
    async finishReplay(ids, token) {
      if (ids.length > 0) await sql.query({ ...FINISH_REPLAY, values: [[...ids], token] });
    },
    async standing(ids) {
      if (ids.length === 0) return new Map();
      await sql.query({ ...CLOSE_OVERTAKEN, values: [[...ids]] });
      const { rows } = await sql.query({ ...READ_STANDING, values: [[...ids]] });
      return new Map(rows.map((row) => [String(row['id']), row['taken'] === true ? 'taken' : 'settled']));
    },
  };
}

async function drop(sql: SqlSession, ids: readonly string[], withReplayed: boolean): Promise<Dropped> {
  if (ids.length === 0) return { dropped: 0, replayed: 0, replaying: 0, gone: 0 };
  const { rows: deleted } = await sql.query({ ...DROP_DEAD_LETTERS, values: [[...ids], withReplayed] });
  const dropped = new Set(deleted.map((row) => String(row['id'])));
  const kept = ids.filter((id) => !dropped.has(id));
  const { rows: left } = kept.length === 0 ? { rows: [] } : await sql.query({ ...READ_LEFT, values: [kept] });
  const replayed = left.filter((row) => row['replayed'] === true).length;
  return {
    dropped: dropped.size,
    replayed,
    replaying: left.length - replayed,
    gone: kept.length - left.length,
  };
}

function valuesOf({
  pipeline,
  messageIds,
  entities,
  codes,
  since,
  until,
  replayed,
}: Selection): readonly unknown[] {
  return [
    pipeline,
    listOf(messageIds),
    listOf(entities),
    listOf(codes),
    since === undefined ? null : since / 1000,
    until === undefined ? null : until / 1000,
    replayed === true,
  ];
}

function listOf(list: readonly string[] | undefined): string[] | null {
  return list === undefined ? null : [...list];
}

type Row = Readonly<Record<string, unknown>>;

function deadLetterOf(row: Row): DeadLetter {
  return {
    id: String(row['id']),
    messageId: String(row['message_id']),
    entity: String(row['entity_type']),
    generation: Number(row['generation']),
    receivedAt: String(row['received_at']),
    failedAt: String(row['failed_at']),
    attempts: Number(row['attempts']),
    error: JSON.parse(String(row['error'])) as MessageError,
    size: Number(row['size']),
    replayedAt: row['replayed_at'] as string | null,
  };
}

function fullDeadLetterOf(row: Row): FullDeadLetter {
  return {
    ...deadLetterOf(row),
    body: row['body'] as Uint8Array,
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
  };
}
