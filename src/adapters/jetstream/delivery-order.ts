import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import type { ConsumePlan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import { parseReply } from './acknowledgement.ts';
import { API, apiFailure, unlessMissing } from './api-failure.ts';
import { listConsumers } from './find-consumer.ts';
import { isNameOf, newSessionName } from './session-names.ts';
import { consumerConfig } from './consumer-settings.ts';
import type { Link } from './link.ts';
import type { PullResult } from './pull-channel.ts';

/** Of one partition's consumer: whether what it gives is in the order of the stream, without a gap. */
export interface DeliveryOrder {
  /** The name of the consumer, that of the plan before the first restart. */
  name(): string;
  /** Of the messages of a pull, those that follow on what was given before; a gap or a bad end interrupts. */
  inOrder(messages: readonly Msg[], end: PullResult['end']): readonly Msg[];
  /** Whether a message may be out that nobody here knows of: then nothing may be fetched before a restart. */
  interrupted(): boolean;
  restart(): Promise<void>;
}

/*
 * The server counts every delivery of a consumer. A number that is missing was delivered to somebody else, or lost on
 * its way, and would come again only after its ack wait and behind later messages; so would one that the server delivers again.
 * So the consumer is made anew, under another name (session-names.ts), which begins with the first message that is not
 * acknowledged: a work queue keeps exactly these. Should the process end between deleting and adding, the next worker that has the
 * partition adds it; nothing is published in vain meanwhile.
 */
export function deliveryOrder(link: Link, manager: JetStreamManager, plan: ConsumePlan): DeliveryOrder {
  let name = plan.durable;
  let expected: number | undefined;
  let epoch = link.epoch();

  return {
    name: () => name,
    inOrder(messages, end) {
      const given: Msg[] = [];
      for (const message of messages) {
        const { consumerSequence, deliveries } = parseReply(message.reply ?? '');
        if (consumerSequence !== expected || deliveries > 1) {
          expected = undefined;
          return given;
        }
        expected += 1;
        given.push(message);
      }
      if (!endsWell(end)) expected = undefined;
      return given;
    },
    interrupted: () => expected === undefined || epoch !== link.epoch(),
    async restart() {
      expected = undefined;
      const madeIn = link.epoch();
      // A request would wait for its timeout first.
      if (!link.isUp()) throw link.whyDown();
      for (const before of await listConsumers(manager, plan.stream)) {
        if (!isNameOf(plan, before.name)) continue;
        await unlessMissing(manager.consumers.delete(plan.stream, before.name), nameOf(before.name, plan));
      }
      const made = newSessionName(plan);
      await manager.consumers
        .add(plan.stream, { ...consumerConfig(plan), durable_name: made })
        .catch((error: unknown) => {
          throw madeByAnother(error)
            ? new Failure('QUEUE_UNAVAILABLE', `${nameOf(plan.durable, plan)} is made anew by another worker`)
            : apiFailure(error, `making ${nameOf(plan.durable, plan)} anew`);
        });
      name = made;
      epoch = madeIn;
      expected = 1;
    },
  };
}

function nameOf(name: string, { stream }: ConsumePlan): string {
  return `consumer ${name} of stream ${stream}`;
}

/** A work queue has one consumer for a subject: another worker has made that of the partition since we looked. */
function madeByAnother(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === API.consumerNotUnique;
}

/** Whether the server has ended the pull, having sent all that it counts: a full batch, no more messages, or no time. */
function endsWell(end: PullResult['end']): boolean {
  return end.kind === 'full' || (end.kind === 'status' && (end.code === 404 || end.code === 408));
}
