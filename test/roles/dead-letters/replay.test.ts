import { randomUUID } from 'node:crypto';
import { describe, expect, test, type TestContext } from 'vitest';
import type { Publisher } from '../../../src/ports/queue.ts';
import { dropAll } from '../../../src/cli/dlq/dropping.ts';
import type { DeadLetter } from '../../../src/ports/dead-letters.ts';
import { replay } from '../../../src/roles/dead-letters/replay.ts';
import { eachDeadLetter } from '../../../src/roles/dead-letters/walk.ts';
import { until } from '../../support/until.ts';
import { customer, openRig, order, QUEUES, type Rig, shop } from '../worker/rig.ts';

/** A rig in which the given messages have become dead letters. */
async function dying(
  kind: (typeof QUEUES)[number],
  here: TestContext,
  dead: readonly Parameters<Rig['publish']>[0][number][],
) {
  const rig = await openRig(kind, shop('attempts: 1'), here);
  const worker = rig.work();
  const ids = await rig.publish(dead);
  await rig.settled(dead.length);
  expect(await rig.statuses()).toEqual({ dlq: dead.length });
  await worker.stop();
  return { rig, ids };
}

/** The customer that the orders need; by hand, so that no batch comes without it. */
const bringParent = (rig: Rig) =>
  rig.store.sql.query({ text: `INSERT INTO customers (customer_key, name) VALUES (7, 'came late')` });

const idsOf = (letters: readonly DeadLetter[]) => letters.map(({ id }) => id);
const lettersOf = (rig: Rig) => Array.fromAsync(eachDeadLetter(rig.store, { pipeline: rig.plan.pipeline }));
/** Publishes, and ends before it can say so. */
const dyingPublisher = (rig: Rig): Publisher => ({
  maxBody: undefined,
  publish: async (messages) => {
    await rig.queue.publisher().publish(messages);
    throw new Error('the process ended here');
  },
});
const withToken = (rig: Rig, publisher: Publisher = rig.queue.publisher()) => ({
  plan: rig.plan,
  store: rig.store,
  publisher,
  token: randomUUID(),
});

