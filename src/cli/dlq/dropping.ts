import type { Dropped, Selection } from '../../ports/dead-letters.ts';
import type { Store } from '../../ports/store.ts';
import { chunksOf, eachDeadLetter } from '../../roles/dead-letters/walk.ts';

/** Deletes page by page; gives what became of them all. `onProgress` gets how many were looked at. */
export async function dropAll(
  store: Store,
  selection: Selection,
  limit: number,
  onProgress: (done: number) => void,
): Promise<Dropped> {
  let sum: Dropped = { dropped: 0, replayed: 0, replaying: 0, gone: 0 };
  let done = 0;
  for await (const letters of chunksOf(eachDeadLetter(store, selection, limit))) {
    const { dropped, replayed, replaying, gone } = await store.ledger.deadLetters.drop(
      letters.map(({ id }) => id),
      selection.replayed === true,
    );
    sum = {
      dropped: sum.dropped + dropped,
      replayed: sum.replayed + replayed,
      replaying: sum.replaying + replaying,
      gone: sum.gone + gone,
    };
    done += letters.length;
    onProgress(done);
  }
  return sum;
}

/** `200 dropped; 150 not, they were replayed meanwhile; 50 not, they are being replayed` */
export function droppedText({ dropped, replayed, replaying, gone }: Dropped): string {
  const parts = [
    `${dropped} dropped`,
    ...(replayed > 0 ? [`${replayed} not, they were replayed meanwhile`] : []),
    ...(replaying > 0 ? [`${replaying} not, they are being replayed`] : []),
    ...(gone > 0 ? [`${gone} were already deleted by another command`] : []),
  ];
  return `${parts.join('; ')}\n`;
}
