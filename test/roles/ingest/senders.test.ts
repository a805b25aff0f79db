import autocannon from 'autocannon';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { sessionOver } from '../../../src/adapters/postgres/session.ts';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { KeyTerms } from '../../../src/ports/keys.ts';
import type { Store } from '../../../src/ports/store.ts';
import { keyHash, newKey } from '../../../src/roles/access/key-text.ts';
import { keySenderId, senderMark, shortMark } from '../../../src/roles/access/sender-mark.ts';
import { keyedMessageId } from '../../../src/roles/ingest/idempotency.ts';
import type { AccessOptions } from '../../../src/runtime/access.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { ask, ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';

const store = await ledgerStore();
const nowhere = openStore({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, log: memoryLog() });

/** The keys are looked at twenty times as often. */
const clock = {
  ...systemClock,
  sleep: (milliseconds: number, signal?: AbortSignal) =>
    systemClock.sleep(milliseconds > 2_000 ? milliseconds / 20 : milliseconds, signal),
};

/** A pipeline of its own, with keys of these names, and who sends with them. */
async function stage(
  terms: Readonly<Record<string, Partial<KeyTerms>>>,
  used: Store = store,
  access: AccessOptions = {},
) {
  const pipeline = `s${randomBytes(5).toString('hex')}`;
  const plan = planOf(`pipeline ${pipeline}
    entity Order { id: int  via: text? = meta.source  store orders { key (id)  upsert on (id) } }
    entity Note { id: int  store notes { key (id)  upsert on (id) } }`);
  const role = plan.roles.find(({ publishes }) => publishes.length > 0);
  if (role === undefined) throw new Error('a pipeline has a role that accepts');
  const keys = new Map<string, string>();
  const create = async (name: string, more: Partial<KeyTerms> = {}) => {
    const key = newKey();
    keys.set(name, key);
    const hash = keyHash(key);
    const defaults = { scopes: ['ingest', 'status'] as const, entities: undefined, rate: undefined };
    await store.ledger.keys.add(pipeline, { name, ...defaults, ...more, hash });
  };
  for (const [name, more] of Object.entries(terms)) await create(name, more);
  const queue = scriptedQueue();
  const prove = () => Promise.resolve();
  const running = await run(used, queue, { plan, role }, { prove, clock, access });
  const by = (name: string | undefined) => ({
    ...(name === undefined ? {} : { authorization: `Bearer ${keys.get(name) ?? name}` }),
  });
  return {
    address: running.ingest.address,
    pipeline,
    queue,
    create,
    log: running.log,
    post: (name: string | undefined, path: string, body: string, headers: Record<string, string> = {}) =>
      running.post(path, body, { ...by(name), ...headers }),
    metrics: async () => (await fetch(`${running.ingest.address}/metrics`)).text(),
    status: (name: string | undefined, id: unknown) =>
      ask(`${running.ingest.address}/status/${String(id)}`, { headers: by(name) }),
  };
}

const ONE = { 'idempotency-key': 'one' };
/** No message has it. */
const NONE = '00000000-0000-4000-8000-000000000000';

test('without keys everything is as it was, ids of an Idempotency-Key too', async () => {
  const { post, status, pipeline, queue } = await stage({});
  const sent = await post(undefined, '/ingest/Order', '{"id":1}', { ...ONE, 'x-source': 'till 4' });
  const id = sent.body['message_id'];
  expect([sent.status, id]).toEqual([202, keyedMessageId(pipeline, 'Order', 'one')]);
  expect(queue.stored[0]?.headers).toEqual({ 'x-source': 'till 4' });
  expect((await status(undefined, id)).status).toBe(200);
});

test('the first key closes a running role, and nothing opens it again', async () => {
  const { post, status, create, pipeline } = await stage({});
  const before = await post(undefined, '/ingest/Order', '{"id":1}');
  await create('pos');
  await until(
    'the role to close',
    async () => (await post(undefined, '/ingest/Order', '{"id":1}')).status === 401,
  );
  expect((await post(newKey(), '/ingest/Order', '{"id":1}')).status).toBe(401);
  expect((await post('pos', '/ingest/Order', '{"id":1}')).status).toBe(202);
  // Nobody's message is not the message of whoever came later.
  expect((await status('pos', before.body['message_id'])).status).toBe(404);
  await store.ledger.keys.revoke(pipeline, 'pos');
  await until('the key to end', async () => (await post('pos', '/ingest/Order', '{"id":1}')).status === 401);
  expect((await post(undefined, '/ingest/Order', '{"id":1}')).status).toBe(401);
});

test('the name of a key is the source of its messages, whatever their header says', async () => {
  const { post, queue } = await stage({ pos: {} });
  await post('pos', '/ingest/Order', '{"id":1}', { 'x-source': 'admin' });
  await post('pos', '/ingest/Order/batch', '{"id":2}\n{"id":3}');
  expect(queue.stored.map(({ headers }) => headers)).toEqual([1, 2, 3].map(() => ({ 'x-source': 'pos' })));
});

