import type { JetStreamManager } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumePlan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Consumer, FetchRequest } from '../../ports/queue.ts';
import { ACK, deliveriesOf, nak, parseReply, WORKING } from './acknowledgement.ts';
import { answersOf, type JetStreamDelivery } from './answers.ts';
import { findConsumer } from './find-consumer.ts';
import { forbiddenBy, forbiddenFailure } from './forbidden.ts';
import { forgottenMessages } from './forgotten.ts';
import { deliveryOrder } from './delivery-order.ts';
import type { Link } from './link.ts';
import { decodeHeaders } from './message-headers.ts';
import { openPullChannel, type PullChannel, type PullRequest, type PullResult } from './pull-channel.ts';
import { finishRemaking } from './remake.ts';

/** Milliseconds before a pull that the server ended at once is made again. */
const PAUSE = 25;
const FLUSH_WITHIN = 1_000;

export async function jetStreamConsumer(
  link: Link,
  manager: JetStreamManager,
  plan: ConsumePlan,
  log: Log,
): Promise<Consumer> {
  const { connection } = link;
  const what = `consumer ${plan.durable} of stream ${plan.stream}`;
  const entityAt = plan.template.split('.').indexOf('{entity}');
  const answers = answersOf(link, plan, what);
  const idle: PullChannel[] = [];
  const channels = new Set<PullChannel>();

  const ordered = plan.partition !== undefined;
  const info = async () => {
    const ask = () => findConsumer(manager, plan);
    // A process may have died while it made the consumer anew.
    const found =
      (await ask()) ?? (!ordered && (await finishRemaking(manager, plan)) ? await ask() : undefined);
    if (found === undefined) throw new Failure('QUEUE_MISCONFIGURED', `${what} does not exist`);
    return found;
  };
  const order = ordered ? deliveryOrder(link, manager, plan) : undefined;
  const pullSubject = () => `$JS.API.CONSUMER.MSG.NEXT.${plan.stream}.${order?.name() ?? plan.durable}`;
  if (order === undefined) {
    await finishRemaking(manager, plan);
    await info();
  }
  const lookForForgotten = order === undefined ? forgottenMessages(manager, plan, log) : undefined;

  const stopListening = link.onServerError((error) => {
    const forbidden = forbiddenBy(error);
    if (forbidden?.operation !== 'publish') return;
    const failure =
      forbidden.subject === pullSubject()
        ? forbiddenFailure(`pulling from ${what}`, forbidden, error)
        : answers.forbid(forbidden);
    if (failure !== undefined) for (const channel of channels) channel.forbid(failure);
  });

  const takeChannel = () => {
    let channel = idle.pop();
    while (channel?.usable() === false) {
      channels.delete(channel);
      channel = idle.pop();
    }
    channel ??= openPullChannel(link, pullSubject());
    channels.add(channel);
    return channel;
  };

  const closeChannels = () => {
    for (const channel of channels) channel.close();
    channels.clear();
    idle.length = 0;
  };

  /** Waits for the first messages; gives none once the time is over. */
  const pullFirst = async (channel: PullChannel, request: PullRequest): Promise<readonly Msg[]> => {
    const deadline = Date.now() + request.expires;
    for (;;) {
      const left = Math.max(1, deadline - Date.now());
      const { messages, end } = await channel.pull({ ...request, expires: left });
      const given = order === undefined ? messages : order.inOrder(messages, end);
      if (messages.length > 0 || end.kind === 'aborted') return given;
      await explain(end);
      if (order?.interrupted() === true) return [];
      if (deadline - Date.now() <= PAUSE) return messages;
      await sleep(PAUSE, undefined, { signal: request.signal }).catch(() => {});
    }
  };

  /** Throws where an empty pull means that something is wrong. */
  const explain = async (end: PullResult['end']) => {
    if (end.kind === 'forbidden') throw end.failure;
    if (end.kind === 'down') throw link.whyDown();
    const deleted = end.kind === 'status' && /consumer deleted/i.test(end.description);
    const silent = end.kind === 'silent' || (end.kind === 'status' && end.code === 503);
    // That of a partition is gone where another worker has it; whoever restarts it finds out.
    if (order !== undefined && (deleted || silent)) return;
    if (silent) {
      await info();
      throw new Failure('QUEUE_UNAVAILABLE', `${what} does not answer`);
    }
    if (end.kind !== 'status') return;
    if (deleted) {
      await info();
      throw new Failure('QUEUE_UNAVAILABLE', `${what} is made anew`);
    }
    const lasting = /push based|bad request|exceeded maxrequest/i;
    if (end.code === 400 || lasting.test(end.description)) {
      throw new Failure('QUEUE_MISCONFIGURED', `${what}: ${end.description}`);
    }
  };

  /** Messages mostly come under the subject of the one before. */
  let known = { subject: '', entity: entityAt < 0 ? (plan.entities[0] ?? '') : '' };
  const entityOf = (subject: string): string => {
    if (entityAt >= 0 && subject !== known.subject)
      known = { subject, entity: subject.split('.')[entityAt] ?? '' };
    return known.entity;
  };

  const toDelivery = (message: Msg): JetStreamDelivery => {
    const { reply = '' } = message;
    const facts = decodeHeaders(message, () => parseReply(reply));
    return {
      // A spread would take twice the memory.
      messageId: facts.messageId,
      entity: entityOf(message.subject),
      generation: facts.generation,
      body: message.data,
      headers: facts.headers,
      receivedAt: facts.receivedAt,
      program: facts.program,
      trace: facts.trace,
      deliveries: deliveriesOf(reply),
      reply,
      epoch: link.epoch(),
    };
  };

  return {
    async fetch({ max, wait, linger, signal }: FetchRequest) {
      const batch = Math.min(max, plan.maxAckPending);
      await answers.allowed();
      if (link.isUp()) void lookForForgotten?.();
      if (order?.interrupted() === true) return [];
      const channel = takeChannel();
      try {
        const first = await pullFirst(channel, { batch, expires: wait, oneShot: true, signal });
        if (first.length === 0 || first.length >= batch || linger <= 0) return first.map(toDelivery);
        const missing = { batch: batch - first.length, expires: linger, oneShot: false, signal };
        const { messages, end } = await channel.pull(missing);
        const rest = order === undefined ? messages : order.inOrder(messages, end);
        return [...first, ...rest].map(toDelivery);
      } finally {
        if (channel.usable()) idle.push(channel);
        else channels.delete(channel);
      }
    },
    ack: async (deliveries) => answers.send(deliveries, ACK),
    retry: async (deliveries, delay) => answers.send(deliveries, nak(delay)),
    extend: async (deliveries) => answers.send(deliveries, WORKING),
    async pending() {
      const { num_pending: waiting, num_ack_pending: out } = await info();
      return waiting + out;
    },
    async restart() {
      if (order === undefined) throw new Error('only the consumer of a partition starts again');
      await order.restart();
      // They pull from the consumer of before.
      closeChannels();
    },
    interrupted: () => order?.interrupted() === true,
    async close() {
      stopListening();
      closeChannels();
      if (!link.isUp()) return;
      // Acknowledgements have no answer; the flush says that the server has them.
      await Promise.race([connection.flush().catch(() => {}), sleep(FLUSH_WITHIN)]);
    },
  };
}
