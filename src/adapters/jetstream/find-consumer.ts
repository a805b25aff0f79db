import type { ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';
import type { ConsumePlan } from '../../plan/plan.ts';
import { apiFailure, unlessMissing } from './api-failure.ts';
import { isNameOf } from './session-names.ts';

/** The consumers of a stream; none where there is no such stream. Rejects with a `Failure`. */
export async function listConsumers(
  manager: JetStreamManager,
  stream: string,
): Promise<readonly ConsumerInfo[]> {
  const what = `listing the consumers of stream ${stream}`;
  const list = async () => {
    const found: ConsumerInfo[] = [];
    for await (const info of manager.consumers.list(stream)) found.push(info);
    return found;
  };
  try {
    return (await unlessMissing(list(), what)) ?? [];
  } catch (error) {
    throw apiFailure(error, what);
  }
}

/** The server's consumer of the plan, or undefined where there is none. Rejects with a `Failure`. */
export async function findConsumer(
  manager: JetStreamManager,
  plan: ConsumePlan,
): Promise<ConsumerInfo | undefined> {
  const { stream, durable, partition } = plan;
  if (partition !== undefined)
    return (await listConsumers(manager, stream)).find(({ name }) => isNameOf(plan, name));
  return unlessMissing(manager.consumers.info(stream, durable), `consumer ${durable} of stream ${stream}`);
}
