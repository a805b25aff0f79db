import { randomUUID } from 'node:crypto';
import { beforeAll, afterAll, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import type { Store } from '../../../src/ports/store.ts';
import { recordDeadLetters } from '../../../src/roles/ledger/record-dead-letters.ts';
import { claim } from '../../../src/roles/ledger/claim.ts';
import type { DeadEntry, LedgerEntry, MessageError } from '../../../src/roles/ledger/entries.ts';
import { markRetrying } from '../../../src/roles/ledger/mark-retrying.ts';
import { markSuperseded } from '../../../src/roles/ledger/mark-superseded.ts';
import { markUnfinished } from '../../../src/roles/ledger/mark-unfinished.ts';
import { migrate } from '../../../src/roles/ledger/migrate.ts';
import { readOpen } from '../../../src/roles/ledger/read-open.ts';
import { readStatus } from '../../../src/roles/ledger/read-status.ts';
import { recordAccepted } from '../../../src/roles/ledger/record-accepted.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/until.ts';

const database = await freshDatabase();
let store: Store;

beforeAll(async () => {
  store = openStore({ url: database.url, max: 4, log: memoryLog() });
  await migrate(store);
});

afterAll(() => store.close());

const ERROR: MessageError = {
  code: 'out_of_range',
  message: 'expected an int',
  entity: 'Order',
  field: 'Order.key',
  pointer: '/key',
};

function entry(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    messageId: randomUUID(),
    pipeline: 'shop',
    entity: 'Order',
    generation: 0,
    receivedAt: 1_700_000_000_123,
    ...changes,
  };
}

function dead(of: LedgerEntry, changes: Partial<DeadEntry> = {}): DeadEntry {
  return { ...of, error: ERROR, body: Buffer.from([0, 255, 128]), headers: { 'x-a': 'b' }, ...changes };
}

const statusOf = async ({ messageId }: LedgerEntry) => (await readStatus(store, messageId))?.status;

test('what was recorded as accepted can be read, to the millisecond', async () => {
  const message = entry();
  await recordAccepted(store, [message]);
  expect(await readStatus(store, message.messageId)).toEqual({
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
  expect(await readStatus(store, randomUUID())).toBeUndefined();
});

test('recording late or twice never overwrites what a worker wrote', async () => {
  const message = entry();
  await claim(store, [message]);
  await recordAccepted(store, [message, message]);
  expect(await statusOf(message)).toBe('completed');
});

test('a message is given to be applied once', async () => {
  const [fresh, accepted] = [entry(), entry()];
  await recordAccepted(store, [accepted]);
  expect(await claim(store, [fresh, accepted])).toEqual(new Set([fresh.messageId, accepted.messageId]));
  expect(await claim(store, [fresh, accepted])).toEqual(new Set());
});

test('a claim that is rolled back was none', async () => {
  const message = entry();
  const undo = new Error('undo');
  const rolledBack = store.transaction(async (session) => {
    await claim(session, [message]);
    throw undo;
  });
  await expect(rolledBack).rejects.toBe(undo);
  expect((await claim(store, [message])).size).toBe(1);
});

test('of two workers with one message, the second waits for the first and then leaves it', async () => {
  const message = entry();
  let finish = () => {};
  const held = new Promise<void>((resolve) => (finish = resolve));
  let claimed = () => {};
  const isClaimed = new Promise<void>((resolve) => (claimed = resolve));
  const first = store.transaction(async (session) => {
    const ids = await claim(session, [message]);
    claimed();
    await held;
    return ids.size;
  });
  await isClaimed;
  const second = claim(store, [message]);
  await until('the second to wait', async () => {
    const { rows } = await store.query({ text: 'SELECT 1 FROM pg_locks WHERE NOT granted' });
    return rows.length > 0;
  });
  finish();
  expect(await first).toBe(1);
  expect((await second).size).toBe(0);
});

test.each(['completed', 'superseded', 'dlq'] as const)(
  'a message that is %s is opened again by a higher generation only',
  async (settled) => {
    const message = entry();
    if (settled === 'dlq') await recordDeadLetters(store, [dead(message)]);
    else await claim(store, [message]);
    if (settled === 'superseded') await markSuperseded(store, [message.messageId]);
    expect(await statusOf(message)).toBe(settled);
    expect((await claim(store, [message])).size).toBe(0);
    expect((await markRetrying(store, [{ ...message, error: ERROR }])).size).toBe(0);
    expect((await recordDeadLetters(store, [dead(message)])).size).toBe(0);
    expect((await readOpen(store, [message])).size).toBe(0);
    const replay = { ...message, generation: 1 };
    expect((await readOpen(store, [replay])).get(message.messageId)).toEqual({
      retryCount: 0,
      errorCode: null,
    });
    expect((await claim(store, [replay])).size).toBe(1);
    expect(await readStatus(store, message.messageId)).toMatchObject({
      status: 'completed',
      generation: 1,
      error: null,
    });
    expect((await claim(store, [message])).size).toBe(0);
  },
);

test('attempts are counted, and end in the dead letter with the last one', async () => {
  const message = entry();
  for (const count of [1, 2]) {
    expect(await markRetrying(store, [{ ...message, error: ERROR }])).toEqual(
      new Map([[message.messageId, count]]),
    );
  }
  expect(await readStatus(store, message.messageId)).toMatchObject({
    status: 'retrying',
    retryCount: 2,
    error: ERROR,
  });
  expect(await recordDeadLetters(store, [dead(message)])).toEqual(new Set([message.messageId]));
  const { rows } = await store.query({
    text: 'SELECT body, headers, attempts, error_code, error FROM dead_letters WHERE message_id = $1',
    values: [message.messageId],
  });
  expect(rows).toEqual([
    {
      body: Buffer.from([0, 255, 128]),
      headers: '{"x-a": "b"}',
      attempts: 3,
      error_code: 'out_of_range',
      error: expect.any(String),
    },
  ]);
  expect(JSON.parse(rows[0]?.['error'] as string)).toEqual(ERROR);
});

test('noting that a message never finished spends no attempt', async () => {
  const message = entry();
  const error = { ...ERROR, code: 'unfinished' };
  expect(await markUnfinished(store, message, error)).toBe(1);
  expect(await markUnfinished(store, message, error)).toBe(2);
  expect(await readStatus(store, message.messageId)).toMatchObject({ status: 'accepted', retryCount: 0 });
  expect((await claim(store, [message])).size).toBe(1);
  expect(await markUnfinished(store, message, error)).toBeUndefined();
});

test('a body may be anything, and a reason may quote what no database text holds', async () => {
  const odd = { ...ERROR, message: 'found \0 and \uD800', pointer: '/a\0' };
  const empty = entry();
  await recordDeadLetters(store, [
    dead(empty, { error: odd, body: new Uint8Array(0), headers: { 'x-odd': '\0"\\{},' } }),
  ]);
  expect((await readStatus(store, empty.messageId))?.error?.message).toBe('found \uFFFD and \uFFFD');
  const { rows } = await store.query({
    text: 'SELECT length(body) AS bytes FROM dead_letters WHERE message_id = $1',
    values: [empty.messageId],
  });
  expect(rows).toEqual([{ bytes: 0 }]);
});

test('one statement takes a message that comes in two generations', async () => {
  const message = entry();
  expect((await claim(store, [message, { ...message, generation: 2 }])).size).toBe(1);
  expect(await readStatus(store, message.messageId)).toMatchObject({ generation: 2 });
});
