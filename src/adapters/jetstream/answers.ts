import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { ConsumePlan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Delivery } from '../../ports/queue.ts';
import { ofNoMessage, parseReply, WORKING } from './acknowledgement.ts';
import { isNameOf } from './session-names.ts';
import { type Forbidden, forbiddenFailure } from './forbidden.ts';
import type { Link } from './link.ts';

/** A delivery with the subject that acknowledges it. */
export interface JetStreamDelivery extends Delivery {
  readonly reply: string;
  readonly epoch: number;
}

/** What a consumer tells the server of its deliveries. The server answers none of it, but says out of band that it forbids it. */
export interface Answers {
  /** Throws QUEUE_MISCONFIGURED once the server forbids answers. */
  send(deliveries: readonly Delivery[], payload: Uint8Array): void;
  /** Takes note where it is an answer of this consumer that is forbidden, and gives the failure then. */
  forbid(forbidden: Forbidden): Failure | undefined;
  /** Resolves where answers are not forbidden, or no longer. Rejects with a `Failure`. */
  allowed(): Promise<void>;
}

/** Milliseconds for the round trip that shows whether answers are allowed again. */
const ROUND_TRIP = 2_000;

/*
 * allowed → forbidden (the server refused one) → allowed (it took one of no message)
 *
 * Messages whose acknowledgement was refused come again after their ack wait, and the ledger knows them. Without the state
 * in between they would come again and again, and nobody would hear of it.
 */
export function answersOf(link: Link, plan: ConsumePlan, what: string): Answers {
  const { connection } = link;
  let failure: Failure | undefined;
  let refusals = 0;
  let refused = '';

  return {
    send(deliveries, payload) {
      if (failure !== undefined) throw failure;
      if (!link.isUp()) return;
      /*
       * A reply subject names a message by its number in the stream. A server that lost the end of its stream gives these
       * numbers out again, and would take an answer from before for one to another message. So nothing is answered over
       * another connection than it came by; the message comes again after its ack wait, and the ledger knows it.
       */
      for (const { epoch, reply } of deliveries as readonly JetStreamDelivery[]) {
        if (epoch === link.epoch()) connection.publish(reply, payload);
      }
    },
    forbid(forbidden) {
      const { operation, subject } = forbidden;
      if (operation !== 'publish' || !subject.startsWith('$JS.ACK.')) return undefined;
      const found = parseReply(subject);
      if (found.stream !== plan.stream || !isNameOf(plan, found.consumer)) return undefined;
      refusals += 1;
      refused = subject;
      failure ??= forbiddenFailure(`acknowledging messages of ${what}`, forbidden);
      return failure;
    },
    async allowed() {
      // Without a connection the pull that follows says so.
      if (failure === undefined || !link.isUp()) return;
      const before = refusals;
      connection.publish(ofNoMessage(refused), WORKING);
      const told = connection.flush().then(
        () => true,
        () => false,
      );
      const inTime = await Promise.race([told, sleep(ROUND_TRIP, false, { ref: false })]);
      if (!inTime) throw new Failure('QUEUE_UNAVAILABLE', `${what} does not answer`);
      // The refusal comes before the end of the round trip, and is heard of in the same turn.
      await nextTurn();
      if (refusals > before) throw failure;
      failure = undefined;
    },
  };
}
