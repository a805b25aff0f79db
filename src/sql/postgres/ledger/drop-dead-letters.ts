/**
 * One that is being replayed stays: its replay has to end with it. One that was replayed is no dead letter any more, and
 * goes only where that was asked for. A replay that commits while this waits for its row is seen: Postgres looks at the
 * row again.
 */
export const DROP_DEAD_LETTERS = {
  text: `
DELETE FROM dead_letters
WHERE id = ANY ($1::bigint[])
  AND CASE WHEN replayed_at IS NULL THEN replay_until IS NULL OR replay_until <= now() ELSE $2::boolean END
RETURNING id::text AS id`,
};

export const READ_LEFT = {
  text: `SELECT id::text AS id, replayed_at IS NOT NULL AS replayed FROM dead_letters WHERE id = ANY ($1::bigint[])`,
};
