import type { Session } from '../../ports/store.ts';
import type { MessageError } from './entries.ts';
import { jsonText } from './json-text.ts';

/** Rows that one step marks at most. */
export const LOST_AT_ONCE = 1_000;

/** Pages of the table that one step of a walk looks through: 2 MB. */
const PAGES = 256;

/*
 * Which rows were there at a moment is told by transaction numbers, not by clocks. A transaction gets its number at its
 * first write, and whoever writes an open status does so after the queue took the message. So of all rows that were
 * written before the horizon, the queue had the messages at that moment. A row that changes gets a new writer.
 */
const HORIZON = {
  text: `
SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS horizon, extract(epoch FROM clock_timestamp()) * 1000 AS at`,
};

export interface Horizon {
  /** Decimal digits. */
  readonly number: string;
  /** Milliseconds since the epoch, by the clock of Postgres. */
  readonly at: number;
}

const WRITTEN_BEFORE = (horizon: string): string =>
  `${horizon}::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) AND age(s.xmin) > age(${horizon}::xid8::xid)`;

/** Unnamed, as the others here: each is planned for its own range. */
const LOOK = {
  text: `
SELECT count(*) FILTER (WHERE old) AS lost, extract(epoch FROM min(received_at) FILTER (WHERE NOT old)) * 1000 AS oldest
FROM (
  SELECT s.received_at, ${WRITTEN_BEFORE('$2')} AS old FROM message_status AS s
  WHERE s.pipeline = $1 AND s.status IN ('accepted', 'retrying') AND s.received_at >= to_timestamp($3::float8 / 1000)
) AS open`,
};

/** `SKIP LOCKED`: a row that a worker holds is being settled. */
const marking = (range: string): string => `
WITH gone AS (
  SELECT s.message_id, s.entity_type FROM message_status AS s
  WHERE s.pipeline = $1 AND s.status IN ('accepted', 'retrying') AND ${WRITTEN_BEFORE('$2')} AND ${range}
  LIMIT ${LOST_AT_ONCE} FOR UPDATE OF s SKIP LOCKED
), marked AS (
  UPDATE message_status AS s SET status = 'lost', updated_at = now(), error = told.error::jsonb
  FROM gone JOIN unnest($3::text[], $4::text[]) AS told (entity, error) ON told.entity = gone.entity_type
  WHERE s.message_id = gone.message_id
  RETURNING s.message_id
)
INSERT INTO nomnom_lost (message_id, pipeline, found_at) SELECT message_id, $1, now() FROM marked
ON CONFLICT (message_id) DO UPDATE SET found_at = excluded.found_at
RETURNING message_id`;

const MARK_SINCE = { text: marking('s.received_at >= to_timestamp($5::float8 / 1000)') };
const MARK_PAGES = { text: marking('s.ctid >= $5::tid AND s.ctid < $6::tid') };

/** Of a table with partitions, the largest: a range of pages is that of each. */
const PAGES_OF = {
  text: `
SELECT greatest(pg_relation_size('message_status'), (
  SELECT max(pg_relation_size(relid)) FROM pg_partition_tree('message_status') WHERE isleaf
)) / current_setting('block_size')::int AS pages`,
};

/** Which rows of which pipeline, and what each entity's lost messages are told. */
export interface LossSearch {
  readonly pipeline: string;
  readonly horizon: string;
  readonly errors: readonly MessageError[];
}

/** Where the ledger stands now: ask it before the queue is asked for its extents. */
export async function readHorizon(session: Session): Promise<Horizon> {
  const { rows } = await session.query(HORIZON);
  return { number: String(rows[0]?.['horizon']), at: Number(rows[0]?.['at']) };
}

export interface OpenSince {
  /** Rows that are open although they were written before the horizon. */
  readonly lost: number;
  /** Of the other open rows, when the oldest was received: milliseconds since the epoch. */
  readonly oldest: number | undefined;
}

/** What is open of the messages received since a moment. Changes nothing. */
export async function readOpenSince(
  session: Session,
  pipeline: string,
  horizon: string,
  since: number,
): Promise<OpenSince> {
  const { rows } = await session.query({ ...LOOK, values: [pipeline, horizon, since] });
  const oldest = rows[0]?.['oldest'];
  return {
    lost: Number(rows[0]?.['lost'] ?? 0),
    oldest: oldest === null || oldest === undefined ? undefined : Number(oldest),
  };
}

/** Marks what is still open of the messages received since a moment; gives the ids, `LOST_AT_ONCE` at most. */
export function markLostSince(
  session: Session,
  search: LossSearch,
  since: number,
): Promise<readonly string[]> {
  return mark(session, MARK_SINCE, search, [since]);
}

export interface LossStep {
  readonly ids: readonly string[];
  /** The page at which the next step begins, or undefined where the table ends. */
  readonly next: number | undefined;
}

/** The same for a range of pages, whenever their messages were received. */
export async function markLostPages(session: Session, search: LossSearch, page: number): Promise<LossStep> {
  const { rows } = await session.query(PAGES_OF);
  if (page >= Number(rows[0]?.['pages'] ?? 0)) return { ids: [], next: undefined };
  const ids = await mark(session, MARK_PAGES, search, [`(${page},0)`, `(${page + PAGES},0)`]);
  return { ids, next: ids.length === LOST_AT_ONCE ? page : page + PAGES };
}

async function mark(
  session: Session,
  statement: { readonly text: string },
  { pipeline, horizon, errors }: LossSearch,
  range: readonly unknown[],
): Promise<readonly string[]> {
  const values = [
    pipeline,
    horizon,
    errors.map(({ entity }) => entity),
    errors.map((error) => jsonText(error)),
    ...range,
  ];
  const { rows } = await session.query({ ...statement, values });
  return rows.map((row) => String(row['message_id']));
}

/** Forgets those, of a step, that were sent again, settled or purged; gives where the next step begins. */
const FORGET_SETTLED = {
  text: `
WITH step AS (
  SELECT message_id FROM nomnom_lost WHERE pipeline = $1 AND message_id > $2::uuid ORDER BY message_id LIMIT 5000
), settled AS (
  DELETE FROM nomnom_lost AS l USING step
  WHERE l.message_id = step.message_id
    AND NOT EXISTS (SELECT FROM message_status AS s WHERE s.message_id = l.message_id AND s.status = 'lost')
)
SELECT count(*) AS n, max(message_id::text COLLATE "C") AS last FROM step`,
};

const COUNT_LOST = { text: `SELECT count(*) AS n FROM nomnom_lost WHERE pipeline = $1` };

export const NO_MESSAGE = '00000000-0000-0000-0000-000000000000';

/** How many lost messages nobody has dealt with, and from which id on the next call is to look. */
export async function countLost(
  session: Session,
  pipeline: string,
  from: string,
): Promise<{ readonly count: number; readonly next: string }> {
  const { rows: step } = await session.query({ ...FORGET_SETTLED, values: [pipeline, from] });
  const { rows } = await session.query({ ...COUNT_LOST, values: [pipeline] });
  const ended = Number(step[0]?.['n'] ?? 0) < 5_000;
  return { count: Number(rows[0]?.['n'] ?? 0), next: ended ? NO_MESSAGE : String(step[0]?.['last']) };
}
