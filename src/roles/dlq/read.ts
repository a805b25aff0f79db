import type { Session } from '../../ports/store.ts';
import {
  DEAD_LETTER_COLUMNS,
  type DeadLetter,
  type FullDeadLetter,
  fullDeadLetterOf,
} from './dead-letter.ts';

const READ_FULL = {
  text: `
SELECT ${DEAD_LETTER_COLUMNS}, d.body, d.headers::text AS headers
FROM dead_letters AS d WHERE d.id = ANY ($1::bigint[]) ORDER BY d.id`,
};

/** Bytes of bodies and letters that are worked on together. */
const CHUNK = { bytes: 8 * 1024 * 1024, letters: 100 };

/** Letters with their bodies, in the order of failure; one that is gone meanwhile is left out. */
export async function readFull(
  session: Session,
  letters: readonly DeadLetter[],
): Promise<readonly FullDeadLetter[]> {
  if (letters.length === 0) return [];
  const { rows } = await session.query({ ...READ_FULL, values: [letters.map(({ id }) => id)] });
  return rows.map(fullDeadLetterOf);
}

/** Groups whose bodies fit into memory together; a single body may be larger than a group. */
export async function* chunksOf(letters: AsyncIterable<DeadLetter>): AsyncGenerator<readonly DeadLetter[]> {
  let chunk: DeadLetter[] = [];
  let bytes = 0;
  for await (const letter of letters) {
    if (chunk.length === CHUNK.letters || (chunk.length > 0 && bytes + letter.size > CHUNK.bytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(letter);
    bytes += letter.size;
  }
  if (chunk.length > 0) yield chunk;
}
