import type { Session } from '../../ports/store.ts';
import { DEAD_LETTER_COLUMNS, type DeadLetter, deadLetterOf } from './dead-letter.ts';

/** Which dead letters of a pipeline; what is left out does not narrow. */
export interface Selection {
  readonly pipeline: string;
  readonly messageIds?: readonly string[];
  readonly entities?: readonly string[];
  readonly codes?: readonly string[];
  /** Milliseconds since the epoch: failed at this moment or later. */
  readonly since?: number;
  /** Failed before this moment. */
  readonly until?: number;
  /** Also those that were replayed. */
  readonly replayed?: boolean;
}

const WHERE = `
WHERE d.pipeline = $1
  AND ($2::uuid[] IS NULL OR d.message_id = ANY ($2))
  AND ($3::text[] IS NULL OR d.entity_type = ANY ($3))
  AND ($4::text[] IS NULL OR d.error_code = ANY ($4))
  AND ($5::float8 IS NULL OR d.failed_at >= to_timestamp($5))
  AND ($6::float8 IS NULL OR d.failed_at < to_timestamp($6))
  AND ($7::boolean OR d.replayed_at IS NULL)`;

const COUNT = { text: `SELECT count(*) AS count FROM dead_letters AS d ${WHERE}` };

const NEWEST = {
  text: `SELECT ${DEAD_LETTER_COLUMNS} FROM dead_letters AS d ${WHERE} ORDER BY d.id DESC LIMIT $8::bigint`,
};

/** Pages by id, so that letters that come or go meanwhile neither repeat nor hide others. */
const NEXT = {
  text: `SELECT ${DEAD_LETTER_COLUMNS} FROM dead_letters AS d ${WHERE} AND d.id > $8::bigint ORDER BY d.id LIMIT $9::bigint`,
};

const PAGE = 500;

export async function countDeadLetters(session: Session, selection: Selection): Promise<number> {
  const { rows } = await session.query({ ...COUNT, values: valuesOf(selection) });
  return Number(rows[0]?.['count']);
}

/** The `limit` that failed last, the newest first. */
export async function newestDeadLetters(
  session: Session,
  selection: Selection,
  limit: number,
): Promise<readonly DeadLetter[]> {
  const { rows } = await session.query({ ...NEWEST, values: [...valuesOf(selection), limit] });
  return rows.map(deadLetterOf);
}

/** In the order of failure, page by page, `limit` at most; holds one page at a time. */
export async function* eachDeadLetter(
  session: Session,
  selection: Selection,
  limit = Infinity,
): AsyncGenerator<DeadLetter> {
  let last = '0';
  for (let left = limit; left > 0;) {
    const size = Math.min(PAGE, left);
    const { rows } = await session.query({ ...NEXT, values: [...valuesOf(selection), last, size] });
    for (const row of rows) {
      const letter = deadLetterOf(row);
      last = letter.id;
      yield letter;
    }
    if (rows.length < size) return;
    left -= rows.length;
  }
}

function valuesOf({ pipeline, messageIds, entities, codes, since, until, replayed }: Selection): unknown[] {
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
