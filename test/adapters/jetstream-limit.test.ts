import { expect, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import { freshDatabase } from '../support/database.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startLocalNats } from '../support/nats-server.ts';
import { until } from '../support/until.ts';
import { message, queuePlan } from '../conformance/queue-plan.ts';
import { run } from '../roles/ingest/running.ts';
import { shopPlan } from '../roles/ingest/shop.ts';

/** A server with a small `max_payload`, and a queue over one connection to it. */
async function limited() {
  const nats = await startLocalNats({ extra: 'max_payload: 20000' });
  if (nats === undefined) throw new Error('the test reloads a nats-server of its own');
  onTestFinished(() => nats.stop());
  const log = memoryLog();
  const queue = await openJetStreamQueue({ url: nats.url, log, name: 'test' });
  onTestFinished(() => queue.close());
  return { queue, log, raise: () => nats.reload('max_payload: 200000') };
}

test('a message that was too large is taken soon after max_payload was raised, over the same connection', async () => {
  const { queue, log, raise } = await limited();
  const names = queuePlan();
  await queue.apply(names.plan);
  const publisher = queue.publisher();
  const large = { ...message(names), body: Buffer.alloc(100_000, 'x') };
  expect(await publisher.publish([large])).toMatchObject([{ kind: 'too_large' }]);
  await raise();
  await until(
    'the message to be taken',
    async () => (await publisher.publish([large]))[0]?.kind === 'stored',
  );
  expect(publisher.maxBody).toBeGreaterThan(100_000);
  expect(log.lines.filter(({ level }) => level !== 'debug')).toEqual([]);
});

test('ingest takes a message of that size too, alone or in a batch', async () => {
  const { queue, raise } = await limited();
  const database = await freshDatabase();
  const store = openStore({ url: database.url, max: 4, log: memoryLog() });
  onTestFinished(() => store.close());
  await store.transaction(({ ledger }) => ledger.migrate());
  const shop = shopPlan({ bodyLimit: 1_000_000 });
  await queue.apply(shop.plan);
  const { post } = await run(store, queue, shop);
  const order = JSON.stringify({ id: 1, note: 'x'.repeat(50_000) });
  expect((await post('/ingest/Order', order)).status).toBe(413);
  expect((await post('/ingest/Order/batch', `${order}\n`)).body).toMatchObject({ accepted: 0 });
  await raise();
  await until('the batch to be taken', async () => {
    return (await post('/ingest/Order/batch', `${order}\n`)).body['accepted'] === 1;
  });
  expect((await post('/ingest/Order', order)).status).toBe(202);
});
