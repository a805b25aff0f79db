import { jetstreamManager } from '@nats-io/jetstream';
import type { Failure } from '../../ports/failure.ts';
import type { Queue } from '../../ports/queue.ts';
import { apiFailure } from './api-failure.ts';
import { backlogOf } from './backlog.ts';
import { jetStreamConsumer } from './consumer.ts';
import { extentsOf } from './extents.ts';
import { factsOf } from './facts.ts';
import { lackingRights } from './lacking-rights.ts';
import { type Link, type LinkOptions, openLink } from './link.ts';
import { obstacleOf } from './obstacle.ts';
import { jetStreamPublisher } from './publisher.ts';
import { shortcomingOf } from './old-server.ts';
import { applyTo, differencesOf } from './reconcile.ts';

export interface JetStreamQueue extends Queue {
  /** Resolves when the connection is lost for good, after which nothing works again: the process should end. */
  readonly lost: Promise<Failure>;
}

/**
 * A queue over NATS JetStream, server 2.9.10 or newer. Rejects with QUEUE_UNAVAILABLE where no server answers;
 * once it is open, it reconnects without limit.
 */
export async function openJetStreamQueue(options: LinkOptions): Promise<JetStreamQueue> {
  const link = await openLink(options);
  const manager = await jetstreamManager(link.connection, { checkAPI: false });
  return {
    lost: link.lost,
    inStore: false,
    publisher: () => jetStreamPublisher(link, manager),
    async consumer(plan) {
      mustBeUp(link);
      return jetStreamConsumer(link, manager, plan, options.log);
    },
    async differences(plan) {
      mustBeUp(link);
      const shortcoming = shortcomingOf(link.connection.info?.version ?? '', plan);
      if (shortcoming?.loses === true) options.log.warn({ help: shortcoming.help }, shortcoming.message);
      // An answer that cannot be read is no reason to end: a role asks again.
      return over(link, () => differencesOf(manager, plan), 'comparing streams and consumers');
    },
    apply: (plan) => applyTo(manager, plan),
    extents: (plan) => over(link, () => extentsOf(manager, plan)),
    backlog: (plan) => over(link, () => backlogOf(manager, plan)),
    obstacle: (plan) => over(link, () => obstacleOf(manager, plan)),
    async ping() {
      await over(link, () => manager.getAccountInfo(), 'asking for the account');
    },
    facts: (plan) => over(link, () => factsOf(link.connection, manager, plan)),
    lackingRights: (plan, needs) => over(link, () => lackingRights(link, plan, needs)),
    close: () => link.close(),
  };
}

/** Asks over the link; rejects with why it does not stand where that ended the request. `what` names it where it is one of the driver's. */
async function over<T>(link: Link, ask: () => Promise<T>, what?: string): Promise<T> {
  mustBeUp(link);
  try {
    return await ask();
  } catch (error) {
    // Where a subscription is refused, no answer comes, and the driver only says that its time is over.
    mustBeUp(link);
    throw what === undefined ? error : apiFailure(error, what);
  }
}

/** A request would wait for its timeout first. */
function mustBeUp(link: Link): void {
  if (!link.isUp()) throw link.whyDown();
}
