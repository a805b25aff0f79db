import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { LossStretch } from '../../../src/ports/lost-messages.ts';
import type { Store } from '../../../src/ports/store.ts';
import { entry, ERROR } from './entries.ts';
import { locksOneAtATime } from './one-at-a-time.ts';

export function lostMessageConformance(opened: () => Store): void {
  const ledger = () => opened().ledger;
  const lost = () => ledger().lost;
  const searchIn = (pipeline: string, horizon: string) => ({
    pipeline,
    horizon,
    errors: [{ ...ERROR, code: 'lost' }],
  });

  describe('lost messages', () => {
    test('of all processes one marks at a time', async () => {
      const pipeline = randomUUID();
      expect(await locksOneAtATime(opened(), (session) => session.ledger.lost.tryLock(pipeline))).toBe(true);
    });

    test('what was written before a horizon and is open is lost, whatever the clocks say', async () => {
      const pipeline = randomUUID();
      const receivedAt = 4_000_000_000_000;
      const [open, settled] = [entry({ pipeline, receivedAt }), entry({ pipeline, receivedAt })];
      const [retrying, later] = [
        entry({ pipeline, receivedAt }),
        entry({ pipeline, receivedAt: receivedAt - 1 }),
      ];
      await ledger().recordAccepted([open, settled]);
      await ledger().markRetrying([{ ...retrying, error: ERROR }]);
      const before = await lost().horizon();
      await ledger().claim([settled]);
      await ledger().recordAccepted([later]);
      const found = await lost().openSince(pipeline, before.number, 0);
      expect(found).toEqual({ lost: 2, oldest: later.receivedAt });
      const step = await lost().markSince(searchIn(pipeline, before.number), 0);
      expect(step.more).toBe(false);
      expect(step.ids.toSorted()).toEqual([open.messageId, retrying.messageId].toSorted());
      const status = { status: 'lost', error: { code: 'lost' } };
      expect(await ledger().readStatus(open.messageId)).toMatchObject(status);
      expect(await ledger().readStatus(later.messageId)).toMatchObject({ status: 'accepted' });
      expect(await lost().openSince(pipeline, before.number, 0)).toMatchObject({ lost: 0 });
      expect(BigInt((await lost().horizon()).number)).toBeGreaterThan(BigInt(before.number));
    });

    test('only messages of the entities that are named, received since the moment, are marked', async () => {
      const pipeline = randomUUID();
      const [old, young] = [entry({ pipeline, receivedAt: 1000 }), entry({ pipeline, receivedAt: 3000 })];
      const other = entry({ pipeline, entity: 'Stock', receivedAt: 3000 });
      await ledger().recordAccepted([old, young, other]);
      const { number } = await lost().horizon();
      expect((await lost().openSince(pipeline, number, 2000)).lost).toBe(2);
      expect((await lost().markSince(searchIn(pipeline, number), 2000)).ids).toEqual([young.messageId]);
    });

    test('a walk finds them all, whenever they were received', async () => {
      const pipeline = randomUUID();
      const entries = Array.from({ length: 2500 }, () => entry({ pipeline, receivedAt: 1 }));
      await ledger().recordAccepted(entries);
      const { number } = await lost().horizon();
      const ids: string[] = [];
      for (let next: number | undefined = 0; next !== undefined;) {
        const step: LossStretch = await lost().markStretch(searchIn(pipeline, number), next);
        expect(step.ids.length).toBeLessThanOrEqual(1000);
        ids.push(...step.ids);
        next = step.next;
      }
      expect(ids.toSorted()).toEqual(entries.map(({ messageId }) => messageId).toSorted());
      expect((await lost().count(pipeline, undefined)).count).toBe(2500);
      const counted = await lost().byEntity(pipeline);
      expect(counted).toMatchObject([{ count: 2500, lastAt: expect.stringMatching(/^\d{4}-.*Z$/) }]);
      // What has been sent again is not lost, before any count forgets it.
      await lost().reopen(entries.slice(0, 500));
      expect(await lost().byEntity(pipeline)).toMatchObject([{ count: 2000 }]);
      expect(await lost().byEntity(randomUUID())).toEqual([]);
    });

    test('a lost message is read, counted, sent again and worked', async () => {
      const pipeline = randomUUID();
      const [again, worked, kept] = [entry({ pipeline }), entry({ pipeline }), entry({ pipeline })];
      await ledger().recordAccepted([again, worked, kept]);
      const { number } = await lost().horizon();
      await lost().markSince(searchIn(pipeline, number), 0);
      const all = [again, worked, kept].map(({ messageId }) => messageId);
      expect(await lost().read([...all, randomUUID()])).toEqual(new Map(all.map((id) => [id, 0])));
      expect((await lost().count(pipeline, undefined)).count).toBe(3);
      await lost().reopen([{ ...again, generation: 1 }]);
      expect(await ledger().readStatus(again.messageId)).toMatchObject({
        status: 'accepted',
        generation: 1,
        error: null,
      });
      expect((await ledger().claim([worked])).size).toBe(1);
      expect(await lost().count(pipeline, undefined)).toEqual({ count: 1, next: undefined });
      expect(await lost().read(all)).toEqual(new Map([[kept.messageId, 0]]));
    });

    test('a message that was sent again counts as new for the next search', async () => {
      const pipeline = randomUUID();
      const message = entry({ pipeline });
      await ledger().recordAccepted([message]);
      const { number } = await lost().horizon();
      await lost().reopen([message]);
      expect((await lost().openSince(pipeline, number, 0)).lost).toBe(0);
    });
  });
}
