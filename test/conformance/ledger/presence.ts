import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Program } from '../../../src/ports/presence.ts';
import type { Store } from '../../../src/ports/store.ts';

export function presenceConformance(opened: () => Store): void {
  const processes = () => opened().ledger.processes;
  const programs = () => opened().ledger.programs;
  const activate = (program: Program) =>
    opened().transaction(({ ledger }) => ledger.programs.activate(program));
  const register = (program: Program) =>
    opened().transaction(({ ledger }) => ledger.programs.register(program));
  const programOf = (pipeline: string, fingerprint: string): Program => ({
    pipeline,
    fingerprint,
    entities: { Order: `${fingerprint} order` },
    tables: {
      '"shop".orders': {
        columns: { id: { nullable: false }, state: { nullable: true, allowed: ['new', 'old'] } },
        unique: ['id,state'],
        refs: [],
      },
    },
  });

  describe('presence', () => {
    test('processes count while they are heard of', async () => {
      const pipeline = randomUUID();
      const of = (role: string, consumes: boolean) => ({
        id: randomUUID(),
        pipeline,
        role,
        program: 'a1',
        consumes,
      });
      const [ended, other, ingest, silent] = [
        of('worker', true),
        of('worker', true),
        of('ingest', false),
        of('worker', true),
      ];
      expect(await processes().recorded()).toBe(true);
      for (const each of [ended, other, other, ingest]) await processes().beat(each, 60_000);
      await processes().beat(silent, -1);
      const live = (role: string, consumes: boolean, count: number) => ({
        role,
        program: 'a1',
        consumes,
        count,
        left: expect.closeTo(60_000, -5),
        waits: [],
      });
      expect(await processes().live(pipeline)).toEqual([live('ingest', false, 1), live('worker', true, 2)]);
      await processes().forget(ended.id);
      expect(await processes().live(pipeline)).toEqual([live('ingest', false, 1), live('worker', true, 1)]);
    });

    test('processes say what they wait for, until they wait no more', async () => {
      const pipeline = randomUUID();
      const [one, other] = [1, 2].map(() => ({
        id: randomUUID(),
        pipeline,
        role: 'worker',
        program: 'a1',
        consumes: true,
      }));
      if (one === undefined || other === undefined) throw new Error('there are two');
      const waits = async () => (await processes().live(pipeline)).map((each) => each.waits);
      await processes().beat(one, 60_000, 'no room');
      await processes().beat(other, 60_000, 'no room');
      expect(await waits()).toEqual([['no room']]);
      await processes().beat(other, 60_000, 'no "memory"');
      expect(await waits()).toEqual([['no "memory"', 'no room']]);
      await processes().beat(one, 60_000);
      await processes().beat(other, 60_000);
      expect(await waits()).toEqual([[]]);
    });

    test('the program that was activated last has the highest number, a rollback too', async () => {
      const pipeline = randomUUID();
      const [first, second] = [programOf(pipeline, 'a1'), programOf(pipeline, 'b2')];
      await activate(first);
      await activate(second);
      const newest = async () =>
        (await programs().read(pipeline, 0)).toSorted((one, other) => other.number - one.number);
      const [b2, a1] = await newest();
      const { pipeline: _, ...told } = second;
      expect(b2).toEqual({ ...told, number: expect.any(Number), activatedAt: expect.any(Number) });
      expect(await programs().read(pipeline, a1?.number ?? 0)).toEqual([b2]);
      await activate(first);
      expect((await newest()).map(({ fingerprint }) => fingerprint)).toEqual(['a1', 'b2']);
    });

    test('a program that is known is not registered again', async () => {
      const pipeline = randomUUID();
      const [first, second] = [programOf(pipeline, 'a1'), programOf(pipeline, 'b2')];
      await Promise.all([register(first), register(first)]);
      await register(second);
      const before = await programs().read(pipeline, 0);
      expect(before).toHaveLength(2);
      await register(first);
      expect(await programs().read(pipeline, 0)).toEqual(before);
    });
  });
}
