/** What a worker has written meanwhile is newer and stays. */
export const RECORD_ACCEPTED = {
  name: 'nomnom_record_accepted',
  text: `
INSERT INTO message_status (message_id, pipeline, entity_type, status, received_at, updated_at, generation)
SELECT message_id, pipeline, entity, 'accepted', to_timestamp(received_ms / 1000.0), now(), generation
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[])
  AS arrived (message_id, pipeline, entity, generation, received_ms)
ON CONFLICT (message_id) DO NOTHING`,
};
