/** By the clock of Postgres, which all processes share. */
export const READ_KEYS = {
  name: 'nomnom_keys_read',
  text: `
SELECT name, encode(hash, 'hex') AS hash, array_to_json(scopes)::text AS scopes, array_to_json(entities)::text AS entities,
  rate_messages, rate_per, extract(epoch FROM created_at) * 1000 AS created_ms,
  extract(epoch FROM ends_at - now()) * 1000 AS left_ms
FROM nomnom_keys WHERE pipeline = $1 ORDER BY created_at, name`,
};

/** Keys that ended long ago go at this moment: another one is there now, so that the pipeline stays closed. */
export const ADD_KEY = {
  text: `
WITH forgotten AS (DELETE FROM nomnom_keys WHERE pipeline = $1 AND ends_at < now() - interval '90 days')
INSERT INTO nomnom_keys (pipeline, name, hash, scopes, entities, rate_messages, rate_per, created_at)
VALUES ($1, $2, decode($3, 'hex'), $4::text[], $5::text[], $6::int, $7::int, now())
ON CONFLICT (pipeline, name) WHERE ends_at IS NULL DO NOTHING`,
};

export const END_KEY_LATER = {
  text: `
UPDATE nomnom_keys SET ends_at = now() + $3::float8 * interval '1 ms'
WHERE pipeline = $1 AND name = $2 AND ends_at IS NULL
RETURNING encode(hash, 'hex') AS hash`,
};

/** A key with the terms of another one, whose hash is `$1`. */
export const COPY_KEY = {
  text: `
INSERT INTO nomnom_keys (pipeline, name, hash, scopes, entities, rate_messages, rate_per, created_at)
SELECT pipeline, name, decode($2, 'hex'), scopes, entities, rate_messages, rate_per, now()
FROM nomnom_keys WHERE hash = decode($1, 'hex')`,
};

export const REVOKE_KEYS = {
  text: `
UPDATE nomnom_keys SET ends_at = now()
WHERE pipeline = $1 AND name = $2 AND (ends_at IS NULL OR ends_at > now())`,
};
