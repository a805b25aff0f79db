/**
 * Unnamed, so that it is planned for the table as it is: a plan from when the table was empty would scan it. The array is
 * computed, so that Postgres takes it for a few ids and looks each up.
 */
export const MARK_SUPERSEDED = {
  text: `
UPDATE message_status SET status = 'superseded', updated_at = now()
WHERE message_id = ANY (ARRAY(SELECT unnest($1::uuid[])))`,
};
