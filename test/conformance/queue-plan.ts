import { randomBytes, randomUUID } from 'node:crypto';
import type { ConsumePlan, Plan, RoleSettings, StreamPlan } from '../../src/plan/plan.ts';
import type { Outgoing } from '../../src/ports/queue.ts';

/** A plan of one stream with two subjects, and one consumer; its names are new, so that tests share a server. */
export interface QueuePlan {
  readonly plan: Plan;
  readonly stream: StreamPlan;
  readonly consume: ConsumePlan;
  /** The subject of an entity below the consumed subject. */
  subject(entity: string): string;
  /** A subject that the stream captures and the consumer does not want. */
  readonly otherSubject: string;
}

export interface QueuePlanChanges {
  readonly stream?: Partial<StreamPlan>;
  readonly consume?: Partial<ConsumePlan>;
}

export function queuePlan(changes: QueuePlanChanges = {}, id = randomBytes(5).toString('hex')): QueuePlan {
  const template = `t${id}.ingest.{entity}`;
  const stream: StreamPlan = {
    name: `T${id}`,
    subjects: [
      { name: 'ingest', template, pattern: `t${id}.ingest.*` },
      { name: 'dead', template: `t${id}.dead.{entity}`, pattern: `t${id}.dead.*` },
    ],
    retention: 'workqueue',
    storage: 'file',
    replicas: 1,
    maxAge: 0,
    maxBytes: -1,
    dedupe: 120_000,
    partitions: 8,
    ...changes.stream,
  };
  const consume: ConsumePlan = {
    stream: stream.name,
    durable: 'worker',
    filter: `t${id}.ingest.*`,
    template,
    entities: ['Order', 'Customer'],
    ackWait: 30_000,
    maxAckPending: 5_000,
    ...changes.consume,
  };
  const plan: Plan = {
    pipeline: `t${id}`,
    file: `t${id}.nom`,
    program: `program-${id}`,
    limits: { maxDepth: 64, maxListLength: 100_000, maxBytes: 1024 * 1024, maxRows: 10_000 },
    entities: [],
    tables: [],
    streams: [stream],
    roles: [{ name: 'worker', publishes: [], consumes: [consume], settings: SETTINGS }],
  };
  return {
    plan,
    stream,
    consume,
    subject: (entity) => template.replace('{entity}', entity),
    otherSubject: `t${id}.dead.Order`,
  };
}

const SETTINGS: RoleSettings = {
  port: 0,
  attempts: 5,
  backoff: { from: 1_000, to: 60_000 },
  batch: 500,
  concurrency: 2,
  linger: 5,
  bodyLimit: 1_000_000,
  batchLimit: 10_000_000,
  publishWindow: 4_096,
  maxRowsPerMessage: 10_000,
  onPoison: 'dead_letter',
  onRefused: 'answer',
  keepStatuses: 2_592_000_000,
  keepDeadLetters: 7_776_000_000,
};

/** A message to the consumed subject. */
export function message({ stream, subject }: QueuePlan, changes: Partial<Outgoing> = {}): Outgoing {
  const messageId = changes.messageId ?? randomUUID();
  const entity = changes.entity ?? 'Order';
  return {
    stream: stream.name,
    subject: subject(entity),
    entity,
    messageId,
    dedupeId: messageId,
    generation: 0,
    program: 'aProgram-_123456',
    body: Buffer.from('{}'),
    headers: {},
    receivedAt: 1_700_000_000_123,
    ...changes,
  };
}

export function messages(plan: QueuePlan, count: number): readonly Outgoing[] {
  return Array.from({ length: count }, (_, index) =>
    message(plan, { body: Buffer.from(JSON.stringify({ index })) }),
  );
}
