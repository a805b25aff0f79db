import type { DeadLetter, Selection } from '../../ports/dead-letters.ts';
import type { Session } from '../../ports/store.ts';

/** Letters of one page. */
const PAGE = 500;
/** Bytes of bodies and letters that are worked on together. */
const CHUNK = { bytes: 8 * 1024 * 1024, letters: 100 };

/** In the order of failure, `limit` at most; holds one page at a time. */
export async function* eachDeadLetter(
  { ledger }: Session,
  selection: Selection,
  limit = Infinity,
): AsyncGenerator<DeadLetter> {
  let last: string | undefined;
  for (let left = limit; left > 0;) {
    const size = Math.min(PAGE, left);
    const letters = await ledger.deadLetters.page(selection, last, size);
    yield* letters;
    last = letters.at(-1)?.id;
    if (letters.length < size) return;
    left -= letters.length;
  }
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
