import type { Plan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Extent } from '../../ports/queue.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { textArray } from './array-literal.ts';
import { queueFailure } from './queue-failure.ts';

/**
 * Positions are the ids of the rows, whichever segment they lie in. `end` is what the sequence gave out, also to publishers
 * that have not committed: nobody can have recorded their messages yet. A TRUNCATE that starts the ids anew gives the
 * sequence another file; one that does not leaves no row.
 */
const END = {
  text: `
SELECT coalesce(pg_sequence_last_value('nomnom_queue_id_seq'), 0) AS end,
  'nomnom_queue'::regclass::oid || '.' || pg_relation_filenode('nomnom_queue_id_seq') AS identity`,
};

/** The rows of the plan's consumers, and those that no filter has matched yet, which wait for one that does. */
const FLOORS = {
  text: `
SELECT wanted.stream, (
  SELECT q.id FROM nomnom_queue AS q
  WHERE q.consumer = c.id OR (q.consumer IS NULL AND q.stream = c.stream AND q.subject ~ c.filter_regex)
  ORDER BY q.id LIMIT 1
) AS floor, c.id AS consumer
FROM unnest($1::text[], $2::text[]) AS wanted (stream, durable)
LEFT JOIN nomnom_queue_consumer AS c ON c.stream = wanted.stream AND c.durable = wanted.durable`,
};

/** How far the streams of the plan's consumers reach. */
export async function extentsOf(session: SqlSession, plan: Plan): Promise<readonly Extent[]> {
  const consumers = plan.roles.flatMap(({ consumes }) => consumes);
  if (consumers.length === 0) return [];
  try {
    const { rows: ends } = await session.query(END);
    // In a statement of its own: what was published meanwhile has ids behind the end.
    const { rows } = await session.query({
      ...FLOORS,
      values: [
        textArray(consumers.map(({ stream }) => stream)),
        textArray(consumers.map(({ durable }) => durable)),
      ],
    });
    return [...new Set(consumers.map(({ stream }) => stream))].map((stream) => {
      const own = rows.filter((row) => row['stream'] === stream);
      if (own.some((row) => row['consumer'] === null))
        throw new Failure('QUEUE_MISCONFIGURED', `a consumer of stream ${stream} does not exist`);
      const floors = own.flatMap((row) => (row['floor'] === null ? [] : [Number(row['floor'])]));
      return {
        stream,
        identity: String(ends[0]?.['identity']),
        end: Number(ends[0]?.['end']),
        floor: floors.length === 0 ? undefined : Math.min(...floors),
      };
    });
  } catch (error) {
    throw queueFailure(error);
  }
}
