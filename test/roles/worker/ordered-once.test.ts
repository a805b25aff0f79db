import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { subjectFor } from '../../../src/plan/partition.ts';
import type { Consumer, Queue } from '../../../src/ports/queue.ts';
import { until } from '../../support/until.ts';
import { partitioned } from './partitioned.ts';
import { openRig, QUEUES, type Rig, type Sent } from './rig.ts';

/** Moves of items, which are counted, and need their box where they name one. */
const counting = (settings: string) => (id: string) =>
  `
${partitioned(id, 1, settings)}
entity Box {
  box: bigint
  store boxes { key (box)  upsert on (box) replace }
}
entity Move {
  item: bigint
  step: bigint
  moves: bigint = 1
  box: bigint?
  ordered by (item)
  store items { key (item)  upsert on (item) add (moves) }
}
derive Stop from Move as move {
  item = move.item
  step = move.step
  box = move.box
  store stops { key (item, step)  upsert on (item, step) keep  ref (box) -> Box (box) }
}`;

const move = (item: number, step: number, more: object = {}): Sent => ({
  entity: 'Move',
  body: { item, step, ...more },
});
const ITEMS = 'SELECT item::int, step::int, moves::int FROM items ORDER BY item';

/** Counts what the worker's consumers gave. */
function counted(): { readonly given: () => number; readonly over: (queue: Queue) => Queue } {
  let given = 0;
  return {
    given: () => given,
    over: (queue) => ({
      ...queue,
      async consumer(plan): Promise<Consumer> {
        const consumer = await queue.consumer(plan);
        return {
          ...consumer,
          async fetch(request) {
            const fetched = await consumer.fetch(request);
            given += fetched.length;
            return fetched;
          },
        };
      },
    }),
  };
}

/** Publishes a first move of item 1, and waits until it waits for box 7. */
async function publishWaiting(rig: Rig): Promise<void> {
  const [id = ''] = await rig.publish([move(1, 1, { box: 7 })]);
  await until('it to be tried', async () => (await rig.status(id))?.status === 'retrying');
}

/** Stores a message in the queue once more, as where its sender repeats it after the dedupe window. */
async function storeAgain(rig: Rig, { entity, body }: Sent, messageId: string): Promise<void> {
  const target = rig.plan.roles.flatMap(({ publishes }) => publishes)[0];
  const { item } = body as { item: number };
  const evaluation = rig.plan.entities
    .find(({ name }) => name === entity)
    ?.evaluate({ body: JSON.stringify(body), headers: {}, messageId, receivedAt: 0 });
  if (target === undefined || evaluation?.kind !== 'rows') throw new Error(`cannot publish item ${item}`);
  const outcomes = await rig.queue.publisher().publish([
    {
      stream: target.stream,
      subject: subjectFor(rig.plan, target, entity, evaluation.orderKey),
      entity,
      messageId,
      dedupeId: randomUUID(),
      generation: 0,
      body: Buffer.from(JSON.stringify(body)),
      headers: {},
      receivedAt: Date.now(),
      program: rig.plan.program,
    },
  ]);
  expect(outcomes).toEqual([{ kind: 'stored', duplicate: false }]);
}

describe.concurrent.each(QUEUES)(
  'what waits behind an earlier message of its key, over the %s queue',
  (kind) => {
    const settings = 'attempts: 1000  backoff: 50ms..50ms';

    test('is written once where somebody else restarts the queue of the partition', async (here) => {
      const rig = await openRig(kind, counting(settings), here);
      const { given, over } = counted();
      rig.work({ queue: over });
      await publishWaiting(rig);
      await rig.publish([move(1, 2), move(1, 3)]);
      await until('them to come', () => given() >= 3);
      const partition = rig.role.consumes.find((each) => each.partition !== undefined);
      if (partition === undefined) throw new Error('the worker has no partition');
      const other = await rig.queue.consumer(partition);
      // The worker may restart it at the same time, for a reason of its own.
      await until('a restart', () =>
        other.restart().then(
          () => true,
          () => false,
        ),
      );
      await other.close();
      await rig.publish([move(2, 1)]);
      await until('all of them to come again', () => given() >= 7);
      await rig.publish([{ entity: 'Box', body: { box: 7 } }]);
      await rig.settled(5);
      expect(await rig.rows(ITEMS)).toEqual([
        { item: 1, step: 3, moves: 3 },
        { item: 2, step: 1, moves: 1 },
      ]);
    });

    test('is written once where it is stored twice', async (here) => {
      const rig = await openRig(kind, counting(settings), here);
      const { given, over } = counted();
      rig.work({ queue: over });
      const second = move(1, 2);
      await publishWaiting(rig);
      const [id = ''] = await rig.publish([second, move(1, 3)]);
      await until('them to come', () => given() >= 3);
      await storeAgain(rig, second, id);
      await until('all of them to come', () => given() >= 4);
      await rig.publish([{ entity: 'Box', body: { box: 7 } }]);
      await rig.settled(4);
      expect(await rig.rows(ITEMS)).toEqual([{ item: 1, step: 3, moves: 3 }]);
    });
  },
);
