import { Failure } from '../../../ports/failure.ts';
import type { Session, Store } from '../../../ports/store.ts';

/**
 * A store whose every transaction begins by asking whether the partition is still this worker's; where it is not, the
 * transaction ends with PARTITION_LOST. So a process that slept through the end of its time writes nothing more. That
 * suffices without a lock: who takes the partition begins with its first message that is not settled, and claims it.
 */
export function fencedStore(store: Store, isHeld: (session: Session) => Promise<boolean>): Store {
  return {
    ...store,
    transaction: (work) =>
      store.transaction(async (session) => {
        if (!(await isHeld(session))) throw new Failure('PARTITION_LOST', '');
        return work(session);
      }),
  };
}
