import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NewKey } from '../../../src/ports/keys.ts';
import type { Store } from '../../../src/ports/store.ts';

export function keyConformance(opened: () => Store): void {
  const keys = () => opened().ledger.keys;
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
  const key = (name: string, more: Partial<NewKey> = {}): NewKey => ({
    name,
    hash: hashOf(randomUUID()),
    scopes: ['ingest', 'status'],
    entities: undefined,
    rate: undefined,
    ...more,
  });
  const rotate = (pipeline: string, name: string, hash: string, keep: number) =>
    opened().transaction(({ ledger }) => ledger.keys.rotate(pipeline, name, hash, keep));

  describe('keys', () => {
    test('a key is read with its terms, by its pipeline only', async () => {
      const pipeline = randomUUID();
      const [all, some] = [
        key('all'),
        key('some', { scopes: ['admin'], entities: ['Order', 'odd"name'], rate: { messages: 5, per: 1000 } }),
      ];
      expect([await keys().add(pipeline, all), await keys().add(pipeline, some)]).toEqual([true, true]);
      expect(await keys().read(pipeline)).toEqual(
        [all, some].map((each) => ({ ...each, createdAt: expect.any(Number), left: undefined })),
      );
      const [first] = await keys().read(pipeline);
      expect(Math.abs((first?.createdAt ?? 0) - Date.now())).toBeLessThan(600_000);
      expect(await keys().read(randomUUID())).toEqual([]);
    });

    test('a name has one key without an end: of two who create it at once one does', async () => {
      const pipeline = randomUUID();
      const added = await Promise.all([1, 2, 3].map(() => keys().add(pipeline, key('pos'))));
      expect(added.filter(Boolean)).toHaveLength(1);
      expect(await keys().read(pipeline)).toHaveLength(1);
      expect(await keys().add(randomUUID(), key('pos'))).toBe(true);
    });

    test('a rotated key has the terms of the old one, which ends later', async () => {
      const pipeline = randomUUID();
      const old = key('pos', { entities: ['Order'], rate: { messages: 5, per: 1000 } });
      await keys().add(pipeline, old);
      const hash = hashOf(randomUUID());
      expect(await rotate(pipeline, 'pos', hash, 60_000)).toBe(true);
      const [ended, next] = await keys().read(pipeline);
      expect(ended).toMatchObject(old);
      expect(ended?.left).toBeGreaterThan(30_000);
      expect(ended?.left).toBeLessThanOrEqual(60_000);
      expect(next).toEqual({ ...old, hash, createdAt: expect.any(Number), left: undefined });
      expect(await rotate(pipeline, 'nobody', hashOf('x'), 0)).toBe(false);
    });

    test('a revoked name has no valid key left, is still known, and can have a new one', async () => {
      const pipeline = randomUUID();
      await keys().add(pipeline, key('pos'));
      await rotate(pipeline, 'pos', hashOf(randomUUID()), 60_000);
      expect(await keys().revoke(pipeline, 'pos')).toBe(2);
      expect(await keys().revoke(pipeline, 'pos')).toBe(0);
      const left = (await keys().read(pipeline)).map((each) => each.left ?? Infinity);
      expect(left).toHaveLength(2);
      expect(Math.max(...left)).toBeLessThanOrEqual(0);
      expect(await keys().add(pipeline, key('pos'))).toBe(true);
    });
  });
}
