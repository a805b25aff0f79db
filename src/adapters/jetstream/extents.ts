import type { JetStreamManager, NextMsgRequest, SeqMsgRequest, StoredMsg } from '@nats-io/jetstream';
import type { ConsumePlan, Plan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Extent } from '../../ports/queue.ts';
import { apiFailure, unlessMissing } from './api-failure.ts';
import { findConsumer } from './find-consumer.ts';

/** How far the streams of the plan's consumers reach: a request for each stream, and one or two for each filter. */
export async function extentsOf(manager: JetStreamManager, plan: Plan): Promise<readonly Extent[]> {
  const consumers = plan.roles.flatMap(({ consumes }) => consumes);
  const streams = new Set(consumers.map(({ stream }) => stream));
  return Promise.all(
    [...streams].map((stream) =>
      extentOf(
        manager,
        stream,
        consumers.filter((consumer) => consumer.stream === stream),
      ),
    ),
  );
}

async function extentOf(
  manager: JetStreamManager,
  stream: string,
  consumers: readonly ConsumePlan[],
): Promise<Extent> {
  const info = await unlessMissing(manager.streams.info(stream), `stream ${stream}`);
  if (info === undefined) throw new Failure('QUEUE_MISCONFIGURED', `stream ${stream} does not exist`);
  const { state, config, created } = info;
  const found: number[] = [];
  if (state.messages > 0) {
    const distinct = new Map(
      consumers.map((consumer) => [`${consumer.filter} ${consumer.durable}`, consumer]),
    );
    for (const consumer of distinct.values()) {
      // A work queue keeps exactly what is not acknowledged; the consumer of a partition may be missing for a moment.
      const from = config.retention === 'workqueue' ? 1 : await firstOpen(manager, consumer);
      const oldest = await firstFrom(manager, consumer, from);
      if (oldest !== undefined) found.push(oldest.seq);
    }
  }
  return {
    stream,
    identity: created,
    end: state.last_seq,
    floor: found.length === 0 ? undefined : Math.min(...found),
  };
}

/** Everything before it is acknowledged. */
async function firstOpen(manager: JetStreamManager, plan: ConsumePlan): Promise<number> {
  const info = await findConsumer(manager, plan);
  return (info?.ack_floor.stream_seq ?? 0) + 1;
}

/** The first message in the stream from a position on that the consumer's filter matches; servers from 2.9 on tell. */
export async function firstFrom(
  manager: JetStreamManager,
  { stream, filter }: ConsumePlan,
  from: number,
): Promise<StoredMsg | undefined> {
  try {
    const query: SeqMsgRequest & NextMsgRequest = { seq: from, next_by_subj: filter };
    return (await manager.streams.getMessage(stream, query)) ?? undefined;
  } catch (error) {
    throw apiFailure(error, `looking for the oldest message of ${filter} in stream ${stream}`);
  }
}
