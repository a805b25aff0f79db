import { randomBytes, randomUUID } from 'node:crypto';
import { inject, onTestFinished } from 'vitest';
import { openJetStreamQueue } from '../../../src/adapters/jetstream/queue.ts';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { openStore, type PostgresStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { subjectFor } from '../../../src/plan/partition.ts';
import type { Plan, RolePlan } from '../../../src/plan/plan.ts';
import { subjectOf } from '../../../src/plan/plan.ts';
import type { Consumer, Outgoing, Queue } from '../../../src/ports/queue.ts';
import type { MessageStatus } from '../../../src/ports/ledger.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { type CountedWorker, startCountedWorker } from '../../support/counted-worker.ts';
import { createDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { openTcpProxy, type TcpProxy, through } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';

export const QUEUES = ['JetStream', 'Postgres'] as const;
export type QueueKind = (typeof QUEUES)[number];

/** A pipeline on a database and a stream of its own, all gone after the test. */
export interface Rig {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly queue: Queue;
  /** Straight to the server. */
  readonly store: PostgresStore;
  /** Between the workers' store and Postgres. */
  readonly proxy: TcpProxy;
  readonly log: ReturnType<typeof memoryLog>;
  /** A worker of the role, over a store of its own behind the proxy; stopped after the test. */
  work(changes?: { plan?: Plan; role?: RolePlan; queue?: (queue: Queue) => Queue }): CountedWorker;
  /** Gives the ids, in order. */
  publish(messages: readonly Sent[]): Promise<readonly string[]>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  status(id: string): Promise<MessageStatus | undefined>;
  /** How many messages have each status. */
  statuses(): Promise<Readonly<Record<string, number>>>;
  /** Waits until that many messages are settled for good. */
  settled(count: number): Promise<void>;
  /** A consumer of another role of the pipeline. */
  consumerOf(role: string): Promise<Consumer>;
}

/** The context of a test that runs at the same time as others has to be given. */
interface RigOptions {
  /** A server of the test's own. */
  readonly databaseUrl?: string;
  readonly onTestFinished?: (end: () => Promise<void>) => void;
}

export interface Sent {
  readonly entity: string;
  readonly body: object | Uint8Array;
  readonly id?: string;
  readonly generation?: number;
}

export async function openRig(
  kind: QueueKind,
  source: (id: string) => string,
  { databaseUrl = inject('databaseUrl'), onTestFinished: atEnd = onTestFinished }: RigOptions = {},
): Promise<Rig> {
  const id = randomBytes(5).toString('hex');
  const compiled = planOf(source(id));
  const role = compiled.roles.find(({ consumes, name }) => consumes.length > 0 && name === 'worker');
  if (role === undefined) throw new Error('the pipeline has no worker');
  const plan = { ...compiled, roles: [...compiled.roles, repairOf(role)] };
  const log = memoryLog();
  const database = await createDatabase(databaseUrl);
  atEnd(() => database.drop());
  const proxy = await openTcpProxy(database.url);
  atEnd(() => proxy.close());
  const open = (url: string): PostgresStore => {
    const store = openStore({ url, max: 10, log });
    atEnd(() => store.close());
    return store;
  };
  const store = open(database.url);
  const behindProxy = open(through(proxy, database.url));
  const queueOver = async (over: PostgresStore): Promise<Queue> => {
    if (kind === 'Postgres') return openPostgresQueue({ store: over.sql, log });
    const queue = await openJetStreamQueue({ url: inject('natsUrl'), log, name: 'test' });
    atEnd(() => queue.close());
    return queue;
  };
  const queue = await queueOver(store);
  const workersQueue = await queueOver(behindProxy);
  await applyTables(store, plan);
  await queue.apply(plan);
  const rows = async (text: string) => (await store.sql.query({ text })).rows;
  const statuses = async () =>
    Object.fromEntries(
      (await rows('SELECT status, count(*) AS n FROM message_status GROUP BY status')).map((row) => [
        row['status'],
        Number(row['n']),
      ]),
    ) as Record<string, number>;

  return {
    plan,
    role,
    queue,
    store,
    proxy,
    log,
    work(changes = {}) {
      const worker = startCountedWorker({
        plan: changes.plan ?? plan,
        role: changes.role ?? role,
        queue: (changes.queue ?? ((same) => same))(workersQueue),
        store: behindProxy,
        clock: systemClock,
        log,
      });
      atEnd(() => worker.stop());
      return worker;
    },
    async publish(messages) {
      const target = plan.roles.flatMap(({ publishes }) => publishes)[0];
      if (target === undefined) throw new Error('the pipeline publishes nothing');
      const sent = messages.map(({ entity, body, id: given, generation = 0 }): Outgoing => {
        const messageId = given ?? randomUUID();
        const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
        const receivedAt = Date.now();
        const known = plan.entities.find(({ name }) => name === entity);
        const evaluation =
          known?.orderedBy === undefined
            ? undefined
            : known.evaluate({ body: String(bytes), headers: {}, messageId, receivedAt });
        const orderKey = evaluation?.kind === 'rows' ? evaluation.orderKey : undefined;
        return {
          stream: target.stream,
          subject: subjectFor(plan, target, entity, orderKey),
          entity,
          messageId,
          dedupeId: generation === 0 ? messageId : `${messageId}#r${generation}`,
          generation,
          body: bytes,
          headers: {},
          receivedAt,
          program: plan.program,
        };
      });
      const outcomes = await queue.publisher().publish(sent);
      for (const outcome of outcomes) {
        if (outcome.kind !== 'stored') throw new Error(`not stored: ${JSON.stringify(outcome)}`);
      }
      return sent.map(({ messageId }) => messageId);
    },
    rows,
    status: (messageId) => store.ledger.readStatus(messageId),
    statuses,
    async settled(count) {
      let last: Record<string, number> = {};
      await until(`${count} settled messages`, async () => {
        last = await statuses();
        return (last['completed'] ?? 0) + (last['superseded'] ?? 0) + (last['dlq'] ?? 0) >= count;
      }).catch((error: unknown) => {
        throw new Error(`only ${JSON.stringify(last)}; ${JSON.stringify(log.lines.slice(-5))}`, {
          cause: error,
        });
      });
    },
    async consumerOf(name) {
      const consume = plan.roles.find((each) => each.name === name)?.consumes[0];
      if (consume === undefined) throw new Error(`no role ${name} consumes`);
      const consumer = await queue.consumer(consume);
      atEnd(() => consumer.close());
      return consumer;
    },
  };
}

/** A role that takes the dead letters of another. */
function repairOf(role: RolePlan): RolePlan {
  const [consume] = role.consumes;
  const { deadLetter, ...rest } = role;
  if (consume === undefined || deadLetter === undefined) throw new Error('the worker has no dead letters');
  const { template, stream } = deadLetter;
  const filter = subjectOf(template, '*');
  return { ...rest, name: 'repair', consumes: [{ ...consume, durable: 'repair', stream, template, filter }] };
}

/** A shop: customers, and orders with lines that need their customer, in versions. */
export function shop(settings = ''): (id: string) => string {
  return (id) => `
pipeline shop${id}
stream S${id} {
  subject ingest = "s${id}.ingest.{entity}"
  subject dead = "s${id}.dead.{entity}"
  storage: memory
}
role ingest { publish S${id}.ingest }
role worker { consume S${id}.ingest  dead_letter S${id}.dead  batch: 50  ${settings} }

entity Customer {
  customer_key: bigint
  name: text(25)
  store customers { key (customer_key)  upsert on (customer_key) replace }
}
shape Line { line_number: int  quantity: int }
entity Order {
  order_key: bigint
  customer_key: bigint?
  version: bigint
  lines: Line[]
  store orders {
    key (order_key)
    upsert on (order_key) newest by version
    ref (customer_key) -> Customer (customer_key)
  }
}
derive OrderLine from Order as o, each o.lines as line {
  ...line
  order_key: bigint = o.order_key
  version: bigint = o.version
  store order_lines {
    key (order_key, line_number)
    upsert on (order_key, line_number) newest by version
    ref (order_key) -> Order (order_key)
    prune by (order_key)
  }
}
`;
}

export function order(
  key: number,
  version: number,
  lines: readonly number[],
  customer: number | null = null,
): Sent {
  return {
    entity: 'Order',
    body: {
      order_key: key,
      customer_key: customer,
      version,
      lines: lines.map((line) => ({ line_number: line, quantity: key * 1000 + version * 10 + line })),
    },
  };
}

export function customer(key: number, name = `customer ${key}`): Sent {
  return { entity: 'Customer', body: { customer_key: key, name } };
}
