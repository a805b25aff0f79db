/** Status and dead letter in one statement, so that neither can be there without the other. */
export const RECORD_DEAD_LETTERS = {
  name: 'nomnom_record_dead_letters',
  text: `
WITH dying AS (
  SELECT * FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[]
  ) AS dying (message_id, pipeline, entity, generation, received_ms, error_code, error, headers, body)
), recorded AS (
  INSERT INTO message_status AS known
    (message_id, pipeline, entity_type, status, received_at, updated_at, generation, retry_count, error)
  SELECT message_id, pipeline, entity, 'dlq', to_timestamp(received_ms / 1000.0), now(), generation, 0, error::jsonb
  FROM dying
  ON CONFLICT (message_id) DO UPDATE SET
    status = 'dlq',
    updated_at = now(),
    generation = excluded.generation,
    retry_count = CASE WHEN known.generation < excluded.generation THEN 0 ELSE known.retry_count END,
    error = excluded.error
  WHERE (known.status IN ('accepted', 'retrying', 'lost') AND known.generation = excluded.generation)
    OR known.generation < excluded.generation
  RETURNING message_id, retry_count
)
INSERT INTO dead_letters
  (message_id, pipeline, entity_type, generation, body, headers, received_at, failed_at, attempts, error_code, error)
SELECT message_id, pipeline, entity, generation, body, headers::jsonb,
  to_timestamp(received_ms / 1000.0), now(), retry_count + 1, error_code, error::jsonb
FROM dying JOIN recorded USING (message_id)
ON CONFLICT (message_id, generation) DO NOTHING
RETURNING message_id`,
};
