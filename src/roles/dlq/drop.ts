import type { Session } from '../../ports/store.ts';
import type { DeadLetter } from './dead-letter.ts';

/** What became of dead letters that were to be deleted; each of them counts once. */
export interface Dropped {
  readonly dropped: number;
  /** Replayed since they were selected: their messages are in the queue again, or applied. */
  readonly replayed: number;
  /** Another process replays them at this moment; they stay. */
  readonly replaying: number;
  /** Somebody else deleted them. */
  readonly gone: number;
}

/**
 * One that is being replayed stays: its replay has to end with it. One that was replayed is no dead letter any more, and
 * goes only where that was asked for. A replay that commits while this waits for its row is seen: Postgres looks at the
 * row again.
 */
const DROP = {
  text: `
DELETE FROM dead_letters
WHERE id = ANY ($1::bigint[])
  AND CASE WHEN replayed_at IS NULL THEN replay_until IS NULL OR replay_until <= now() ELSE $2::boolean END
RETURNING id::text AS id`,
};

const LEFT = {
  text: `SELECT id::text AS id, replayed_at IS NOT NULL AS replayed FROM dead_letters WHERE id = ANY ($1::bigint[])`,
};

/**
 * Deletes dead letters for good, those that were replayed only `withReplayed`; the statuses of their messages stay. Says
 * what became of each.
 */
export async function dropDeadLetters(
  session: Session,
  letters: readonly DeadLetter[],
  withReplayed = false,
): Promise<Dropped> {
  if (letters.length === 0) return { dropped: 0, replayed: 0, replaying: 0, gone: 0 };
  const ids = letters.map(({ id }) => id);
  const { rows: deleted } = await session.query({ ...DROP, values: [ids, withReplayed] });
  const dropped = new Set(deleted.map((row) => String(row['id'])));
  const kept = ids.filter((id) => !dropped.has(id));
  const { rows: left } = kept.length === 0 ? { rows: [] } : await session.query({ ...LEFT, values: [kept] });
  const replayed = left.filter((row) => row['replayed'] === true).length;
  return {
    dropped: dropped.size,
    replayed,
    replaying: left.length - replayed,
    gone: kept.length - left.length,
  };
}
