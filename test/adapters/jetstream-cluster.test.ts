import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import type { Outgoing } from '../../src/ports/queue.ts';
import { startNats } from '../faults/nats-servers.ts';
import { memoryLog } from '../support/memory-log.ts';
import { planOf } from '../support/plan.ts';
import { until } from '../support/until.ts';

const plan = planOf(
  `pipeline c
  stream C { subject all = "c.{entity}"  replicas: 3 }
  role ingest { publish C.all }
  role worker { consume C.all }
  entity Order { id: bigint  store orders { key (id)  upsert on (id) keep } }`,
  'c.nom',
);

/** Each is a new one: of one that the stream has already, "stored" would be true without a quorum too. */
const message = (subject: string, messageId = randomUUID()): Outgoing => ({
  stream: 'C',
  subject,
  entity: 'Order',
  messageId,
  dedupeId: messageId,
  generation: 0,
  body: Buffer.from('{"id":1}'),
  headers: {},
  receivedAt: 0,
  program: undefined,
});

test('a cluster without a quorum is away, and not wrongly set up; both are over with its return', async () => {
  const { nodes, all } = await startNats(true);
  onTestFinished(() => all.remove());
  const queue = await openJetStreamQueue({
    url: nodes[0]?.url ?? '',
    log: memoryLog(),
    name: 'cluster test',
  });
  onTestFinished(() => queue.close());
  await until('the stream to be made', () =>
    queue.apply(plan).then(
      () => true,
      () => false,
    ),
  );
  const publisher = queue.publisher();
  const kindOf = async (subject: string) => (await publisher.publish([message(subject)]))[0]?.kind;
  const stored = () => kindOf('c.Order').then((kind) => kind === 'stored');
  const ready = () =>
    queue
      .ping()
      .then(() => queue.obstacle(plan))
      .then((obstacle) => obstacle === undefined)
      .catch(() => false);
  await until('the stream to take messages', stored, { within: 60_000 });
  expect(await kindOf('c.nobody.listens')).toBe('misconfigured');

  await Promise.all(nodes.slice(1).map((node) => node.end('killed')));
  const kinds = new Set<string | undefined>();
  let silent = 0;
  // A leader that is left alone leaves its place after a while; from then on nobody listens on the subject.
  await until(
    'the stream to have no leader',
    async () => {
      const started = performance.now();
      kinds.add(await kindOf('c.Order'));
      silent = performance.now() - started < 2_000 ? silent + 1 : 0;
      return silent > 5;
    },
    { within: 120_000 },
  );
  expect([...kinds]).toEqual(['unavailable']);
  expect(await ready()).toBe(false);

  await Promise.all(nodes.slice(1).map((node) => node.start()));
  await until('the stream to take messages again', stored, { within: 120_000 });
  await until('the queue to be ready again', ready, { within: 60_000 });
}, 400_000);
