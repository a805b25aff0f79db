import type { Outgoing, PublishOutcome } from '../../ports/queue.ts';
import type { Session } from '../../ports/store.ts';
import { arrayLiteral, element, NULL_ELEMENT } from '../../types/array-literal.ts';
import { bareArray, textArray } from './array-literal.ts';

/** Writers of the size of a stream take one of so many rows, by chance. */
export const SIZE_SLOTS = 16;

/** What a message takes besides its body and headers, about. */
const ROW_OVERHEAD = 200;

/*
 * Publishes any number of messages. A message that was published within the dedupe window is a duplicate; of the
 * others, in order, as many are stored as the stream has room for, one row for each consumer whose filter matches.
 * Bodies come as one byte string with offsets: as a parameter that is binary, not twice as long in hexadecimal.
 * Ids are written in their order, so that two publishers of the same ids wait for each other and do not deadlock.
 * Room is what was committed before: publishers that run at the same time may pass the limit by what they bring.
 * `IN` in a select list is looked up in a hash; as a join it would be planned for one row and take n² steps.
 */
const PUBLISH = {
  name: 'nomnom_queue_publish',
  text: `
WITH incoming AS (
  SELECT n::int AS n, stream, subject, entity, message_id, dedupe_id, generation, received_at, headers, program,
    body_from, body_length, body_length + octet_length(headers) + ${ROW_OVERHEAD} AS size
  FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::int[], $7::int8[], $8::text[], $9::int[], $10::int[],
    $13::text[]
  ) WITH ORDINALITY AS message (
    stream, subject, entity, message_id, dedupe_id, generation, received_at, headers, body_from, body_length,
    program, n
  )
), streams AS MATERIALIZED (
  SELECT s.*, (SELECT sum(z.bytes) FROM nomnom_queue_size z WHERE z.stream = s.name) AS held
  FROM nomnom_queue_stream s WHERE s.name = ANY ($1::text[])
), known AS (
  SELECT incoming.*, s.name IS NOT NULL AS has_stream, incoming.subject ~ s.subject_regex AS captured,
    s.dedupe_ms, CASE WHEN s.max_bytes > 0 THEN s.max_bytes - s.held END AS room,
    (
      SELECT count(*) > 0 FROM nomnom_queue_dedupe d
      WHERE d.stream = incoming.stream AND d.dedupe_id = incoming.dedupe_id AND d.expires_at > now()
    ) OR row_number() OVER (PARTITION BY incoming.stream, incoming.dedupe_id ORDER BY n) > 1 AS seen
  FROM incoming LEFT JOIN streams s ON s.name = incoming.stream
), judged AS (
  SELECT known.*, captured AND NOT seen AND (room IS NULL OR room >= sum(size)
    FILTER (WHERE captured AND NOT seen) OVER (PARTITION BY stream ORDER BY n)) AS fits
  FROM known
), fresh AS (
  INSERT INTO nomnom_queue_dedupe AS d (stream, dedupe_id, expires_at)
  SELECT stream, dedupe_id, now() + dedupe_ms * interval '1 ms' FROM judged WHERE fits ORDER BY stream, dedupe_id
  ON CONFLICT (stream, dedupe_id) DO UPDATE SET expires_at = excluded.expires_at WHERE d.expires_at <= now()
  RETURNING stream, dedupe_id
), winners AS MATERIALIZED (
  SELECT judged.*, fits AND (stream, dedupe_id) IN (SELECT stream, dedupe_id FROM fresh) AS wins FROM judged
), stored AS (
  INSERT INTO nomnom_queue (
    consumer, visible_at, generation, size, received_at, message_id, stream, subject, entity, headers,
    program, body
  )
  SELECT c.id, now(), w.generation, w.size, w.received_at, w.message_id, w.stream, w.subject, w.entity, w.headers,
    w.program, substring($11::bytea FROM w.body_from FOR w.body_length)
  FROM winners w LEFT JOIN nomnom_queue_consumer c ON c.stream = w.stream AND w.subject ~ c.filter_regex
  WHERE w.wins ORDER BY w.n
  RETURNING stream, size
), grown AS (
  UPDATE nomnom_queue_size z SET bytes = z.bytes + added.bytes
  FROM (SELECT stream, sum(size) AS bytes FROM stored GROUP BY stream ORDER BY stream) AS added
  WHERE z.stream = added.stream AND z.slot = $12
)
SELECT CASE
    WHEN NOT has_stream THEN 'no_stream'
    WHEN NOT captured THEN 'not_captured'
    WHEN seen THEN 'duplicate'
    WHEN NOT fits THEN 'full'
    WHEN NOT wins THEN 'duplicate'
    ELSE 'stored'
  END AS outcome
FROM winners ORDER BY n`,
};

/** Publishes in one statement, which is one transaction; gives one outcome for each message, in order. */
export async function publishAll(
  session: Session,
  messages: readonly Outgoing[],
): Promise<readonly PublishOutcome[]> {
  const starts: number[] = [];
  let length = 0;
  for (const { body } of messages) {
    // Postgres counts from 1.
    starts.push(length + 1);
    length += body.length;
  }
  const { rows } = await session.query({
    ...PUBLISH,
    values: [
      textArray(messages.map(({ stream }) => stream)),
      textArray(messages.map(({ subject }) => subject)),
      textArray(messages.map(({ entity }) => entity)),
      bareArray(messages.map(({ messageId }) => messageId)),
      textArray(messages.map(({ dedupeId }) => dedupeId)),
      bareArray(messages.map(({ generation }) => generation)),
      bareArray(messages.map(({ receivedAt }) => Math.trunc(receivedAt))),
      textArray(messages.map(({ headers }) => JSON.stringify(headers))),
      bareArray(starts),
      bareArray(messages.map(({ body }) => body.length)),
      Buffer.concat(
        messages.map(({ body }) => body),
        length,
      ),
      Math.floor(Math.random() * SIZE_SLOTS),
      arrayLiteral(
        messages.map(({ program }) => (program === undefined ? NULL_ELEMENT : element(program, false))),
      ),
    ],
  });
  return messages.map((message, index) => outcomeOf(String(rows[index]?.['outcome']), message));
}

function outcomeOf(outcome: string, { stream, subject }: Outgoing): PublishOutcome {
  switch (outcome) {
    case 'stored':
      return { kind: 'stored', duplicate: false };
    case 'duplicate':
      return { kind: 'stored', duplicate: true };
    case 'full':
      return { kind: 'full', reason: `stream ${stream} holds its max_bytes` };
    case 'no_stream':
      return { kind: 'misconfigured', reason: `there is no stream ${stream}` };
    case 'not_captured':
      return { kind: 'misconfigured', reason: `stream ${stream} does not capture the subject ${subject}` };
    default:
      return { kind: 'unavailable', reason: 'the answer of Postgres misses an outcome' };
  }
}
