/** Unnamed, so that it is planned for the table as it is: a plan from when the table was empty would scan it. */
export const READ_STATUS = {
  text: `
SELECT pipeline, entity_type, status, retry_count, generation, error::text AS error,
  to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS received_at,
  to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated_at
FROM message_status
WHERE message_id = $1::uuid`,
};
