import { expect, test } from 'vitest';
import { partitionOf } from '../../../src/plan/partition.ts';
import type { EntityPlan, Evaluation } from '../../../src/plan/plan.ts';
import { ledgerStore, run } from './running.ts';
import { scriptedQueue } from './scripted-queue.ts';
import { shopPlan } from './shop.ts';

const store = await ledgerStore();

/** The shop, whose orders are ordered by their id. */
function orderedShop() {
  const { plan, role } = shopPlan();
  const entities = plan.entities.map((entity): EntityPlan =>
    entity.name === 'Order'
      ? { ...entity, orderedBy: ['id'], evaluate: (input) => withKey(entity.evaluate(input), input.body) }
      : entity,
  );
  return { plan: { ...plan, entities }, role };
}

function withKey(evaluation: Evaluation, body: string): Evaluation {
  if (evaluation.kind === 'rejected') return evaluation;
  return { ...evaluation, orderKey: String((JSON.parse(body) as { id: number }).id) };
}

const lines = (...ids: readonly number[]) => ids.map((id, n) => JSON.stringify({ id, n })).join('\n');

const range = (from: number, to = from) => ({ from, to });

const subjectsOf = (id: number) => `shop.ingest.Order.${partitionOf(String(id), 8)}`;

test('a message of an ordered entity goes to the partition of its key, others to the subject of their entity', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue, orderedShop());
  for (const id of [1, 2, 3, 1]) await post('/ingest/Order', `{"id":${id}}`);
  await post('/ingest/Note', 'text', { 'x-filename': 'a.txt', 'content-type': 'text/plain' });
  expect(queue.stored.map(({ subject }) => subject)).toEqual([
    subjectsOf(1),
    subjectsOf(2),
    subjectsOf(3),
    subjectsOf(1),
    'shop.ingest.Note',
  ]);
});

test('the messages of one key in a batch are published one after the other, those of different keys together', async () => {
  const queue = scriptedQueue();
  const { post } = await run(store, queue, orderedShop());
  const answer = await post('/ingest/Order/batch', lines(1, 2, 1, 3, 1, 2));
  expect(answer).toMatchObject({ status: 202, body: { accepted: 6 } });
  expect(queue.calls).toEqual([3, 2, 1]);
  const places = queue.stored.map(({ body }) => (JSON.parse(String(body)) as { n: number }).n);
  expect(places).toEqual([0, 1, 3, 2, 5, 4]);
  const idOf = (place: number) => queue.stored[places.indexOf(place)]?.messageId;
  expect(answer.body).toMatchObject({ message_ids: [0, 1, 2, 3, 4, 5].map(idOf) });
});

test('behind a message that the queue did not take none of its key is published, and the answer says so', async () => {
  const queue = scriptedQueue();
  queue.decide = ({ body }) =>
    String(body).includes('"n":2')
      ? { kind: 'full', reason: 'no room' }
      : { kind: 'stored', duplicate: false };
  const { post } = await run(store, queue, orderedShop());
  const answer = await post('/ingest/Order/batch', lines(1, 2, 1, 3, 1, 2));
  expect(answer).toMatchObject({
    status: 503,
    body: { code: 'queue_full', accepted: 4, unknown: [] },
  });
  const { stored, not_stored: notStored } = answer.body;
  expect({ stored, notStored }).toEqual({
    stored: [range(0, 1), range(3), range(5)],
    notStored: [range(2), range(4)],
  });
  expect(queue.stored).toHaveLength(4);
});
