import type { JetStreamManager } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import type { ConsumePlan } from '../../plan/plan.ts';
import { parseReply } from './acknowledgement.ts';
import { apiFailure, unlessMissing } from './api-failure.ts';
import { consumerConfig } from './consumer-settings.ts';
import type { Link } from './link.ts';
import type { PullResult } from './pull-channel.ts';

/** Of one partition's consumer: whether what it gives is in the order of the stream, without a gap. */
export interface DeliveryOrder {
  /** Of the messages of a pull, those that follow on what was given before; a gap or a bad end raises a doubt. */
  inOrder(messages: readonly Msg[], end: PullResult['end']): readonly Msg[];
  /** Whether a message may be out that nobody here knows of: then nothing may be fetched before a restart. */
  doubtful(): boolean;
  restart(): Promise<void>;
}

/*
 * The server counts every delivery of a consumer. A number that is missing was delivered to somebody else, or lost on
 * its way, and would come again only after its ack wait and behind later messages. So the consumer is made anew, which
 * begins with the first message that is not acknowledged: a work queue keeps exactly these. Should the process end
 * between deleting and adding, the next worker that has the partition adds it; nothing is published in vain meanwhile.
 */
export function deliveryOrder(link: Link, manager: JetStreamManager, plan: ConsumePlan): DeliveryOrder {
  const what = `consumer ${plan.durable} of stream ${plan.stream}`;
  let expected: number | undefined;
  let epoch = link.epoch();

  return {
    inOrder(messages, end) {
      const given: Msg[] = [];
      for (const message of messages) {
        if (parseReply(message.reply ?? '').consumerSequence !== expected) {
          expected = undefined;
          return given;
        }
        expected += 1;
        given.push(message);
      }
      if (!endsWell(end)) expected = undefined;
      return given;
    },
    doubtful: () => expected === undefined || epoch !== link.epoch(),
    async restart() {
      expected = undefined;
      const madeIn = link.epoch();
      // A request would wait for its timeout first.
      if (!link.isUp()) throw link.whyDown();
      await unlessMissing(manager.consumers.delete(plan.stream, plan.durable), what);
      await manager.consumers.add(plan.stream, consumerConfig(plan)).catch((error: unknown) => {
        throw apiFailure(error, `making ${what} anew`);
      });
      epoch = madeIn;
      expected = 1;
    },
  };
}

/** Whether the server has ended the pull, having sent all that it counts: a full batch, no more messages, or no time. */
function endsWell(end: PullResult['end']): boolean {
  return end.kind === 'full' || (end.kind === 'status' && (end.code === 404 || end.code === 408));
}
