import { afterAll, expect, test } from 'vitest';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { Failure } from '../../src/ports/failure.ts';
import type { Consumer, Delivery } from '../../src/ports/queue.ts';
import { type NatsUser, permissionsOf, natsPermissionsText } from '../../src/tools/permissions/nats.ts';
import { message, type QueuePlan, queuePlan } from '../conformance/queue-plan.ts';
import { failureOf } from '../support/failure-of.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startLocalNats } from '../support/nats-server.ts';
import { until } from '../support/until.ts';

const names = queuePlan({ consume: { ackWait: 500 } });
const { stream, consume } = names;
const plan = wholePlan(names);

/** With a role that accepts, consumes and has dead letters. */
function wholePlan({ plan: known, stream: { name, subjects }, consume: { template } }: QueuePlan): Plan {
  const publishes = [{ stream: name, template }];
  const deadLetter = { stream: name, template: subjects[1]?.template ?? '' };
  return { ...known, roles: known.roles.map((role) => ({ ...role, publishes, deadLetter })) };
}

/** What an operator writes: everything that the documentation lists for the user, but one right. */
function authorization(user: NatsUser, without?: string): string {
  const all = permissionsOf(user, plan);
  const rest = (subjects: readonly string[]) => {
    const left = subjects.filter((subject) => subject !== without);
    // An empty list allows everything.
    return left.length === 0 ? ['nothing'] : left;
  };
  const text = natsPermissionsText({ publish: rest(all.publish), subscribe: rest(all.subscribe) });
  return `authorization { users: [{ user: admin, password: secret }, { user: role, password: secret, ${text} }] }`;
}

const nats = await startLocalNats({ extra: authorization('worker') });
if (nats === undefined) throw new Error('install nats-server');
afterAll(() => nats.stop());
// A server that reloads forgets who is about to connect, which then waits for this long.
const open = (user: string) =>
  openJetStreamQueue({
    url: nats.url.replace('//', `//${user}:secret@`),
    log: memoryLog(),
    name: 'test',
    connectTimeout: 2_000,
  });
const admin = await open('admin');
const queue = await open('role');
afterAll(async () => {
  await queue.close();
  await admin.close();
});
await admin.apply(plan);

const FETCH = { max: 10, wait: 200, linger: 0, signal: new AbortController().signal };
const publisher = queue.publisher();
let consumer: Consumer | undefined;
let out: readonly Delivery[] = [];
/** Who has all its rights now. */
let granted: NatsUser = 'worker';

/** Everything that a role asks of its queue, in this order. */
const WORKER: Readonly<Record<string, () => Promise<unknown>>> = {
  ping: () => queue.ping(),
  differences: () => queue.differences(plan),
  backlog: () => queue.backlog(plan),
  consumer: async () => (await queue.consumer(consume)).close(),
  async fetch() {
    out = [...out, ...((await consumer?.fetch(FETCH)) ?? [])];
  },
  async acknowledge() {
    await consumer?.ack(out);
    // What the server says of it is heard by whoever fetches next.
    await queue.ping().catch(() => {});
    await consumer?.fetch({ ...FETCH, wait: 1 });
    out = [];
  },
  publish: () => publish(names.otherSubject),
  rights: () => lacking('worker'),
};
const INGEST: typeof WORKER = {
  ping: () => queue.ping(),
  differences: () => queue.differences(plan),
  obstacle: () => queue.obstacle(plan),
  extents: () => queue.extents(plan),
  backlog: () => queue.backlog(plan),
  publish: () => publish(names.subject('Order')),
  rights: () => lacking('ingest'),
};

/** As doctor asks. */
async function lacking(user: 'ingest' | 'worker'): Promise<void> {
  const [first] = await queue.lackingRights(plan, user);
  if (first !== undefined) throw new Failure('QUEUE_MISCONFIGURED', first);
}

