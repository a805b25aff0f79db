import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

/** Rows of one step: short enough to hold nobody up. */
const STEP = 5_000;
const EVERY = 10_000;

const PURGE_DEDUPE = {
  name: 'nomnom_queue_purge_dedupe',
  text: `
DELETE FROM nomnom_queue_dedupe d USING (
  SELECT stream, dedupe_id FROM nomnom_queue_dedupe WHERE expires_at < now()
  ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
) AS expired WHERE d.stream = expired.stream AND d.dedupe_id = expired.dedupe_id`,
};

/** Messages that no consumer wants end with their stream's `max_age`; the others wait for as long as it takes. */
const PURGE_UNWANTED = {
  name: 'nomnom_queue_purge_unwanted',
  text: `
WITH expired AS (
  DELETE FROM nomnom_queue q USING (
    SELECT m.id FROM nomnom_queue m JOIN nomnom_queue_stream s ON s.name = m.stream
    WHERE m.consumer IS NULL AND s.max_age_ms > 0 AND m.visible_at < now() - s.max_age_ms * interval '1 ms'
    ORDER BY m.visible_at LIMIT $1 FOR UPDATE OF m SKIP LOCKED
  ) AS old WHERE q.id = old.id RETURNING q.stream, q.size
), freed AS (
  UPDATE nomnom_queue_size z SET bytes = z.bytes - sum.bytes
  FROM (SELECT stream, sum(size) AS bytes FROM expired GROUP BY stream) AS sum
  WHERE z.stream = sum.stream AND z.slot = 0
)
SELECT count(*) AS n FROM expired`,
};

/** Removes what has expired, a small step at a time. Called by those who use the queue, at most every ten seconds. */
export function housekeeping(store: Store, log: Log): () => Promise<void> {
  let next = 0;
  return async () => {
    if (Date.now() < next) return;
    next = Number.POSITIVE_INFINITY;
    let more = false;
    try {
      const dedupe = await store.query({ ...PURGE_DEDUPE, values: [STEP] });
      const unwanted = await store.query({ ...PURGE_UNWANTED, values: [STEP] });
      more = dedupe.rowCount === STEP || Number(unwanted.rows[0]?.['n']) === STEP;
    } catch (error) {
      // Nothing depends on it; the next step tries again.
      log.debug({ error }, 'could not remove what expired in the queue');
    }
    next = more ? 0 : Date.now() + EVERY;
  };
}
