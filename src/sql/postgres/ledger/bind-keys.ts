/**
 * The first body stays; a repeat only renews the time, from which the purge counts. Of two who bind one key at once the
 * second waits here for the first, and then finds its body. Only a row that was there has an `xmax`.
 */
export const BIND_KEYS = {
  name: 'nomnom_bind_keys',
  text: `
INSERT INTO idempotency_keys AS known (id, pipeline, body_hash, bound_at)
SELECT id, $1, decode(hash, 'hex'), now() FROM unnest($2::uuid[], $3::text[]) AS asked (id, hash)
ON CONFLICT (id) DO UPDATE SET bound_at = excluded.bound_at
RETURNING id, encode(body_hash, 'hex') AS hash, xmax <> 0 AS repeated`,
};
