import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/plan/plan.ts';
import { until } from '../../support/until.ts';
import type { StoreTraits } from '../open-store.ts';
import type { WriterTables } from './tables.ts';

/** What a store does with the tombstones of a table. */
export function tombstoneConformance(
  { store, tableOf, tombstonesOf, decide, rowsOf }: WriterTables,
  { concurrent }: StoreTraits,
): void {
  describe('tombstones', () => {
    const hold = (...rows: readonly Row[]) =>
      store().transaction(({ writer }) => writer.holdKeys(tableOf('orders'), rows));

    test('keep the newest version of a key, and say what is not newer', async () => {
      expect(await hold(['n', 1, 5, true], [null, 1, 5, true])).toEqual([]);
      const older: Row = ['n', 1, 4, false];
      const same: Row = [null, 1, 5, false];
      expect(await hold(older, same, ['n', 2, 1, false])).toEqual([older, same]);
      expect(await hold(['n', 1, 6, false])).toEqual([]);
      const kept = await rowsOf(tombstonesOf('orders').table);
      expect(kept.map((row) => (row as string[]).slice(0, 3))).toEqual([
        ['n', '1', '6'],
        ['n', '2', '1'],
        [null, '1', '5'],
      ]);
    });

    test('are taken off whatever their version', async () => {
      await hold(['n', 1, 5, true], [null, 1, 5, true], ['n', 2, 5, true]);
      await store().transaction(({ writer }) =>
        writer.releaseKeys(tableOf('orders'), [
          ['n', 1, 9, false],
          [null, 1, 1, false],
        ]),
      );
      expect(await rowsOf(tombstonesOf('orders').table)).toMatchObject([['n', '2', '5', expect.anything()]]);
    });

    test('a deletion is late where the table has the same or a newer version', async () => {
      await decide('orders', ['n', 1, 5, false], ['n', 2, 5, false], [null, 1, 5, false]);
      const same: Row = ['n', 1, 5, true];
      const newer: Row = ['n', 2, 6, true];
      const older: Row = [null, 1, 4, true];
      const absent: Row = ['n', 3, 1, true];
      const late = await store().transaction(({ writer }) =>
        writer.lateDeletions(tableOf('orders'), [same, newer, older, absent]),
      );
      expect(new Set(late)).toEqual(new Set([same, older]));
    });

    test('nobody else changes a row for which a deletion is late, until the transaction ends', async () => {
      await decide('orders', ['n', 1, 5, false]);
      const steps: string[] = [];
      let second: Promise<unknown> | undefined;
      await store().transaction(async ({ writer }) => {
        await writer.lateDeletions(tableOf('orders'), [['n', 1, 4, true]]);
        second = decide('orders', ['n', 1, 6, false]).then(() => steps.push('second'));
        if (concurrent) await decide('orders', ['n', 2, 1, false]);
        await new Promise((resolve) => setTimeout(resolve, 100));
        steps.push('first');
      });
      await second;
      expect(steps).toEqual(['first', 'second']);
    });

    test('nobody else gets a held key until the transaction ends', async () => {
      const { promise: go, resolve } = Promise.withResolvers<void>();
      const steps: string[] = [];
      const first = store().transaction(async ({ writer }) => {
        await writer.holdKeys(tableOf('orders'), [['n', 1, 5, true]]);
        steps.push('first holds');
        await go;
        steps.push('first ends');
      });
      await until('the first holds the key', () => steps.length === 1);
      const second = hold(['n', 1, 4, false]).then((lost) => {
        steps.push('second holds');
        return lost;
      });
      if (concurrent) await hold(['n', 2, 1, true]);
      resolve();
      await first;
      expect(await second).toEqual([['n', 1, 4, false]]);
      expect(steps).toEqual(['first holds', 'first ends', 'second holds']);
    });

    test('are purged once they are old enough, page by page', async () => {
      await hold(['n', 1, 5, true], ['n', 2, 5, true]);
      const purge = (keep: number, page: number) =>
        store().transaction(({ ledger }) => ledger.purge.tombstones(tombstonesOf('orders'), keep, page));
      const kept = await purge(3_600_000, 0);
      expect(kept.deleted).toBe(0);
      await store().sql.query({ text: 'SELECT pg_sleep(0.01)' });
      const purged = await purge(1, 0);
      expect(purged.deleted).toBe(2);
      expect(await purge(1, purged.next ?? 0)).toEqual({ deleted: 0, next: undefined });
      expect(await rowsOf(tombstonesOf('orders').table)).toEqual([]);
    });
  });
}
