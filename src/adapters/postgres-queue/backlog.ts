import type { Plan } from '../../plan/plan.ts';
import { type Backlog, byConsumer, distinctConsumers, type ConsumerBacklog } from '../../ports/backlog.ts';
import { Failure } from '../../ports/failure.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { textArray } from './array-literal.ts';
import { queueFailure } from './queue-failure.ts';
import { subjectRegex } from './subject-regex.ts';

/** Rows that are counted one by one: more would be read every few seconds. */
const COUNTED = 100_000;

/**
 * Ids ascend as messages are stored: where there are more than are counted, the distance from the oldest to the end of
 * the sequence is an estimate, too high where several streams share it.
 */
const CONSUMERS = {
  text: `
SELECT wanted.stream, c.id AS consumer, oldest.received_at, CASE
  WHEN few.n < ${COUNTED} THEN few.n
  ELSE greatest(few.n, pg_sequence_last_value('nomnom_queue_id_seq') - oldest.id + 1)
END AS messages
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (stream, durable, n)
LEFT JOIN nomnom_queue_consumer AS c ON c.stream = wanted.stream AND c.durable = wanted.durable
LEFT JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT FROM nomnom_queue AS q WHERE q.consumer = c.id LIMIT ${COUNTED}) AS first
) AS few ON true
LEFT JOIN LATERAL (
  SELECT q.id, q.received_at FROM nomnom_queue AS q WHERE q.consumer = c.id ORDER BY q.id LIMIT 1
) AS oldest ON few.n > 0
ORDER BY wanted.n`,
};

/** Rows that no consumer's filter has matched, but for the subjects that are expected to have none. */
const ORPHANS = {
  text: `
SELECT s.name, (
  SELECT count(*) FROM (
    SELECT FROM nomnom_queue AS q
    WHERE q.consumer IS NULL AND q.stream = s.name AND NOT q.subject ~ wanted.expected LIMIT ${COUNTED}
  ) AS first
) AS orphans
FROM unnest($1::text[], $2::text[]) AS wanted (stream, expected)
JOIN nomnom_queue_stream AS s ON s.name = wanted.stream`,
};

/** Matches no subject. */
const NOTHING = '^$';

/** What waits in the streams of the plan, in two statements. */
export async function backlogOf(session: SqlSession, plan: Plan): Promise<readonly Backlog[]> {
  const consumes = distinctConsumers(plan);
  const streams = plan.streams.map(({ name }) => name);
  try {
    const { rows } = await session.query({
      ...CONSUMERS,
      values: [
        textArray(consumes.map(({ stream }) => stream)),
        textArray(consumes.map(({ durable }) => durable)),
      ],
    });
    const { rows: found } = await session.query({
      ...ORPHANS,
      values: [textArray(streams), textArray(streams.map((stream) => expectedIn(plan, stream)))],
    });
    const orphans = new Map(found.map((row) => [String(row['name']), Number(row['orphans'])]));
    return streams.map((stream) => {
      const waiting = orphans.get(stream);
      if (waiting === undefined) throw new Failure('QUEUE_MISCONFIGURED', `stream ${stream} does not exist`);
      const counted = rows.flatMap((row, at) => {
        const { partition, durable } = consumes[at] ?? {};
        return row['stream'] === stream ? [consumerOf(partition?.group ?? durable ?? '', row)] : [];
      });
      return { stream, consumers: byConsumer(counted), orphans: waiting };
    });
  } catch (error) {
    throw queueFailure(error);
  }
}

/** Dead letters wait for a person, or for a consumer of somebody else. */
function expectedIn(plan: Plan, stream: string): string {
  const patterns = plan.roles.flatMap(({ deadLetter }) =>
    deadLetter?.stream === stream ? [deadLetter.template.replace('{entity}', '*')] : [],
  );
  return patterns.length === 0 ? NOTHING : subjectRegex(patterns);
}

function consumerOf(consumer: string, row: Readonly<Record<string, unknown>>): ConsumerBacklog {
  const receivedAt = row['received_at'] ?? null;
  return {
    consumer,
    messages: Number(row['messages'] ?? 0),
    oldestAt: receivedAt === null ? undefined : Number(receivedAt),
  };
}