test('two senders with one Idempotency-Key are two messages: nobody can occupy the key of another one', async () => {
  const { post, queue } = await stage({ pos: {}, evil: {} });
  const taken = await post('evil', '/ingest/Order', '{"id":666}', ONE);
  const sent = await post('pos', '/ingest/Order', '{"id":1}', ONE);
  expect([taken.status, sent.status]).toEqual([202, 202]);
  expect(sent.body['message_id']).not.toBe(taken.body['message_id']);
  expect((await post('pos', '/ingest/Order', '{"id":1}', ONE)).body).toEqual(sent.body);
  expect((await post('pos', '/ingest/Order', '{"id":2}', ONE)).status).toBe(422);
  const batches = [
    await post('evil', '/ingest/Note/batch', '{"id":5}', ONE),
    await post('pos', '/ingest/Note/batch', '{"id":6}', ONE),
  ];
  expect(batches.map((each) => each.status)).toEqual([202, 202]);
  expect(new Set(queue.stored.map(({ messageId }) => messageId)).size).toBe(4);
});

test('a sender reads the status of its own messages only, however the id was got', async () => {
  const { post, status, pipeline } = await stage({
    pos: {},
    evil: {},
    boss: { scopes: ['admin'] },
    mute: { scopes: ['ingest'] },
  });
  const ids = [
    (await post('pos', '/ingest/Order', '{"id":1}')).body['message_id'],
    (await post('pos', '/ingest/Order', '{"id":1}', ONE)).body['message_id'],
    ...((await post('pos', '/ingest/Order/batch', '{"id":2}\n{"id":3}')).body['message_ids'] as string[]),
    ...((await post('pos', '/ingest/Order/batch', '{"id":4}\n{"id":5}', ONE)).body[
      'message_ids'
    ] as string[]),
  ];
  expect(ids).toHaveLength(6);
  for (const id of ids) {
    const seen = await Promise.all(
      ['pos', 'boss', 'evil', 'mute', undefined].map((name) => status(name, id)),
    );
    expect(seen.map((each) => each.status)).toEqual([200, 200, 404, 403, 401]);
    expect(seen[2]?.body).toMatchObject({
      code: 'unknown_message',
      message: `there is no message ${String(id)}`,
    });
  }
  // What a stranger can compute is no message.
  expect((await status('boss', keyedMessageId(pipeline, 'Order', 'one'))).status).toBe(404);
});

test('an id that can be computed is read by its sender only, also where random ids of another one end alike', async () => {
  const { post, status, create, pipeline } = await stage({ boss: { scopes: ['admin'] } });
  const [owner, other] = twoAlike(pipeline);
  await create(owner);
  await create(other);
  const send = () => post(owner, '/ingest/Order', '{"id":1}', ONE);
  await until(
    'the keys are known',
    async () => (await send()).status === 202 && (await status(other, NONE)).status === 404,
  );
  const id = (await send()).body['message_id'];
  const seen = await Promise.all([owner, 'boss', other].map((name) => status(name, id)));
  expect(seen.map((each) => each.status)).toEqual([200, 200, 404]);
});

/** Names of keys that nobody would get side by side from `nomnom keys create`; subjects of tokens are chosen elsewhere. */
function twoAlike(pipeline: string): readonly [string, string] {
  const byMark = new Map<string, string>();
  for (let at = 0; ; at += 1) {
    const name = `sender${at}`;
    const mark = shortMark(senderMark(pipeline, keySenderId(name)));
    const same = byMark.get(mark);
    if (same !== undefined) return [same, name];
    byMark.set(mark, name);
  }
}

test('a status is answered for the own pipeline only', async () => {
  const [one, other] = [await stage({}), await stage({ boss: { scopes: ['admin'] } })];
  const id = (await one.post(undefined, '/ingest/Order', '{"id":1}')).body['message_id'];
  const text = 'SELECT status FROM message_status WHERE message_id = $1';
  await until('the row', async () => (await store.sql.query({ text, values: [id] })).rows.length === 1);
  expect((await one.status(undefined, id)).status).toBe(200);
  expect((await other.status('boss', id)).status).toBe(404);
});

test('a key does what it was created for', async () => {
  const { post } = await stage({
    orders: { entities: ['Order'] },
    reader: { scopes: ['status'] },
    slow: { rate: { messages: 3, per: 3_600_000 } },
  });
  expect((await post('orders', '/ingest/Order', '{"id":1}')).status).toBe(202);
  for (const path of ['/ingest/Note', '/ingest/Note/batch', '/ingest/Nonsense'])
    expect((await post('orders', path, '{"id":1}')).body).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await post('reader', '/ingest/Order', '{"id":1}')).status).toBe(403);
  expect((await post('slow', '/ingest/Order', '{"id":1}')).status).toBe(202);
  // Its two messages count, and what it had left was two.
  expect((await post('slow', '/ingest/Order/batch', '{"id":2}\n{"id":3}')).status).toBe(202);
  const refused = await post('slow', '/ingest/Order', '{"id":4}');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1200']);
});

