import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Purge, PurgeStep } from '../../../src/ports/purge.ts';
import type { Store } from '../../../src/ports/store.ts';
import { deadEntry, entry } from './entries.ts';
import { locksOneAtATime } from './one-at-a-time.ts';

const DAY = 86_400_000;

export function purgeConformance(opened: () => Store): void {
  const ledger = () => opened().ledger;

  /** Steps to the end; gives how many rows were deleted. */
  const purged = async (step: (purge: Purge, from: number) => Promise<PurgeStep>): Promise<number> => {
    let total = 0;
    for (let next: number | undefined = 0; next !== undefined;) {
      const made: PurgeStep = await step(ledger().purge, next);
      expect(made.deleted).toBeLessThanOrEqual(1000);
      total += made.deleted;
      next = made.next;
    }
    return total;
  };
  const isKnown = async (messageId: string) => (await ledger().readStatus(messageId)) !== undefined;

  describe('purge', () => {
    test('of all processes one purges at a time', async () => {
      expect(await locksOneAtATime(opened(), (session) => session.ledger.purge.tryLock())).toBe(true);
    });

    test('statuses go that are settled and old, of one pipeline', async () => {
      const pipeline = randomUUID();
      const [settled, open, dead] = [entry({ pipeline }), entry({ pipeline }), entry({ pipeline })];
      const foreign = entry();
      await ledger().claim([settled, foreign]);
      await ledger().recordAccepted([open]);
      await ledger().recordDeadLetters([deadEntry(dead)]);
      expect(await purged((purge, from) => purge.statuses(pipeline, DAY, from))).toBe(0);
      expect(await purged((purge, from) => purge.statuses(pipeline, 0, from))).toBe(1);
      const known = await Promise.all([settled, open, dead, foreign].map((each) => isKnown(each.messageId)));
      expect(known).toEqual([false, true, true, true]);
    });

    test('thousands go in steps', async () => {
      const pipeline = randomUUID();
      await ledger().claim(Array.from({ length: 2500 }, () => entry({ pipeline })));
      expect(await purged((purge, from) => purge.statuses(pipeline, 0, from))).toBe(2500);
    });

    test('a key goes after the status of its message', async () => {
      const pipeline = randomUUID();
      const [open, gone] = [entry({ pipeline }), entry({ pipeline })];
      await ledger().recordAccepted([open]);
      const bind = () =>
        ledger().bindKeys(
          pipeline,
          [open, gone].map(({ messageId: id }) => ({ id, hash: 'ab' })),
        );
      await bind();
      expect(await purged((purge, from) => purge.keys(pipeline, DAY, from))).toBe(0);
      expect(await purged((purge, from) => purge.keys(pipeline, 0, from))).toBe(1);
      const again = await bind();
      expect([open, gone].map(({ messageId }) => again.get(messageId)?.repeated)).toEqual([true, false]);
    });

    test('dead letters go that are old, but not while they are replayed', async () => {
      const pipeline = randomUUID();
      await ledger().recordDeadLetters([1, 2].map(() => deadEntry(entry({ pipeline }))));
      const [leased] = await ledger().deadLetters.newest({ pipeline }, 1);
      await ledger().deadLetters.leaseForReplay([leased?.id ?? ''], randomUUID());
      expect(await purged((purge) => purge.deadLetters(pipeline, DAY))).toBe(0);
      expect(await purged((purge) => purge.deadLetters(pipeline, 0))).toBe(1);
      const left = await ledger().deadLetters.newest({ pipeline }, 10);
      expect(left.map(({ id }) => id)).toEqual([leased?.id]);
    });
  });
}
