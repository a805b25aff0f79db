import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Consumer, Delivery } from '../../src/ports/queue.ts';
import { failureOf } from '../support/failure-of.ts';
import { until } from '../support/until.ts';
import { message, messages, queuePlan } from './queue-plan.ts';
import { isDuplicate, type QueueAdapter, queueFixture } from './queue-fixture.ts';
import { queueOutages } from './queue-outages.ts';

/** Milliseconds that no test lasts: what waits for so long does not come at all. */
const TOO_LONG = 600_000;
const STORED = { kind: 'stored', duplicate: false };
const DUPLICATE = { kind: 'stored', duplicate: true };

/** The promises of the `Queue` port, for one adapter. */
export function queueConformance(adapter: QueueAdapter): void {
  const { openQueue, setUp, openConsumer, fetch, fetchAll, nothing, idsOf } = queueFixture(adapter);

  test('a stored message is there for other processes, also when its publisher is gone', async () => {
    const { plan, consumer } = await setUp();
    const sender = await adapter.open(adapter.url);
    const sent = message(plan);
    expect(await sender.publisher().publish([sent])).toEqual([STORED]);
    await sender.close();
    expect(idsOf(await fetch(consumer))).toEqual([sent.messageId]);
  });

  test('the bytes of a body are its own: once it is stored, whoever published it may overwrite them', async () => {
    const { plan, consumer, publish } = await setUp();
    const sent = messages(plan, 300);
    const bodies = sent.map(({ body }) => Buffer.from(body).toString());
    await publish(...sent);
    for (const { body } of sent) body.fill(0);
    const delivered = await fetchAll(consumer, 300);
    expect(delivered.map(({ body }) => Buffer.from(body).toString())).toEqual(bodies);
  });

  test('messages are delivered in the order of their arrival', async () => {
    const { plan, consumer, publish } = await setUp();
    const sent = messages(plan, 700);
    await publish(...sent.slice(0, 400));
    await publish(...sent.slice(400));
    expect(idsOf(await fetchAll(consumer, 700))).toEqual(idsOf(sent));
  });

  test('every message of a large batch gets its outcome, at the place of the message', async () => {
    const { plan, publish } = await setUp();
    const known = message(plan);
    await publish(known);
    const foreign = message(plan, { subject: `nobody.${plan.stream.name}` });
    const outcomes = await publish(...messages(plan, 1_500), known, foreign, ...messages(plan, 1_000));
    expect(outcomes).toHaveLength(2_502);
    expect(outcomes[1_500]).toEqual(DUPLICATE);
    expect(outcomes[1_501]).toMatchObject({ kind: 'misconfigured' });
    expect(outcomes.filter(({ kind }) => kind === 'stored')).toHaveLength(2_501);
  });

  test('a message published twice within the dedupe window is delivered once, also after it is done', async () => {
    const { plan, consumer, publish } = await setUp();
    const sent = message(plan);
    expect(await publish(sent, sent)).toEqual([STORED, DUPLICATE]);
    await consumer.ack(await fetch(consumer));
    expect(await publish(sent)).toEqual([DUPLICATE]);
    expect(await nothing(consumer)).toEqual([]);
  });

  test('a replay with a new dedupe id is delivered with its generation and the same message id', async () => {
    const { plan, consumer, publish } = await setUp();
    const sent = message(plan);
    const replay = { ...sent, dedupeId: `${sent.messageId}#r1`, generation: 1 };
    expect(await publish(sent, replay)).toEqual([STORED, STORED]);
    const delivered = await fetchAll(consumer, 2);
    expect(delivered.map(({ messageId, generation }) => ({ messageId, generation }))).toEqual([
      { messageId: sent.messageId, generation: 0 },
      { messageId: sent.messageId, generation: 1 },
    ]);
  });

  test('an id is free again once the dedupe window is over', async () => {
    const { plan, publish } = await setUp({ stream: { dedupe: 300 } });
    const sent = message(plan);
    await publish(sent);
    expect(await publish(sent)).toEqual([DUPLICATE]);
    const outcome = await until('the end of the window', async () => {
      const [again] = await publish(sent);
      return !isDuplicate(again) && again;
    });
    expect(outcome).toEqual(STORED);
  });

  test('a message that nobody acknowledges is delivered again after the ack wait, not before', async () => {
    const { plan, consumer, publish } = await setUp({ consume: { ackWait: 1_000 } });
    const sent = message(plan);
    await publish(sent);
    const [first] = await fetch(consumer);
    const leased = Date.now();
    expect(first?.deliveries).toBe(1);
    const [second] = await fetch(consumer);
    expect(Date.now() - leased).toBeGreaterThan(800);
    expect(second).toMatchObject({ messageId: sent.messageId, deliveries: 2 });
  });

  test('a message that is still worked on is not delivered again while it is extended', async () => {
    const { plan, queue, consumer, publish } = await setUp({ consume: { ackWait: 1_000 } });
    const other = await openConsumer(queue, plan);
    await publish(message(plan));
    const held = await fetch(consumer);
    for (let round = 0; round < 7; round += 1) {
      await consumer.extend(held);
      expect(await nothing(other, 300)).toEqual([]);
    }
    expect(await fetch(other)).toMatchObject([{ deliveries: 2 }]);
  });

  test('a retried message is delivered again after its delay, not before', async () => {
    const { plan, consumer, publish } = await setUp({ consume: { ackWait: TOO_LONG } });
    await publish(...messages(plan, 3));
    const held = await fetchAll(consumer, 3, false);
    const retried = Date.now();
    await consumer.retry(held, 700);
    const again = await fetchAll(consumer, 3);
    expect(Date.now() - retried).toBeGreaterThan(600);
    expect(idsOf(again).toSorted()).toEqual(idsOf(held).toSorted());
    expect(again.map(({ deliveries }) => deliveries)).toEqual([2, 2, 2]);
  });

  test('an acknowledged message never comes again', async () => {
    const { plan, consumer, publish } = await setUp({ consume: { ackWait: 500 } });
    await publish(...messages(plan, 5));
    await fetchAll(consumer, 5);
    expect(await nothing(consumer, 1_500)).toEqual([]);
    expect(await consumer.pending()).toBe(0);
  });

  test('pending counts what waits and what is out, and only what the consumer wants', async () => {
    const { plan, consumer, publish } = await setUp();
    await publish(...messages(plan, 4), message(plan, { subject: plan.otherSubject }));
    // A server may store a message a moment before it counts it for a consumer.
    const counts = (count: number) =>
      until(`${count} messages to be counted`, async () => (await consumer.pending()) === count);
    await counts(4);
    const held = await fetch(consumer, { max: 2 });
    await counts(4);
    await consumer.ack(held);
    await counts(2);
    expect(await consumer.pending()).toBe(2);
  });

  test('a full stream refuses new messages, drops none, and takes new ones once there is room', async () => {
    const { plan, consumer, publish } = await setUp({ stream: { maxBytes: 64 * 1024 } });
    const sent = Array.from({ length: 40 }, () => message(plan, { body: Buffer.alloc(4_000, 120) }));
    const outcomes = await publish(...sent);
    const stored = sent.filter((_, index) => outcomes[index]?.kind === 'stored');
    expect(stored.length).toBeGreaterThan(5);
    expect(stored.length).toBeLessThan(20);
    expect(outcomes.filter(({ kind }) => kind === 'full')).toHaveLength(sent.length - stored.length);
    const refused = sent.find((_, index) => outcomes[index]?.kind === 'full') ?? message(plan);
    expect(idsOf(await fetchAll(consumer, stored.length))).toEqual(idsOf(stored));
    await until('room', async () => (await publish(refused))[0]?.kind === 'stored');
    expect(idsOf(await fetch(consumer))).toEqual([refused.messageId]);
  });

  test('workers of one consumer share its messages, each message goes to one of them', async () => {
    const { plan, queue, consumer, publish } = await setUp();
    const other = await openConsumer(await openQueue(), plan);
    const third = await openConsumer(queue, plan);
    const sent = messages(plan, 600);
    await publish(...sent);
    const work = async (worker: Consumer) => {
      const mine: Delivery[] = [];
      for (;;) {
        const some = await fetch(worker, { max: 25, wait: 400 });
        if (some.length === 0) return mine;
        mine.push(...some);
        await worker.ack(some);
      }
    };
    const shares = await Promise.all([work(consumer), work(other), work(third), work(consumer)]);
    expect(idsOf(shares.flat()).toSorted()).toEqual(idsOf(sent).toSorted());
  });

  test('a consumer gets what its filter matches and nothing else', async () => {
    const { plan, consumer, publish } = await setUp();
    const order = message(plan, { entity: 'Order' });
    const customer = message(plan, { entity: 'Customer' });
    const dead = message(plan, { subject: plan.otherSubject });
    expect(await publish(order, dead, customer)).toEqual([STORED, STORED, STORED]);
    const delivered = await fetchAll(consumer, 2);
    expect(delivered.map(({ messageId, entity }) => [messageId, entity])).toEqual([
      [order.messageId, 'Order'],
      [customer.messageId, 'Customer'],
    ]);
    expect(await nothing(consumer)).toEqual([]);
  });

  test('publishing to a stream that is missing or does not capture the subject is misconfigured', async () => {
    const { plan, queue, publish } = await setUp();
    expect(await publish(message(plan, { subject: `elsewhere.${plan.stream.name}.Order` }))).toMatchObject([
      { kind: 'misconfigured' },
    ]);
    const absent = queuePlan();
    expect(await queue.publisher().publish([message(absent)])).toMatchObject([{ kind: 'misconfigured' }]);
    // Captured, but by another stream than the plan says.
    expect(await publish(message(plan, { stream: absent.stream.name }))).toMatchObject([
      { kind: 'misconfigured' },
    ]);
  });

  test('a consumer that does not exist is QUEUE_MISCONFIGURED', async () => {
    const { plan, queue } = await setUp();
    const failure = await failureOf(queue.consumer({ ...plan.consume, durable: 'nobody' }));
    expect(failure.code).toBe('QUEUE_MISCONFIGURED');
    expect(failure.message).toContain('nobody');
  });

  test('what is missing is named before apply, and nothing differs after it, however often it runs', async () => {
    const plan = queuePlan();
    const queue = await openQueue();
    const before = await queue.differences(plan.plan);
    expect(before.length).toBeGreaterThan(0);
    expect(before.every(({ fixable }) => fixable)).toBe(true);
    expect((await queue.apply(plan.plan)).length).toBeGreaterThan(0);
    expect(await queue.differences(plan.plan)).toEqual([]);
    expect(await queue.apply(plan.plan)).toEqual([]);
  });

  test('a changed setting is named with both values, and apply fixes it and keeps the messages', async () => {
    const { plan, queue, consumer, publish } = await setUp({
      stream: { dedupe: 60_000, maxBytes: 1_000_000 },
    });
    await publish(...messages(plan, 3));
    const id = plan.stream.name.slice(1);
    const changed = queuePlan({ stream: { dedupe: 90_000, maxBytes: 2_000_000 } }, id);
    const differences = await queue.differences(changed.plan);
    expect(differences).toHaveLength(2);
    for (const difference of differences) {
      expect(difference).toMatchObject({ code: 'NOM903', fixable: true });
      expect(difference.what).toContain(plan.stream.name);
      expect(difference.expected).not.toBe(difference.found);
    }
    expect(differences.map(({ what }) => what).join()).toMatch(/max_bytes/);
    expect(await queue.apply(changed.plan)).toHaveLength(2);
    expect(await queue.differences(changed.plan)).toEqual([]);
    expect(await fetchAll(consumer, 3)).toHaveLength(3);
  });

  test('bodies and headers arrive byte for byte, empty and binary ones too', async () => {
    const { plan, consumer, publish } = await setUp();
    const header = fc.stringMatching(/^x-[a-z0-9]{1,12}$/);
    const text = fc.string({ unit: 'binary' });
    const outgoing = fc.record({
      body: fc.uint8Array({ maxLength: 2_000 }),
      headers: fc.dictionary(header, text, { maxKeys: 4, noNullPrototype: true }),
      receivedAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
      generation: fc.integer({ min: 0, max: 9 }),
      program: fc.option(fc.stringMatching(/^[\w-]{16}$/), { nil: undefined }),
    });
    const sample = fc.sample(outgoing, 60).map((parts) => message(plan, parts));
    const sent = [
      message(plan, { body: new Uint8Array(0) }),
      message(plan, {
        body: Buffer.from([0, 255, 13, 10, 0]),
        headers: { 'x-a': ' a\r\nb%41ü\u{1F600} ', 'x-empty': '' },
      }),
      message(plan, { body: Buffer.alloc(400_000, 'é') }),
      ...sample,
    ];
    expect((await publish(...sent)).every(({ kind }) => kind === 'stored')).toBe(true);
    const delivered = await fetchAll(consumer, sent.length);
    sent.forEach((original, index) => {
      const got = delivered[index];
      expect(got).toMatchObject({
        messageId: original.messageId,
        entity: original.entity,
        generation: original.generation,
        receivedAt: original.receivedAt,
        program: original.program,
      });
      expect({ ...got?.headers }).toEqual(original.headers);
      expect(Buffer.compare(Buffer.from(got?.body ?? []), original.body)).toBe(0);
    });
  });

  test('a fetch resolves with none after its wait, and with what comes meanwhile before', async () => {
    const { plan, consumer, publish } = await setUp();
    const started = Date.now();
    expect(await fetch(consumer, { wait: 400 })).toEqual([]);
    expect(Date.now() - started).toBeGreaterThan(350);
    const waiting = fetch(consumer, { wait: TOO_LONG });
    const sent = message(plan);
    await publish(sent);
    expect(idsOf(await waiting)).toEqual([sent.messageId]);
  });

  test('a fetch gives its batch the linger to fill, never more than max, and does not wait for a full one', async () => {
    const { plan, consumer, publish } = await setUp();
    await publish(message(plan));
    const filling = fetch(consumer, { max: 3, linger: TOO_LONG });
    await publish(message(plan));
    await publish(...messages(plan, 2));
    expect(await filling).toHaveLength(3);
    expect(await fetch(consumer, { max: 3, linger: 200 })).toHaveLength(1);
  });

  test('an aborted fetch resolves at once with none, and strands no message that comes after it', async () => {
    const { plan, consumer, publish } = await setUp({ consume: { ackWait: TOO_LONG } });
    const abort = new AbortController();
    const waiting = fetch(consumer, { wait: TOO_LONG, signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    expect(await waiting).toEqual([]);
    const sent = message(plan);
    await publish(sent);
    expect(idsOf(await fetch(consumer, { wait: TOO_LONG }))).toEqual([sent.messageId]);
    expect(await fetch(consumer, { signal: AbortSignal.abort() })).toEqual([]);
  });

  test('many publishers at once store each id once', async () => {
    const { plan, consumer } = await setUp();
    const ids = Array.from({ length: 200 }, () => randomUUID());
    const publishers = [
      (await openQueue()).publisher(),
      (await openQueue()).publisher(),
      (await openQueue()).publisher(),
    ];
    const outcomes = await Promise.all(
      publishers.map((publisher, turn) => {
        const mine = turn % 2 === 0 ? ids : ids.toReversed();
        return publisher.publish(mine.map((messageId) => message(plan, { messageId })));
      }),
    );
    const first = outcomes.flat().filter((outcome) => outcome.kind === 'stored' && !outcome.duplicate);
    expect(first).toHaveLength(ids.length);
    expect(idsOf(await fetchAll(consumer, ids.length)).toSorted()).toEqual(ids.toSorted());
  });

  queueOutages(adapter);
}
