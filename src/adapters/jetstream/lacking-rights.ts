import { createInbox, headers } from '@nats-io/transport-node';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConsumePlan, Plan } from '../../plan/plan.ts';
import type { QueueNeeds } from '../../ports/queue.ts';
import { WORKING } from './acknowledgement.ts';
import { apiFailure } from './api-failure.ts';
import { newSessionName } from './session-names.ts';
import { type Forbidden, forbiddenBy, missingRight } from './forbidden.ts';
import type { Link } from './link.ts';

/** A message whose right is asked for by sending it; the server does nothing with it but to refuse it. */
interface Probe {
  readonly subject: string;
  readonly body?: string | Uint8Array;
  /** The stream that has to capture the subject, else it is not stored. */
  readonly expects?: string;
}

/** Not JSON: every request is refused for it. */
const NO_REQUEST = '{';
/** Of a stream that cannot be: a dot is in no name. */
const NO_STREAM = 'nomnom.asks.for.its.rights';

/**
 * What the user of this connection may not do of what roles of a kind do in their work, or only to publish, in words. The streams and consumers of
 * the plan have to be there. Rejects with a `Failure`.
 */
export async function lackingRights(link: Link, plan: Plan, needs: QueueNeeds): Promise<readonly string[]> {
  const { connection } = link;
  const refused: Forbidden[] = [];
  const stop = link.onServerError((error) => {
    const forbidden = forbiddenBy(error);
    if (forbidden?.operation === 'publish') refused.push(forbidden);
  });
  try {
    const probes = probesOf(plan, needs);
    for (const { subject, body, expects } of probes) {
      const more = headers();
      if (expects !== undefined) more.set('Nats-Expected-Stream', expects);
      connection.publish(subject, body, {
        reply: createInbox(),
        ...(expects === undefined ? {} : { headers: more }),
      });
    }
    await connection.flush();
    // Refusals come before the end of the round trip, and are heard of in the same turn.
    await nextTurn();
    const asked = new Set(probes.map(({ subject }) => subject));
    return [...new Set(refused.filter(({ subject }) => asked.has(subject)).map(missingRight))];
  } catch (error) {
    throw apiFailure(error, 'asking for rights');
  } finally {
    stop();
  }
}

function probesOf({ roles, streams, entities }: Plan, needs: QueueNeeds): readonly Probe[] {
  const consumes = needs === 'worker' || needs === 'consume' ? roles.flatMap((role) => role.consumes) : [];
  const published = roles.flatMap(({ publishes, deadLetter }) => {
    if (needs === 'consume') return [];
    return needs !== 'worker' ? publishes : deadLetter === undefined ? [] : [deadLetter];
  });
  const [{ name: entity } = { name: '0' }] = entities;
  return [
    ...(needs === 'publish' || needs === 'consume' ? [] : streams).map(({ name }) => ({
      subject: `$JS.API.STREAM.MSG.GET.${name}`,
      body: NO_REQUEST,
    })),
    ...consumes.flatMap((consume) => [
      { subject: `$JS.API.CONSUMER.MSG.NEXT.${consume.stream}.${likeIn(consume)}`, body: NO_REQUEST },
      // The number of no message.
      { subject: `$JS.ACK.${consume.stream}.${likeIn(consume)}.1.0.0.0.0`, body: WORKING },
    ]),
    ...published.flatMap(({ stream, template }) =>
      streams
        .filter(({ name }) => name === stream)
        .flatMap(({ subjects }) => subjects)
        .filter((each) => each.template === template || each.template === `${template}.{partition}`)
        .map(({ pattern }) => pattern.replace('*', entity).replaceAll('*', '0'))
        .map((subject) => ({ subject, expects: NO_STREAM })),
    ),
  ];
}

/** A name as the consumer will have: that of a partition has another one whenever it is taken. */
function likeIn(consume: ConsumePlan): string {
  return consume.partition === undefined ? consume.durable : newSessionName(consume);
}
