import type { Session } from '../../ports/store.ts';
import type { DeadLetter } from './dead-letter.ts';

/** One that is being replayed stays: its replay has to end with it. */
const DROP = {
  text: `
DELETE FROM dead_letters
WHERE id = ANY ($1::bigint[]) AND (replay_until IS NULL OR replay_until <= now() OR replayed_at IS NOT NULL)`,
};

/** Deletes dead letters for good and gives how many; the statuses of their messages stay `dlq`. */
export async function dropDeadLetters(session: Session, letters: readonly DeadLetter[]): Promise<number> {
  if (letters.length === 0) return 0;
  const { rowCount } = await session.query({ ...DROP, values: [letters.map(({ id }) => id)] });
  return rowCount;
}
