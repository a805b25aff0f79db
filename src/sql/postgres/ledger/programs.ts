/** Of two who activate at once the second gets the higher number. Held until the transaction ends. */
export const LOCK_PROGRAMS = { text: `SELECT pg_advisory_xact_lock(7305804402566197)` };

export const ACTIVATE = {
  text: `
INSERT INTO nomnom_programs AS known (pipeline, fingerprint, entities, tables, number, activated_at)
SELECT $1, $2, $3::jsonb, $4::jsonb,
  (SELECT coalesce(max(number), 0) + 1 FROM nomnom_programs WHERE pipeline = $1), clock_timestamp()
ON CONFLICT (pipeline, fingerprint) DO UPDATE SET
  entities = excluded.entities, tables = excluded.tables, number = excluded.number, activated_at = excluded.activated_at
WHERE known.number < (SELECT max(number) FROM nomnom_programs WHERE pipeline = $1)`,
};

export const IS_REGISTERED = {
  text: `SELECT FROM nomnom_programs WHERE pipeline = $1 AND fingerprint = $2`,
};

export const READ_PROGRAMS = {
  text: `
SELECT fingerprint, entities::text AS entities, tables::text AS tables, number,
  (extract(epoch FROM activated_at) * 1000)::bigint AS activated_ms
FROM nomnom_programs WHERE pipeline = $1 AND number > $2`,
};
