import { expect, onTestFinished, test } from 'vitest';
import { until } from '../support/until.ts';
import type { QueueAdapter } from './queue-fixture.ts';
import { message, messages, queuePlan } from './queue-plan.ts';

/** What the `Queue` port tells of what waits, for one adapter. */
export function backlogConformance({ url, open }: QueueAdapter): void {
  test('a backlog counts what waits or is out, how old it is, and what no consumer will get', async () => {
    const plan = queuePlan();
    const queue = await open(url);
    onTestFinished(() => queue.close());
    await queue.apply(plan.plan);
    const consumer = await queue.consumer(plan.consume);
    onTestFinished(() => consumer.close());
    const publish = queue.publisher().publish;
    const backlog = async () => (await queue.backlog(plan.plan))[0];
    const none = { consumer: 'worker', messages: 0, oldestAt: undefined };
    expect(await backlog()).toEqual({ stream: plan.stream.name, consumers: [none], orphans: 0 });

    await publish([
      message(plan, { subject: plan.otherSubject, receivedAt: 1_000 }),
      message(plan, { receivedAt: 5_000 }),
      ...messages(plan, 2),
    ]);
    const waiting = { consumer: 'worker', messages: 3, oldestAt: 5_000 };
    expect(await backlog()).toEqual({ stream: plan.stream.name, consumers: [waiting], orphans: 1 });

    const { signal } = new AbortController();
    const [first] = await consumer.fetch({ max: 1, wait: 5_000, linger: 0, signal });
    expect((await backlog())?.consumers).toEqual([waiting]);
    await consumer.ack(first === undefined ? [] : [first]);
    await until('one to be done', async () => (await backlog())?.consumers[0]?.messages === 2);
    expect((await backlog())?.consumers[0]?.oldestAt).toBe(1_700_000_000_123);

    // Dead letters may wait for somebody who is no consumer of the plan.
    const deadLetter = { stream: plan.stream.name, template: plan.stream.subjects[1]?.template ?? '' };
    const roles = plan.plan.roles.map((role) => ({ ...role, deadLetter }));
    expect((await queue.backlog({ ...plan.plan, roles }))[0]?.orphans).toBe(0);
  });

  test('a message keeps the span that brought it, and a foreign text is none', async () => {
    const plan = queuePlan();
    const queue = await open(url);
    onTestFinished(() => queue.close());
    await queue.apply(plan.plan);
    const consumer = await queue.consumer(plan.consume);
    onTestFinished(() => consumer.close());
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const trace = { parent, state: 'vendor@tool=a b,other=1' };
    const headers = { 'x-shop': 'one' };
    await queue
      .publisher()
      .publish([
        message(plan, { trace, headers }),
        message(plan, { trace: { parent, state: 'no state' }, headers }),
        message(plan, { trace: { parent: 'not a span', state: trace.state }, headers }),
        message(plan),
      ]);
    const { signal } = new AbortController();
    const came = await consumer.fetch({ max: 4, wait: 5_000, linger: 500, signal });
    const stateless = { parent, state: undefined };
    expect(came.map((delivery) => delivery.trace)).toEqual([trace, stateless, undefined, undefined]);
    expect(came.map((delivery) => ({ ...delivery.headers }))).toEqual([headers, headers, headers, {}]);
  });
}
