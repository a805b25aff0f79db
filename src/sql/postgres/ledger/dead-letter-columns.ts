const time = (column: string): string =>
  `to_char(d.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;

/** Select list for `dead_letters AS d`: all but the body and the headers. */
export const DEAD_LETTER_COLUMNS = `d.id::text AS id, d.message_id, d.entity_type, d.generation, d.attempts,
  d.error::text AS error, octet_length(d.body) AS size, ${['received_at', 'failed_at', 'replayed_at'].map(time).join(',\n  ')}`;
