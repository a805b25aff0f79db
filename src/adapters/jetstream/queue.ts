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
      try {
        return await differencesOf(manager, plan);
      } catch (error) {
        // An answer that cannot be read is no reason to end: a role asks again.
        throw apiFailure(error, 'comparing streams and consumers');
      }
    },
    apply: (plan) => applyTo(manager, plan),
    async extents(plan) {
      mustBeUp(link);
      return extentsOf(manager, plan);
    },
    async backlog(plan) {
      mustBeUp(link);
      return backlogOf(manager, plan);
    },
    async obstacle(plan) {
      mustBeUp(link);
      return obstacleOf(manager, plan);
    },
    async ping() {
      mustBeUp(link);
      try {
        await manager.getAccountInfo();
      } catch (error) {
        throw apiFailure(error, 'asking for the account');
      }
    },
    async facts(plan) {
      mustBeUp(link);
      return factsOf(link.connection, manager, plan);
    },
    async lackingRights(plan, needs) {
      mustBeUp(link);
      return lackingRights(link, plan, needs);
    },
    close: () => link.close(),
  };
}

/** A request would wait for its timeout first. */
function mustBeUp(link: Link): void {
  if (!link.isUp()) throw link.whyDown();
}
