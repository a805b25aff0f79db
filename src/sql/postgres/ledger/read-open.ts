/**
 * Unnamed, so that it is planned for the table as it is: a plan from when the table was empty would scan it. `LIMIT 1`
 * keeps Postgres from joining the whole table.
 */
export const READ_OPEN = {
  text: `
SELECT arrived.message_id,
  CASE WHEN known.generation = arrived.generation THEN known.retry_count ELSE 0 END AS retry_count,
  CASE WHEN known.generation = arrived.generation THEN known.error ->> 'code' END AS error_code
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[])
  AS arrived (message_id, pipeline, entity, generation, received_ms)
LEFT JOIN LATERAL (
  SELECT * FROM message_status AS s WHERE s.message_id = arrived.message_id LIMIT 1
) AS known ON true
WHERE known.message_id IS NULL
  OR (known.status IN ('accepted', 'retrying', 'lost') AND known.generation = arrived.generation)
  OR known.generation < arrived.generation`,
};
