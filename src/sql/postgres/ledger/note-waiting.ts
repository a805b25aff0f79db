/** The status stays: no attempt was spent. Whatever comes of the message takes the place of the note. */
export const NOTE_WAITING = {
  name: 'nomnom_note_waiting',
  text: `
INSERT INTO message_status AS known (message_id, pipeline, entity_type, status, received_at, updated_at, generation, error)
SELECT message_id, pipeline, entity, 'accepted', to_timestamp(received_ms / 1000.0), now(), generation, error::jsonb
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::text[])
  AS waiting (message_id, pipeline, entity, generation, received_ms, error)
ON CONFLICT (message_id) DO UPDATE SET updated_at = now(), error = excluded.error
WHERE known.status IN ('accepted', 'retrying') AND known.generation = excluded.generation`,
};