describe.concurrent.each(QUEUES)('replay over %s', (kind) => {
  test('a replayed message is worked again at once, also within the time of the broker’s deduplication', async (here) => {
    const { rig, ids } = await dying(kind, here, [order(1, 1, [1, 2], 7)]);
    await bringParent(rig);
    const [letter] = await lettersOf(rig);
    expect(letter).toMatchObject({ messageId: ids[0], generation: 0, attempts: 1, entity: 'Order' });
    const outcomes = await replay(withToken(rig), letter === undefined ? [] : [letter]);
    expect(outcomes).toEqual([{ kind: 'replayed' }]);
    expect(await rig.status(ids[0] ?? '')).toMatchObject({ status: 'accepted', generation: 1, error: null });
    rig.work();
    await rig.settled(1);
    expect(await rig.statuses()).toEqual({ completed: 1 });
    expect(await rig.rows('SELECT count(*)::int AS n FROM order_lines')).toEqual([{ n: 2 }]);
    expect(await lettersOf(rig)).toEqual([]);
    expect(await replay(withToken(rig), letter === undefined ? [] : [letter])).toEqual([{ kind: 'settled' }]);
  });

  test('of two who replay the same letters at once one wins each of them, and the other is told', async (here) => {
    const { rig } = await dying(
      kind,
      here,
      Array.from({ length: 40 }, (_, key) => order(key, 1, [1], 7)),
    );
    const letters = await lettersOf(rig);
    const both = await Promise.all([replay(withToken(rig), letters), replay(withToken(rig), letters)]);
    for (const at of letters.keys()) {
      const kinds = both.map((outcomes) => outcomes[at]?.kind ?? '');
      expect(kinds.filter((each) => each === 'replayed')).toHaveLength(1);
      expect(kinds.filter((each) => each === 'taken' || each === 'settled')).toHaveLength(1);
    }
    await bringParent(rig);
    rig.work();
    await rig.settled(40);
    expect(await rig.statuses()).toEqual({ completed: 40 });
  });

  test('a replay that died before it could note what it published has one effect with the next one', async (here) => {
    const { rig, ids } = await dying(kind, here, [order(1, 1, [1], 7)]);
    const letters = await lettersOf(rig);
    await expect(replay(withToken(rig, dyingPublisher(rig)), letters)).rejects.toThrow('ended here');
    expect(await replay(withToken(rig), letters)).toEqual([{ kind: 'taken' }]);
    await rig.store.sql.query({ text: `UPDATE dead_letters SET replay_until = now() - interval '1 second'` });
    expect(await replay(withToken(rig), letters)).toEqual([{ kind: 'in-queue' }]);
    await bringParent(rig);
    rig.work();
    await rig.settled(1);
    expect(await rig.status(ids[0] ?? '')).toMatchObject({ status: 'completed', generation: 1 });
  });

  test('a letter that an unfinished replay has brought to its end is closed by the next one', async (here) => {
    const { rig } = await dying(kind, here, [order(1, 1, [1], 7)]);
    const letters = await lettersOf(rig);
    await expect(replay(withToken(rig, dyingPublisher(rig)), letters)).rejects.toThrow('ended here');
    await bringParent(rig);
    rig.work();
    await until('the order to be written', async () => (await rig.statuses())['completed'] === 1);
    await rig.store.sql.query({ text: `UPDATE dead_letters SET replay_until = now() - interval '1 second'` });
    expect(await lettersOf(rig)).toHaveLength(1);
    expect(await replay(withToken(rig), letters)).toEqual([{ kind: 'settled' }]);
    expect(await lettersOf(rig)).toEqual([]);
    expect(await rig.statuses()).toEqual({ completed: 1 });
  });

  test('workers that settle replayed messages before the replay has noted them are not overwritten', async (here) => {
    const count = 60;
    const { rig } = await dying(
      kind,
      here,
      Array.from({ length: count }, (_, key) => order(key, 1, [1], key % 2 === 0 ? 7 : 8)),
    );
    await bringParent(rig);
    rig.work();
    const slow: Publisher = {
      maxBody: undefined,
      publish: async (messages) => {
        const outcomes = await rig.queue.publisher().publish(messages);
        await until('the workers to be done', async () => {
          const rows = await rig.rows('SELECT count(*)::int AS n FROM message_status WHERE generation = 1');
          return rows[0]?.['n'] === count;
        });
        return outcomes;
      },
    };
    const outcomes = await replay(withToken(rig, slow), await lettersOf(rig));
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['replayed']));
    expect(await rig.statuses()).toEqual({ completed: count / 2, dlq: count / 2 });
    const open = await lettersOf(rig);
    expect(open.map(({ generation }) => generation)).toEqual(Array.from({ length: count / 2 }, () => 1));
  });

  test('what the queue does not take stays a dead letter', async (here) => {
    const { rig } = await dying(kind, here, [order(1, 1, [1], 7)]);
    const letters = await lettersOf(rig);
    const full: Publisher = {
      maxBody: undefined,
      publish: async (messages) => messages.map(() => ({ kind: 'full', reason: 'no room' })),
    };
    expect(await replay(withToken(rig, full), letters)).toEqual([{ kind: 'failed', reason: 'no room' }]);
    expect(await rig.statuses()).toEqual({ dlq: 1 });
    expect(await replay(withToken(rig), letters)).toEqual([{ kind: 'replayed' }]);
  });

  test('an edited body takes the place of the original, and a message that dies again is a new dead letter', async (here) => {
    const { rig, ids } = await dying(kind, here, [
      { entity: 'Customer', body: Buffer.from([0xff, 0x00, 0x27]) },
      order(1, 1, [1], 7),
    ]);
    const letters = await lettersOf(rig);
    const body = Buffer.from(`{"customer_key":9,"name":"O'N; DROP TABLE customers"}`);
    const broken = letters.filter(({ entity }) => entity === 'Customer');
    expect(await replay({ ...withToken(rig), body }, broken)).toEqual([{ kind: 'replayed' }]);
    expect(
      await replay(
        withToken(rig),
        letters.filter(({ entity }) => entity === 'Order'),
      ),
    ).toEqual([{ kind: 'replayed' }]);
    rig.work();
    await rig.settled(2);
    expect(await rig.statuses()).toEqual({ completed: 1, dlq: 1 });
    expect(await rig.rows('SELECT name FROM customers')).toEqual([{ name: "O'N; DROP TABLE customers" }]);
    const again = await lettersOf(rig);
    expect(again).toMatchObject([{ messageId: ids[1], generation: 1, attempts: 1 }]);
    await rig.publish([customer(7)]);
    await rig.settled(3);
    expect(await replay(withToken(rig), again)).toEqual([{ kind: 'replayed' }]);
    await rig.settled(3);
  });

  test('a letter that is being replayed is not dropped; any other is, and its status stays', async (here) => {
    const { rig } = await dying(kind, here, [order(1, 1, [1], 7), order(2, 1, [1], 7)]);
    const letters = await rig.store.ledger.deadLetters.newest({ pipeline: rig.plan.pipeline }, 10);
    await rig.store.sql.query({
      text: `UPDATE dead_letters SET replay_until = now() + interval '1 minute' WHERE id = $1::bigint`,
      values: [letters[0]?.id],
    });
    expect(await rig.store.ledger.deadLetters.drop(idsOf(letters), false)).toEqual({
      dropped: 1,
      replayed: 0,
      replaying: 1,
      gone: 0,
    });
    expect((await lettersOf(rig)).map(({ id }) => id)).toEqual([letters[0]?.id]);
    expect(await rig.statuses()).toEqual({ dlq: 2 });
  });

  test('a letter that is replayed between the look at it and its deletion is not dropped, unless replayed ones are asked for', async (here) => {
    const { rig } = await dying(kind, here, [order(1, 1, [1], 7), order(2, 1, [1], 7)]);
    const letters = await lettersOf(rig);
    expect(await replay(withToken(rig), letters.slice(0, 1))).toEqual([{ kind: 'replayed' }]);
    const kept = { replaying: 0, gone: 0 };
    expect(await rig.store.ledger.deadLetters.drop(idsOf(letters), false)).toEqual({
      dropped: 1,
      replayed: 1,
      ...kept,
    });
    expect(await rig.store.ledger.deadLetters.drop(idsOf(letters), true)).toEqual({
      dropped: 1,
      replayed: 0,
      replaying: 0,
      gone: 1,
    });
  });

  test('who drops and who replays 400 letters at once share them: each is either dropped or replayed, and so reported', async (here) => {
    const count = 400;
    const { rig } = await dying(
      kind,
      here,
      Array.from({ length: count }, (_, key) => order(key, 1, [1], 7)),
    );
    await bringParent(rig);
    rig.work();
    const selection = { pipeline: rig.plan.pipeline };
    const token = randomUUID();
    const replaying = async () => {
      let replayed = 0;
      // From the newest on, so that both meet in the middle.
      const letters = (await lettersOf(rig)).toReversed();
      for (let at = 0; at < letters.length; at += 20) {
        const outcomes = await replay({ ...withToken(rig), token }, letters.slice(at, at + 20));
        replayed += outcomes.filter((outcome) => outcome.kind === 'replayed').length;
      }
      return replayed;
    };
    const [replayed, { dropped, replayed: met, replaying: busy, gone }] = await Promise.all([
      replaying(),
      dropAll(rig.store, selection, Infinity, () => {}),
    ]);
    expect(gone).toBe(0);
    expect(met + busy).toBeLessThanOrEqual(replayed);
    expect(dropped + replayed).toBe(count);
    await rig.settled(count);
    expect(await rig.statuses()).toEqual({
      ...(replayed === 0 ? {} : { completed: replayed }),
      ...(dropped === 0 ? {} : { dlq: dropped }),
    });
  });
});
