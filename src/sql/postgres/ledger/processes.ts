/** Those who ended without a word are forgotten by whoever comes next. */
export const BEAT = {
  name: 'nomnom_process_beat',
  text: `
WITH ended AS (DELETE FROM nomnom_processes WHERE seen_until < now() - interval '1 minute')
INSERT INTO nomnom_processes AS known (id, pipeline, role, fingerprint, consumes, seen_until, waits)
VALUES ($1::uuid, $2, $3, $4, $5, now() + $6::float8 * interval '1 ms', $7)
ON CONFLICT (id) DO UPDATE SET seen_until = excluded.seen_until, waits = excluded.waits`,
};

export const FORGET_PROCESS = { text: `DELETE FROM nomnom_processes WHERE id = $1::uuid` };

export const READ_LIVE = {
  name: 'nomnom_processes_live',
  text: `
SELECT role, fingerprint, consumes, count(*) AS n,
  (extract(epoch FROM min(seen_until) - now()) * 1000)::float8 AS left_ms,
  coalesce(json_agg(DISTINCT waits) FILTER (WHERE waits IS NOT NULL), '[]') AS waits
FROM nomnom_processes
WHERE pipeline = $1 AND seen_until > now() GROUP BY role, fingerprint, consumes ORDER BY role, fingerprint`,
};
