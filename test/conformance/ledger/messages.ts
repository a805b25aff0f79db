import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type LedgerEntry, UNFINISHED } from '../../../src/ports/ledger-entries.ts';
import type { Store } from '../../../src/ports/store.ts';
import { deadEntry, entry, ERROR } from './entries.ts';

export function messageConformance(opened: () => Store): void {
  const ledger = () => opened().ledger;
  const statusOf = async ({ messageId }: LedgerEntry) => (await ledger().readStatus(messageId))?.status;
  const unfinished = { ...ERROR, code: UNFINISHED };

  describe('messages', () => {
    test('what was recorded as accepted can be read, to the millisecond', async () => {
      const message = entry();
      await ledger().recordAccepted([message]);
      expect(await ledger().readStatus(message.messageId)).toEqual({
        messageId: message.messageId,
        pipeline: 'shop',
        entity: 'Order',
        status: 'accepted',
        receivedAt: '2023-11-14T22:13:20.123Z',
        updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        retryCount: 0,
        generation: 0,
        error: null,
      });
      expect(await ledger().readStatus(randomUUID())).toBeUndefined();
    });

    test('what is no message id is refused', async () => {
      await expect(ledger().readStatus('12')).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    });

    test('recording late or twice never overwrites what a worker wrote', async () => {
      const message = entry();
      await ledger().claim([message]);
      await ledger().recordAccepted([message, message]);
      expect(await statusOf(message)).toBe('completed');
    });

    test('a message is given to be applied once', async () => {
      const [fresh, accepted] = [entry(), entry()];
      await ledger().recordAccepted([accepted]);
      const both = new Set([fresh.messageId, accepted.messageId]);
      expect(await ledger().claim([fresh, accepted])).toEqual(both);
      expect(await ledger().claim([fresh, accepted])).toEqual(new Set());
    });

    test('a claim that is rolled back was none', async () => {
      const message = entry();
      const undo = new Error('undo');
      const rolledBack = opened().transaction(async (session) => {
        await session.ledger.claim([message]);
        throw undo;
      });
      await expect(rolledBack).rejects.toBe(undo);
      expect((await ledger().claim([message])).size).toBe(1);
    });

    test('of two workers with one message, the second waits for the first and then leaves it', async () => {
      const message = entry();
      const claimed = Promise.withResolvers<void>();
      let finished = false;
      const first = opened().transaction(async (session) => {
        const ids = await session.ledger.claim([message]);
        claimed.resolve();
        await sleep(100);
        finished = true;
        return ids.size;
      });
      await claimed.promise;
      const second = await ledger().claim([message]);
      expect(finished).toBe(true);
      expect(second.size).toBe(0);
      expect(await first).toBe(1);
    });

    test('writers that name the same messages in another order do not end each other', async () => {
      const messages = Array.from({ length: 200 }, () => entry());
      const claims = [messages, messages.toReversed()].map((each) => ledger().claim(each));
      const sizes = (await Promise.all(claims)).map(({ size }) => size);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(messages.length);
    });

    test.each(['completed', 'superseded', 'dlq'] as const)(
      'a message that is %s is opened again by a higher generation only',
      async (settled) => {
        const message = entry();
        const { messageId } = message;
        if (settled === 'dlq') await ledger().recordDeadLetters([deadEntry(message)]);
        else await ledger().claim([message]);
        if (settled === 'superseded') await ledger().markSuperseded([messageId]);
        expect(await statusOf(message)).toBe(settled);
        expect((await ledger().claim([message])).size).toBe(0);
        expect((await ledger().markRetrying([{ ...message, error: ERROR }])).size).toBe(0);
        expect((await ledger().recordDeadLetters([deadEntry(message)])).size).toBe(0);
        expect((await ledger().readOpen([message])).size).toBe(0);
        const replay = { ...message, generation: 1 };
        const open = { retryCount: 0, errorCode: null };
        expect(await ledger().readOpen([replay])).toEqual(new Map([[messageId, open]]));
        expect((await ledger().claim([replay])).size).toBe(1);
        const status = { status: 'completed', generation: 1, error: null };
        expect(await ledger().readStatus(messageId)).toMatchObject(status);
        expect((await ledger().claim([message])).size).toBe(0);
      },
    );

    test('attempts are counted, the one that ends in the dead letter too', async () => {
      const message = entry();
      const { messageId } = message;
      for (const count of [1, 2]) {
        const retries = await ledger().markRetrying([{ ...message, error: ERROR }]);
        expect(retries).toEqual(new Map([[messageId, count]]));
      }
      const open = { retryCount: 2, errorCode: ERROR.code };
      expect(await ledger().readOpen([message])).toEqual(new Map([[messageId, open]]));
      expect(await ledger().readStatus(messageId)).toMatchObject({ status: 'retrying', error: ERROR });
      expect(await ledger().recordDeadLetters([deadEntry(message)])).toEqual(new Set([messageId]));
      expect(await ledger().readStatus(messageId)).toMatchObject({ status: 'dlq', error: ERROR });
    });

    test('noting that a message never finished spends no attempt', async () => {
      const message = entry();
      expect(await ledger().markUnfinished(message, unfinished)).toBe(1);
      expect(await ledger().markUnfinished(message, unfinished)).toBe(2);
      const status = { status: 'accepted', retryCount: 0 };
      expect(await ledger().readStatus(message.messageId)).toMatchObject(status);
      expect((await ledger().claim([message])).size).toBe(1);
      expect(await ledger().markUnfinished(message, unfinished)).toBeUndefined();
    });

    test('noting why a message waits spends no attempt and changes no status', async () => {
      const [fresh, failed, settled] = [entry(), entry(), entry()];
      await ledger().markRetrying([{ ...failed, error: ERROR }]);
      await ledger().claim([settled]);
      const note = { ...ERROR, code: 'database_error' };
      await ledger().noteWaiting([fresh, failed, settled].map((each) => ({ ...each, error: note })));
      const statusOf = ({ messageId }: LedgerEntry) => ledger().readStatus(messageId);
      expect(await statusOf(fresh)).toMatchObject({ status: 'accepted', retryCount: 0, error: note });
      expect(await statusOf(failed)).toMatchObject({ status: 'retrying', retryCount: 1, error: note });
      expect(await statusOf(settled)).toMatchObject({ status: 'completed', error: null });
      expect((await ledger().claim([fresh])).size).toBe(1);
      expect(await statusOf(fresh)).toMatchObject({ status: 'completed', error: null });
    });

    test('messages that are worked together are noted without a count, and the notes can be taken back', async () => {
      const [fresh, failed] = [entry(), entry()];
      await ledger().markRetrying([{ ...failed, error: ERROR }]);
      await ledger().markTogether([fresh, failed].map((each) => ({ entry: each, error: unfinished })));
      const codesOf = async () => {
        const open = await ledger().readOpen([fresh, failed]);
        return [fresh, failed].map(({ messageId }) => open.get(messageId)?.errorCode);
      };
      expect(await codesOf()).toEqual([UNFINISHED, ERROR.code]);
      expect(await ledger().markUnfinished(fresh, unfinished)).toBe(1);
      await ledger().clearUnfinished([fresh.messageId, failed.messageId]);
      expect(await codesOf()).toEqual([null, ERROR.code]);
    });

    test('one call takes a message that comes in two generations', async () => {
      const message = entry();
      expect((await ledger().claim([message, { ...message, generation: 2 }])).size).toBe(1);
      expect(await ledger().readStatus(message.messageId)).toMatchObject({ generation: 2 });
    });

    test('the first body of a key stays', async () => {
      const [first, other] = ['a', 'b'].map((text) => createHash('sha256').update(text).digest('hex'));
      const [known, fresh] = [randomUUID(), randomUUID()];
      const bind = (id: string, hash = '') => ledger().bindKeys('shop', [{ id, hash }]);
      expect(await bind(known, first)).toEqual(new Map([[known, { hash: first, repeated: false }]]));
      expect(await bind(known, other)).toEqual(new Map([[known, { hash: first, repeated: true }]]));
      expect(await bind(fresh, other)).toEqual(new Map([[fresh, { hash: other, repeated: false }]]));
      expect(await ledger().bindKeys('shop', [])).toEqual(new Map());
    });
  });
}
