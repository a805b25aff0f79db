import type { Outgoing, PublishOutcome } from '../../ports/queue.ts';
import type { Session } from '../../ports/store.ts';
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
 */
const PUBLISH = {
  name: 'nomnom_queue_publish',
  text: `
WITH incoming AS (
  SELECT n::int AS n, stream, subject, entity, message_id, dedupe_id, generation, received_at, headers, body_from,
    body_length, body_length + octet_length(headers) + ${ROW_OVERHEAD} AS size
  FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::int[], $7::int8[], $8::text[], $9::int[], $10::int[]
  ) WITH ORDINALITY AS message (
    stream, subject, entity, message_id, dedupe_id, generation, received_at, headers, body_from, body_length, n
  )
), captured AS (
  SELECT incoming.*, s.dedupe_ms, s.max_bytes, (
      SELECT count(*) > 0 FROM nomnom_queue_dedupe d
      WHERE d.stream = incoming.stream AND d.dedupe_id = incoming.dedupe_id AND d.expires_at > now()
    ) OR row_number() OVER (PARTITION BY incoming.stream, incoming.dedupe_id ORDER BY n) > 1 AS seen
  FROM incoming JOIN nomnom_queue_stream s ON s.name = incoming.stream AND incoming.subject ~ s.subject_regex
), held AS (
  SELECT stream, sum(bytes) AS bytes FROM nomnom_queue_size GROUP BY stream
), fitting AS (
  SELECT * FROM (
    SELECT captured.*, sum(size) OVER (PARTITION BY stream ORDER BY n) AS size_up_to FROM captured WHERE NOT seen
  ) AS unseen
  WHERE max_bytes <= 0 OR size_up_to <= max_bytes - (SELECT bytes FROM held WHERE held.stream = unseen.stream)
), fresh AS (
  INSERT INTO nomnom_queue_dedupe AS d (stream, dedupe_id, expires_at)
  SELECT stream, dedupe_id, now() + dedupe_ms * interval '1 ms' FROM fitting ORDER BY stream, dedupe_id
  ON CONFLICT (stream, dedupe_id) DO UPDATE SET expires_at = excluded.expires_at WHERE d.expires_at <= now()
  RETURNING stream, dedupe_id
), stored AS (
  INSERT INTO nomnom_queue (
    consumer, visible_at, generation, size, received_at, message_id, stream, subject, entity, headers, body
  )
  SELECT c.id, now(), f.generation, f.size, f.received_at, f.message_id, f.stream, f.subject, f.entity, f.headers,
    substring($11::bytea FROM f.body_from FOR f.body_length)
  FROM fitting f JOIN fresh USING (stream, dedupe_id)
    LEFT JOIN nomnom_queue_consumer c ON c.stream = f.stream AND f.subject ~ c.filter_regex
  ORDER BY f.n
  RETURNING stream, size
), grown AS (
  UPDATE nomnom_queue_size z SET bytes = z.bytes + added.bytes
  FROM (SELECT stream, sum(size) AS bytes FROM stored GROUP BY stream ORDER BY stream) AS added
  WHERE z.stream = added.stream AND z.slot = $12
)
SELECT CASE
    WHEN NOT EXISTS (SELECT FROM nomnom_queue_stream s WHERE s.name = incoming.stream) THEN 'no_stream'
    WHEN c.n IS NULL THEN 'not_captured'
    WHEN c.seen THEN 'duplicate'
    WHEN f.n IS NULL THEN 'full'
    WHEN fresh.dedupe_id IS NULL THEN 'duplicate'
    ELSE 'stored'
  END AS outcome
FROM incoming
  LEFT JOIN captured c ON c.n = incoming.n
  LEFT JOIN fitting f ON f.n = incoming.n
  LEFT JOIN fresh ON fresh.stream = f.stream AND fresh.dedupe_id = f.dedupe_id
ORDER BY incoming.n`,
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
