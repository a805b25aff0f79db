import { setTimeout as sleep } from 'node:timers/promises';
import type { Session, Store } from '../../../src/ports/store.ts';

/** Whether only one of two transactions that run at once gets what `tryLock` gives to one. */
export async function locksOneAtATime(
  store: Store,
  tryLock: (session: Session) => Promise<boolean>,
): Promise<boolean> {
  const locked = Promise.withResolvers<void>();
  let ended = false;
  const first = store.transaction(async (session) => {
    const mine = await tryLock(session);
    locked.resolve();
    await sleep(100);
    ended = true;
    return mine;
  });
  await locked.promise;
  // A store with one connection begins the second only once the first has ended.
  const second = store.transaction(async (session) => (await tryLock(session)) && !ended);
  const [firstHasIt, both] = await Promise.all([first, second]);
  const after = await store.transaction(tryLock);
  return firstHasIt && !both && after;
}
