import { randomUUID } from 'node:crypto';
import { openJetStreamQueue, type JetStreamQueue } from '../src/adapters/jetstream/queue.ts';
import { pinoLog } from '../src/adapters/pino-log.ts';
import { subjectFor } from '../src/plan/partition.ts';
import type { Plan } from '../src/plan/plan.ts';
import type { Outgoing } from '../src/ports/queue.ts';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const encoder = new TextEncoder();

/** The orders as the ingest role would publish them, with ids of an `Idempotency-Key` or those of `nextId`. */
export function outgoing(
  plan: Plan,
  orders: readonly string[],
  nextId: () => string = randomUUID,
): readonly Outgoing[] {
  const publish = plan.roles.find((role) => role.publishes.length > 0)?.publishes[0];
  if (publish === undefined) throw new Error('the pipeline publishes nothing');
  const entity = plan.entities.find(({ name }) => name === 'Order');
  const orderKeyOf = (body: string, messageId: string): string | undefined => {
    if (entity?.orderedBy === undefined) return undefined;
    const evaluation = entity.evaluate({ body, headers: {}, messageId, receivedAt: Date.now() });
    return evaluation.kind === 'rows' ? evaluation.orderKey : undefined;
  };
  return orders.map((body) => {
    const messageId = nextId();
    return {
      stream: publish.stream,
      subject: subjectFor(plan, publish, 'Order', orderKeyOf(body, messageId)),
      entity: 'Order',
      messageId,
      dedupeId: messageId,
      generation: 0,
      program: undefined,
      body: encoder.encode(body),
      headers: {},
      receivedAt: Date.now(),
    };
  });
}

/** Runs `work` on a queue whose stream is new and empty. */
export async function withEmptyStream<T>(
  url: string,
  plan: Plan,
  work: (queue: JetStreamQueue) => Promise<T>,
): Promise<T> {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  for (const stream of plan.streams) await manager.streams.delete(stream.name).catch(() => false);
  await connection.close();
  const queue = await openJetStreamQueue({ url, log: pinoLog({ level: 'silent' }), name: 'nomnom bench' });
  try {
    await queue.apply(plan);
    return await work(queue);
  } finally {
    await queue.close();
  }
}