async function publish(subject: string): Promise<void> {
  const [outcome] = await publisher.publish([message(names, { subject })]);
  if (outcome?.kind === 'stored') return;
  if (outcome === undefined) throw new Error('a message has no outcome');
  // Who may not hear the answer cannot know whether the message is stored.
  const isUnheard = outcome.reason.includes('subscribe');
  expect(outcome.kind).toBe(isUnheard ? 'unavailable' : 'misconfigured');
  throw new Failure('QUEUE_MISCONFIGURED', outcome.reason);
}

/** The operations that fail, with what they say. */
async function failing(operations: typeof WORKER): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const [name, operation] of Object.entries(operations)) {
    try {
      await operation();
    } catch (error) {
      found[name] = error instanceof Failure ? `${error.code} ${error.message}` : String(error);
    }
  }
  return found;
}

/** A right as a failure names it: an asterisk stands for what it was asked for. */
function named(right: string): RegExp {
  const pattern = right.split(/[*>]/).map((part) => part.replaceAll(/[$.]/g, String.raw`\$&`));
  return new RegExp(
    `^QUEUE_MISCONFIGURED .*this user may not (publish|subscribe to) "${pattern.join('.*')}"`,
  );
}

/** Of what no other question of doctor's needs. */
const PROBED = /MSG|ACK|ingest|dead/;
/** What a role needs only where it makes a consumer anew. */
const RARELY = /UPDATE|CREATE|DELETE/;
const rights = (['worker', 'ingest'] as const).flatMap((user) => {
  const { publish: published, subscribe } = permissionsOf(user, plan);
  return [...published, ...subscribe]
    .filter((right) => !RARELY.test(right))
    .map((right) => ({ user, right, shown: right.replace(stream.name, 'STREAM') }));
});

test.each(rights)(
  'without the right to $shown, $user says so at once, and works once it is granted, over the same connection',
  async ({ user, right }) => {
    const operations = user === 'worker' ? WORKER : INGEST;
    if (granted !== user) await nats.reload(authorization(user));
    granted = user;
    consumer ??= await queue.consumer(consume);
    await admin.publisher().publish([message(names)]);
    await nats.reload(authorization(user, right));
    const without = await failing(operations);
    expect(Object.keys(without).length, 'operations that need the right').toBeGreaterThan(0);
    for (const text of Object.values(without)) expect(text).toMatch(named(right));
    expect(!PROBED.test(right) || 'rights' in without, 'whether doctor asks for the right').toBe(true);
    await nats.reload(authorization(user));
    expect(await failing(operations)).toEqual({});
  },
);

test('a server that refuses the credentials of a running role is told as the reason, and takes them again', async () => {
  await nats.reload(authorization('worker'));
  consumer ??= await queue.consumer(consume);
  const reasonOf = async (operation: () => Promise<unknown>) => {
    const { code, message: text } = await failureOf(operation());
    return `${code} ${text}`;
  };
  await nats.reload(
    authorization('worker').replaceAll('user: role, password: secret', 'user: role, password: new'),
  );
  const refused = /^QUEUE_MISCONFIGURED .* refuses the credentials/;
  const fetchOne = async () => consumer?.fetch({ ...FETCH, wait: 20 });
  await until('the refusal', async () => refused.test(await reasonOf(fetchOne).catch(() => '')));
  expect(await reasonOf(() => queue.ping())).toMatch(refused);
  const [outcome] = await publisher.publish([message(names, { subject: names.otherSubject })]);
  expect(outcome).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('credentials') });
  await nats.reload(authorization('worker'));
  await until('the connection', async () => Object.keys(await failing(WORKER)).length === 0);
});

test('asking for rights stores nothing, and takes no message', async () => {
  const fresh = queuePlan();
  await admin.apply(fresh.plan);
  const reader = await admin.consumer(fresh.consume);
  await admin.publisher().publish([message(fresh)]);
  const [before] = await admin.extents(fresh.plan);
  for (const user of ['ingest', 'worker'] as const)
    expect(await admin.lackingRights(wholePlan(fresh), user)).toEqual([]);
  expect(await admin.extents(fresh.plan)).toEqual([before]);
  const delivered = await reader.fetch(FETCH);
  expect(delivered.map(({ deliveries }) => deliveries)).toEqual([1]);
  await reader.close();
});
