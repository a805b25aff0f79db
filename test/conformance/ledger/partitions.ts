import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { HeldPartition, Sharing } from '../../../src/ports/partitions.ts';
import type { Store } from '../../../src/ports/store.ts';

export function partitionConformance(opened: () => Store): void {
  const partitions = () => opened().ledger.partitions;
  const share = (sharing: Sharing, held: readonly number[] = []) =>
    opened().transaction(({ ledger }) => ledger.partitions.share(sharing, held));
  const workerOf = (group: string, lease = 60_000): Sharing => ({
    group,
    count: 4,
    worker: randomUUID(),
    lease,
  });
  const numbers = (held: readonly HeldPartition[]) =>
    held.map(({ partition }) => partition).toSorted((one, other) => one - other);
  const newGroup = async () => {
    const group = randomUUID();
    await partitions().add(group, 4);
    return group;
  };

  describe('partitions', () => {
    test('a group has as many partitions as were added and not dropped', async () => {
      const [group, none] = [await newGroup(), randomUUID()];
      await partitions().add(group, 4);
      expect(await partitions().count([group, none])).toEqual(new Map([[group, 4]]));
      await partitions().drop(group, 1);
      await partitions().add(group, 2);
      expect(await partitions().count([group])).toEqual(new Map([[group, 2]]));
    });

    test('workers share the partitions out evenly, each to one', async () => {
      const group = await newGroup();
      const [first, second] = [workerOf(group), workerOf(group)];
      const alone = await share(first);
      expect(alone).toMatchObject({ kept: new Set(), fair: 4 });
      expect(numbers(alone.taken)).toEqual([0, 1, 2, 3]);
      expect(await share(second)).toEqual({ kept: new Set(), taken: [], fair: 2 });
      expect(await share(first, [0, 1, 2, 3])).toMatchObject({ kept: new Set([0, 1, 2, 3]), fair: 2 });
      for (const held of alone.taken.slice(2)) await partitions().giveBack(first, held);
      expect((await share(second)).taken).toHaveLength(2);
      await partitions().leave(first);
      expect((await share(second)).fair).toBe(4);
    });

    test('of two who take at once each gets others', async () => {
      const group = await newGroup();
      const shares = await Promise.all([1, 2, 3].map(() => share(workerOf(group))));
      const taken = shares.flatMap((each) => numbers(each.taken));
      expect(new Set(taken).size).toBe(taken.length);
    });

    test('who is not heard of in time loses its partitions, and the next one knows', async () => {
      const group = await newGroup();
      const [lapsed, next] = [workerOf(group, 1), workerOf(group)];
      const [held] = (await share(lapsed)).taken;
      if (held === undefined) throw new Error('nothing was taken');
      expect(await partitions().isHeld(lapsed, held)).toBe(true);
      await sleep(20);
      const { taken } = await share(next);
      expect(taken).toHaveLength(4);
      expect(taken.every(({ takeovers }) => takeovers === 1)).toBe(true);
      expect(await partitions().isHeld(lapsed, held)).toBe(false);
      expect((await share(lapsed, [held.partition])).kept).toEqual(new Set());
      // Nothing that the one who lost it does has an effect.
      await partitions().giveBack(lapsed, held);
      await partitions().noteProgress(lapsed, held);
      const own = taken.find(({ partition }) => partition === held.partition);
      expect(own !== undefined && (await partitions().isHeld(next, own))).toBe(true);
    });

    test('progress forgives those who lost the partition before', async () => {
      const group = randomUUID();
      await partitions().add(group, 1);
      const takeovers = async (lease: number, progress: boolean) => {
        const worker = { ...workerOf(group, lease), count: 1 };
        const [held] = (await share(worker)).taken;
        if (held === undefined) throw new Error('nothing was taken');
        if (progress) await partitions().noteProgress(worker, held);
        await sleep(20);
        return held.takeovers;
      };
      expect(await takeovers(1, false)).toBe(0);
      expect(await takeovers(1, false)).toBe(1);
      expect(await takeovers(1, true)).toBe(2);
      expect(await takeovers(1, false)).toBe(1);
    });

    test('who got no answer when it took a partition takes it again, under a new epoch', async () => {
      const group = await newGroup();
      const worker = workerOf(group);
      const [before] = (await share(worker)).taken;
      const again = (await share(worker)).taken.find(({ partition }) => partition === before?.partition);
      expect(again?.takeovers).toBe(0);
      expect(BigInt(again?.epoch ?? 0)).toBeGreaterThan(BigInt(before?.epoch ?? 0));
    });
  });
}
