import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Selection } from '../../../src/ports/dead-letters.ts';
import type { LedgerEntry } from '../../../src/ports/ledger-entries.ts';
import type { Store } from '../../../src/ports/store.ts';
import { deadEntry, entry, ERROR } from './entries.ts';

export function deadLetterConformance(opened: () => Store): void {
  const ledger = () => opened().ledger;
  const letters = () => ledger().deadLetters;

  /** Messages of a new pipeline that became dead letters, in order. */
  const dying = async (count: number, changes: Partial<LedgerEntry> = {}) => {
    const pipeline = randomUUID();
    const entries = Array.from({ length: count }, () => entry({ pipeline, ...changes }));
    for (const each of entries) await ledger().recordDeadLetters([deadEntry(each)]);
    const found = await letters().page({ pipeline }, undefined, count);
    return { pipeline, entries, ids: found.map(({ id }) => id) };
  };

  describe('dead letters', () => {
    test('a dead letter has all that was known of its message', async () => {
      const message = entry({ pipeline: randomUUID() });
      const { messageId, pipeline } = message;
      await ledger().markRetrying([{ ...message, error: ERROR }]);
      await ledger().recordDeadLetters([deadEntry(message)]);
      const [letter] = await letters().newest({ pipeline }, 10);
      expect(letter).toEqual({
        id: expect.stringMatching(/^\d+$/),
        messageId,
        entity: 'Order',
        generation: 0,
        receivedAt: '2023-11-14T22:13:20.123Z',
        failedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        attempts: 2,
        error: ERROR,
        size: 3,
        replayedAt: null,
      });
      const [full] = await letters().readFull([letter?.id ?? '']);
      expect(full).toEqual({ ...letter, body: Buffer.from([0, 255, 128]), headers: { 'x-a': 'b' } });
    });

    test('a body may be anything, and a reason may quote what no database text holds', async () => {
      const message = entry({ pipeline: randomUUID() });
      const error = { ...ERROR, message: 'found \0 and \uD800', pointer: '/a\0' };
      const odd = { error, body: new Uint8Array(0), headers: { 'x-odd': '"\\{},' } };
      await ledger().recordDeadLetters([deadEntry(message, odd)]);
      const [letter] = await letters().newest({ pipeline: message.pipeline }, 1);
      expect(letter?.error.message).toBe('found \uFFFD and \uFFFD');
      const [full] = await letters().readFull([letter?.id ?? '']);
      expect(full).toMatchObject({ size: 0, body: Buffer.alloc(0), headers: odd.headers });
    });

    test('open ones are counted by entity and code, the most first', async () => {
      const { pipeline, ids } = await dying(3);
      const other = entry({ pipeline, entity: 'Stock' });
      await ledger().recordDeadLetters([deadEntry(other, { error: { ...ERROR, code: 'too_long' } })]);
      const token = randomUUID();
      await letters().leaseForReplay(ids.slice(0, 1), token);
      await letters().finishReplay(ids.slice(0, 1), token);
      const lastAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
      expect(await letters().countByCode(pipeline)).toEqual([
        { entity: 'Order', code: ERROR.code, count: 2, lastAt },
        { entity: 'Stock', code: 'too_long', count: 1, lastAt },
      ]);
    });

    test('a selection narrows by message, entity, code and time', async () => {
      const { pipeline, entries } = await dying(2);
      const other = entry({ pipeline, entity: 'Stock' });
      await ledger().recordDeadLetters([deadEntry(other, { error: { ...ERROR, code: 'too_long' } })]);
      const ids = async (narrowed: Omit<Selection, 'pipeline'>) => {
        const selection = { pipeline, ...narrowed };
        const found = await letters().page(selection, undefined, 10);
        expect(await letters().count(selection)).toBe(found.length);
        return found.map(({ messageId }) => messageId);
      };
      const [first = '', second = ''] = entries.map(({ messageId }) => messageId);
      expect(await ids({})).toEqual([first, second, other.messageId]);
      expect(await ids({ messageIds: [second, randomUUID()] })).toEqual([second]);
      expect(await ids({ entities: ['Stock'] })).toEqual([other.messageId]);
      expect(await ids({ codes: [ERROR.code] })).toEqual([first, second]);
      expect(await ids({ entities: ['Stock'], codes: [ERROR.code] })).toEqual([]);
      const [later] = await letters().newest({ pipeline }, 1);
      const failedAt = Date.parse(later?.failedAt ?? '');
      expect(await ids({ since: failedAt + 1 })).toEqual([]);
      expect(await ids({ since: failedAt - 60_000, until: failedAt + 1 })).toHaveLength(3);
      expect(await ids({ until: failedAt - 60_000 })).toEqual([]);
    });

    test('the newest come last first, and pages go on behind a letter', async () => {
      const { pipeline, ids } = await dying(4);
      const newest = await letters().newest({ pipeline }, 2);
      expect(newest.map(({ id }) => id)).toEqual([ids[3], ids[2]]);
      expect((await letters().page({ pipeline }, ids[0], 2)).map(({ id }) => id)).toEqual(ids.slice(1, 3));
      expect(await letters().page({ pipeline }, ids[3], 2)).toEqual([]);
    });

    test('dropping says what became of each, and the status of the message stays', async () => {
      const { pipeline, entries, ids } = await dying(3);
      const [open = '', leased = '', replayed = ''] = ids;
      await letters().leaseForReplay([leased], randomUUID());
      const token = randomUUID();
      await letters().leaseForReplay([replayed], token);
      await letters().finishReplay([replayed], token);
      await ledger().deadLetters.drop([], true);
      const dropped = { dropped: 1, replayed: 1, replaying: 1, gone: 0 };
      expect(await letters().drop([open, leased, replayed], false)).toEqual(dropped);
      const again = { dropped: 1, replayed: 0, replaying: 1, gone: 1 };
      expect(await letters().drop([open, leased, replayed], true)).toEqual(again);
      expect(await letters().count({ pipeline, replayed: true })).toBe(1);
      expect(await ledger().readStatus(entries[0]?.messageId ?? '')).toMatchObject({ status: 'dlq' });
    });

    test('of two replays one gets a letter; given up it is open again', async () => {
      const { ids } = await dying(2);
      const [first, second] = [randomUUID(), randomUUID()];
      const leases = await Promise.all([first, second].map((token) => letters().leaseForReplay(ids, token)));
      expect(leases.flat().map(({ id }) => id)).toHaveLength(2);
      const taken = new Map(ids.map((id) => [id, 'taken']));
      expect(await letters().standing(ids)).toEqual(taken);
      for (const token of [first, second]) await letters().releaseReplay(ids, token);
      expect((await letters().leaseForReplay(ids, second)).map(({ id }) => id)).toEqual(ids);
      // Another replay's token opens nothing.
      await letters().releaseReplay(ids, first);
      expect(await letters().leaseForReplay(ids, first)).toEqual([]);
    });

    test('a replayed letter is settled, and its message open under the next generation', async () => {
      const { pipeline, entries, ids } = await dying(1);
      const token = randomUUID();
      await letters().leaseForReplay(ids, token);
      await letters().finishReplay(ids, token);
      const { messageId = '' } = entries[0] ?? {};
      const status = { status: 'accepted', generation: 1, retryCount: 0, error: null };
      expect(await ledger().readStatus(messageId)).toMatchObject(status);
      expect(await letters().standing([...ids, '9000000000000'])).toEqual(
        new Map(ids.map((id) => [id, 'settled'])),
      );
      expect(await letters().count({ pipeline })).toBe(0);
      const [letter] = await letters().newest({ pipeline, replayed: true }, 1);
      expect(letter?.replayedAt).toMatch(/Z$/);
      expect(await letters().leaseForReplay(ids, token)).toEqual([]);
    });

    test('a replay whose message was worked before it could note so leaves a settled letter', async () => {
      const { pipeline, entries, ids } = await dying(1);
      const [message = entry()] = entries;
      await ledger().claim([{ ...message, generation: 1 }]);
      expect(await letters().leaseForReplay(ids, randomUUID())).toEqual([]);
      expect(await letters().standing(ids)).toEqual(new Map(ids.map((id) => [id, 'settled'])));
      expect(await letters().count({ pipeline })).toBe(0);
      expect(await ledger().readStatus(message.messageId)).toMatchObject({ status: 'completed' });
    });
  });
}
