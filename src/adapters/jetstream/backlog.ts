import type { ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';
import type { ConsumePlan, Plan } from '../../plan/plan.ts';
import { type Backlog, byConsumer, distinctConsumers, type ConsumerBacklog } from '../../ports/backlog.ts';
import { Failure } from '../../ports/failure.ts';
import { unlessMissing } from './api-failure.ts';
import { listConsumers } from './find-consumer.ts';
import { isNameOf } from './session-names.ts';
import { firstFrom } from './extents.ts';
import { receivedAtOf } from './message-headers.ts';
import { covers } from './subject-covers.ts';

/**
 * What waits in the streams of the plan: for each stream a request for its subjects and one for its consumers, and one more
 * for each consumer that has messages.
 */
export async function backlogOf(manager: JetStreamManager, plan: Plan): Promise<readonly Backlog[]> {
  return Promise.all(plan.streams.map(({ name }) => streamBacklog(manager, plan, name)));
}

async function streamBacklog(manager: JetStreamManager, plan: Plan, stream: string): Promise<Backlog> {
  const asked = manager.streams.info(stream, { subjects_filter: '>' });
  const info = await unlessMissing(asked, `stream ${stream}`);
  if (info === undefined) throw new Failure('QUEUE_MISCONFIGURED', `stream ${stream} does not exist`);
  const consumes = distinctConsumers(plan).filter((consume) => consume.stream === stream);
  const listed = consumes.length === 0 ? [] : await listConsumers(manager, stream);
  const infoOf = (consume: ConsumePlan) => listed.find(({ name }) => isNameOf(consume, name));
  const counted = await Promise.all(
    consumes.map((consume) =>
      consumerBacklog(manager, consume, infoOf(consume), info.config.retention === 'workqueue'),
    ),
  );
  // A dead letter waits for a person, or for a consumer of somebody else.
  const expected = plan.roles.flatMap(({ deadLetter }) =>
    deadLetter?.stream === stream ? [deadLetter.template.replace('{entity}', '*')] : [],
  );
  // The consumer of a partition may be missing for a moment, while it is made anew.
  const present = consumes.filter(
    (consume) => consume.partition !== undefined || infoOf(consume) !== undefined,
  );
  const wanted = [
    ...expected,
    ...present.map((consume) => infoOf(consume)?.config.filter_subject ?? consume.filter),
  ];
  const orphans = Object.entries(info.state.subjects ?? {})
    .filter(([subject]) => !wanted.some((pattern) => covers(pattern, subject)))
    .reduce((sum, [, count]) => sum + count, 0);
  return { stream, consumers: byConsumer(counted), orphans };
}

async function consumerBacklog(
  manager: JetStreamManager,
  consume: ConsumePlan,
  info: ConsumerInfo | undefined,
  isWorkQueue: boolean,
): Promise<ConsumerBacklog> {
  const consumer = consume.partition?.group ?? consume.durable;
  const messages = (info?.num_pending ?? 0) + (info?.num_ack_pending ?? 0);
  if (messages === 0) return { consumer, messages, oldestAt: undefined };
  // A work queue keeps exactly what is not acknowledged.
  const from = isWorkQueue ? 1 : (info?.ack_floor.stream_seq ?? 0) + 1;
  const oldest = await firstFrom(manager, consume, from);
  return { consumer, messages, oldestAt: oldest === undefined ? undefined : receivedAtOf(oldest) };
}