test('keys are honoured while Postgres is away, and revoked ones are refused once it is back', async () => {
  let away = false;
  const flaky: typeof store = {
    ...store,
    ...sessionOver({ query: (query) => (away ? nowhere : store).sql.query(query) }),
  };
  const { post, status, pipeline, log } = await stage({ pos: {} }, flaky);
  away = true;
  await until('the role to miss Postgres', () =>
    log.lines.some(({ message }) => message.startsWith('keys cannot be read')),
  );
  await store.ledger.keys.revoke(pipeline, 'pos');
  const sent = await post('pos', '/ingest/Order', '{"id":1}');
  expect(sent.status).toBe(202);
  expect((await status('pos', sent.body['message_id'])).status).toBe(200);
  expect((await post(newKey(), '/ingest/Order', '{"id":1}')).status).toBe(401);
  away = false;
  await until('the key to end', async () => (await post('pos', '/ingest/Order', '{"id":1}')).status === 401);
});

test('until the keys have been read once nobody gets in, and the role is not ready', async () => {
  let away = true;
  const flaky: typeof store = {
    ...store,
    ...sessionOver({ query: (query) => (away ? nowhere : store).sql.query(query) }),
  };
  const { post, queue } = await stage({ pos: {} }, flaky);
  for (const name of [undefined, 'pos', newKey()])
    expect((await post(name, '/ingest/Order', '{"id":1}')).body).toMatchObject({
      status: 503,
      code: 'not_ready',
    });
  expect(queue.stored).toEqual([]);
  away = false;
  await until('the keys', async () => (await post('pos', '/ingest/Order', '{"id":1}')).status === 202);
  expect((await post(undefined, '/ingest/Order', '{"id":1}')).status).toBe(401);
});

test('a request that does not get in counts once in the metrics, and not under a name that a stranger chose', async () => {
  const { post, status, metrics } = await stage({ pos: {} });
  expect((await post(newKey(), '/ingest/Order', '{"id":1}')).status).toBe(401);
  expect((await post(undefined, '/ingest/Whatever', '{"id":1}')).status).toBe(401);
  expect((await status(newKey(), 'x')).status).toBe(401);
  expect((await post('pos', '/ingest/Order', '{"id":"one"}')).status).toBe(422);
  const refused = [
    ...(await metrics()).matchAll(/^nomnom_refused_total\{.*entity="(\w*)",code="\w+"\} (\d+)$/gm),
  ];
  const counts = Map.groupBy(refused, ([, entity]) => entity);
  const sum = (entity: string) => counts.get(entity)?.reduce((all, [, , count]) => all + Number(count), 0);
  expect([counts.size, sum(''), sum('Order')]).toEqual([2, 3, 1]);
});

test('a flood of wrong keys from many addresses costs Postgres no query and the log one line, and right keys are answered meanwhile', async () => {
  let queries = 0;
  const counting: typeof store = {
    ...store,
    ...sessionOver({
      query: (query) => {
        queries += 1;
        return store.sql.query(query);
      },
    }),
  };
  const { address, post, status, log } = await stage({ pos: {} }, counting, {
    trustedProxies: ['127.0.0.0/8'],
  });
  const sent = await post('pos', '/ingest/Order', '{"id":1}');
  const before = log.lines.length;
  queries = 0;
  // One address sends so many that it is answered slowly; each other one is a new one.
  let number = 0;
  const wrong = autocannon({
    url: `${address}/ingest/Order`,
    connections: 20,
    amount: 1_500,
    requests: [
      {
        method: 'POST',
        body: '{"id":2}',
        setupRequest: (request) => {
          number += 1;
          const from =
            number % 10 === 0 ? '192.0.2.1' : `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
          return {
            ...request,
            headers: { authorization: `Bearer ${newKey()}`, 'x-forwarded-for': from },
          };
        },
      },
    ],
  });
  const right: number[] = [];
  let done = false;
  void wrong.then(() => (done = true));
  while (!done) {
    right.push((await post('pos', '/ingest/Order', '{"id":1}')).status);
    right.push((await status('pos', sent.body['message_id'])).status);
  }
  const { statusCodeStats } = await wrong;
  const statuses = new Map(Object.entries(statusCodeStats ?? {}).map(([code, { count }]) => [code, count]));
  // 503 where the flood is more than the process can work on.
  expect(new Set(statuses.keys()).isSubsetOf(new Set(['401', '503']))).toBe(true);
  expect(statuses.get('401')).toBeGreaterThan(200);
  expect(new Set(right).isSubsetOf(new Set([202, 200, 503]))).toBe(true);
  expect(new Set(right).isSupersetOf(new Set([202, 200]))).toBe(true);
  // A right request asks for itself, and the role looks at its keys and servers meanwhile.
  expect(queries - right.length * 2).toBeLessThan((statuses.get('401') ?? 0) / 2);
  const told = log.lines.slice(before).filter(({ level }) => level !== 'debug');
  expect(told.filter(({ message }) => message.startsWith('many requests without a right key'))).toHaveLength(
    1,
  );
  // The role tells other things meanwhile: its clock is fast, and nothing takes the messages.
  expect(told.length).toBeLessThan(100);
});
