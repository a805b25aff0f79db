export const MARK_RETRYING = {
  name: 'nomnom_mark_retrying',
  text: `
INSERT INTO message_status AS known
  (message_id, pipeline, entity_type, status, received_at, updated_at, generation, retry_count, error)
SELECT message_id, pipeline, entity, 'retrying', to_timestamp(received_ms / 1000.0), now(), generation, 1, error::jsonb
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::text[])
  AS failed (message_id, pipeline, entity, generation, received_ms, error)
ON CONFLICT (message_id) DO UPDATE SET
  status = 'retrying',
  updated_at = now(),
  generation = excluded.generation,
  retry_count = CASE WHEN known.generation < excluded.generation THEN 1 ELSE known.retry_count + 1 END,
  error = excluded.error
WHERE (known.status IN ('accepted', 'retrying', 'lost') AND known.generation = excluded.generation)
  OR known.generation < excluded.generation
RETURNING message_id, retry_count`,
};
