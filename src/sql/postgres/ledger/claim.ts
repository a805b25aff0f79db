/**
 * The inbox: one statement both writes `completed` and tells which messages were settled before, mostly none: they are
 * looked for where fewer were claimed than sent. Of two transactions with the same message the second waits here for the first, and
 * then finds it settled.
 */
export const CLAIM = {
  name: 'nomnom_claim',
  text: `
WITH claimed AS (
INSERT INTO message_status AS known (message_id, pipeline, entity_type, status, received_at, updated_at, generation)
SELECT message_id, pipeline, entity, 'completed', to_timestamp(received_ms / 1000.0), now(), generation
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[])
  AS arrived (message_id, pipeline, entity, generation, received_ms)
ON CONFLICT (message_id) DO UPDATE SET
  status = 'completed',
  updated_at = now(),
  generation = excluded.generation,
  retry_count = CASE WHEN known.generation < excluded.generation THEN 0 ELSE known.retry_count END,
  error = NULL
WHERE (known.status IN ('accepted', 'retrying', 'lost') AND known.generation = excluded.generation)
  OR known.generation < excluded.generation
RETURNING message_id
)
SELECT message_id FROM unnest($1::uuid[]) AS sent (message_id)
WHERE (SELECT count(*) FROM claimed) < cardinality($1::uuid[])
  AND NOT EXISTS (SELECT FROM claimed WHERE claimed.message_id = sent.message_id)`,
};
