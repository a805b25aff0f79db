/** Counts in the error itself: the message may be innocent, so `retry_count` stays as it is. */
export const MARK_UNFINISHED = {
  name: 'nomnom_mark_unfinished',
  text: `
INSERT INTO message_status AS known
  (message_id, pipeline, entity_type, status, received_at, updated_at, generation, error)
VALUES ($1::uuid, $2, $3, 'accepted', to_timestamp($5::bigint / 1000.0), now(), $4::int, $6::jsonb || '{"tries": 1}')
ON CONFLICT (message_id) DO UPDATE SET
  updated_at = now(),
  status = CASE
    WHEN known.generation < excluded.generation OR known.status = 'lost' THEN 'accepted' ELSE known.status
  END,
  generation = excluded.generation,
  error = excluded.error || jsonb_build_object(
    'tries',
    CASE WHEN known.generation < excluded.generation THEN 1
    ELSE coalesce((known.error ->> 'tries')::int, 0) + 1 END
  )
WHERE (known.status IN ('accepted', 'retrying', 'lost') AND known.generation = excluded.generation)
  OR known.generation < excluded.generation
RETURNING (error ->> 'tries')::int AS tries`,
};

/** Counts nothing yet: among many, most are innocent. */
export const MARK_TOGETHER = {
  name: 'nomnom_mark_together',
  text: `
INSERT INTO message_status AS known
  (message_id, pipeline, entity_type, status, received_at, updated_at, generation, error)
SELECT message_id, pipeline, entity_type, 'accepted', to_timestamp(received_at / 1000.0), now(), generation,
  error || '{"tries": 0}'
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::jsonb[])
  AS noted (message_id, pipeline, entity_type, generation, received_at, error)
ORDER BY message_id
ON CONFLICT (message_id) DO UPDATE SET
  updated_at = now(),
  status = CASE WHEN known.generation < excluded.generation THEN 'accepted' ELSE known.status END,
  generation = excluded.generation,
  error = excluded.error
WHERE (known.status IN ('accepted', 'retrying') AND known.generation = excluded.generation AND known.error IS NULL)
  OR known.generation < excluded.generation`,
};

export const CLEAR_UNFINISHED = {
  name: 'nomnom_clear_unfinished',
  text: `
UPDATE message_status SET error = NULL, updated_at = now()
WHERE message_id = ANY ($1::uuid[]) AND status IN ('accepted', 'retrying') AND error ->> 'code' = $2`,
};
