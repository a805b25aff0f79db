import type { Log } from '../../ports/log.ts';
import type { SqlStore } from '../../sql/postgres/session.ts';

/** Rows of one step: short enough to hold nobody up. */
const STEP = 5_000;
const PURGE_EVERY = 10_000;
const ROTATE_EVERY = 500;
/** Where somebody holds a table for long, a backup say, each try holds others up for a moment. */
const BUSY_UP_TO = 60_000;

/** Messages that no consumer wants end with their stream's `max_age`; the others wait for as long as it takes. */
const PURGE_UNWANTED = {
  text: `
WITH expired AS (
  DELETE FROM nomnom_queue q WHERE q.id = ANY (ARRAY(
    SELECT m.id FROM nomnom_queue m JOIN nomnom_queue_stream s ON s.name = m.stream
    WHERE m.consumer IS NULL AND s.max_age_ms > 0 AND m.visible_at < now() - s.max_age_ms * interval '1 ms'
    ORDER BY m.visible_at LIMIT $1 FOR UPDATE OF m SKIP LOCKED
  )) RETURNING q.stream, q.size
), freed AS (
  UPDATE nomnom_queue_size z SET bytes = z.bytes - sum.bytes
  FROM (SELECT stream, sum(size) AS bytes FROM expired GROUP BY stream) AS sum
  WHERE z.stream = sum.stream AND z.slot = 0
)
SELECT count(*) AS n FROM expired`,
};

/** Tables that are emptied as a whole, so that no statement passes what was deleted from them: see `segments.ts`. */
const ROTATE = [
  { text: 'SELECT nomnom_queue_rotate() AS done' },
  { text: 'SELECT nomnom_queue_rotate_ids() AS done' },
  { text: 'SELECT nomnom_queue_rewrite_sizes() AS done' },
  { text: 'SELECT nomnom_queue_rewrite_leases() AS done' },
];

/** Removes what has expired and what was deleted. Called by those who use the queue; most calls do nothing. */
export function housekeeping(store: SqlStore, log: Log): () => Promise<void> {
  const unwanted = paced(log, PURGE_EVERY, PURGE_EVERY, async () => {
    const { rows } = await store.query({ ...PURGE_UNWANTED, values: [STEP] });
    return Number(rows[0]?.['n']) === STEP ? 'more' : 'done';
  });
  const rotations = ROTATE.map((query) =>
    paced(log, ROTATE_EVERY, BUSY_UP_TO, async () => {
      const { rows } = await store.query(query);
      const done = rows[0]?.['done'];
      if (done === 'busy') return 'busy';
      return done === 'emptied' || done === 'turned' ? 'more' : 'done';
    }),
  );
  return async () => {
    for (const step of [...rotations, unwanted]) await step();
  };
}

/** Runs `step` at most every `every` ms: at once again after 'more', ever later after 'busy', at last each `upTo` ms. */
function paced(
  log: Log,
  every: number,
  upTo: number,
  step: () => Promise<'more' | 'done' | 'busy'>,
): () => Promise<void> {
  let next = 0;
  let pause = every;
  return async () => {
    if (Date.now() < next) return;
    next = Number.POSITIVE_INFINITY;
    let outcome: 'more' | 'done' | 'busy' = 'busy';
    try {
      outcome = await step();
    } catch (error) {
      // Nothing depends on it; the next step tries again.
      log.debug({ error }, 'could not tidy up the queue');
    }
    pause = outcome === 'busy' ? Math.min(pause * 2, upTo) : every;
    next = outcome === 'more' ? 0 : Date.now() + pause;
  };
}
