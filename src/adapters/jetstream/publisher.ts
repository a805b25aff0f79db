import type { JetStreamManager } from '@nats-io/jetstream';
import { createInbox, errors, type Msg } from '@nats-io/transport-node';
import type { Outgoing, Publisher, PublishOutcome } from '../../ports/queue.ts';
import { forbiddenBy, missingRight } from './forbidden.ts';
import type { Link } from './link.ts';
import { encodeHeaders } from './message-headers.ts';
import { payloadLimit } from './payload-limit.ts';
import { outcomeOf } from './publish-outcome.ts';
import { unheardSubjects } from './unheard.ts';

/** Messages of this process that wait for their acknowledgement at most; more in flight is slower, not faster. */
const WINDOW = 256;
/** Milliseconds until a message without an answer counts as unavailable. */
const ANSWER_WITHIN = 5_000;

interface Batch {
  readonly messages: readonly Outgoing[];
  readonly outcomes: PublishOutcome[];
  next: number;
  open: number;
  readonly resolve: (outcomes: readonly PublishOutcome[]) => void;
}

interface InFlight {
  readonly batch: Batch;
  readonly index: number;
  readonly subject: string;
  readonly deadline: number;
}

/*
 * A message is waiting (in its batch, in order) → in flight (in the window) → settled with its outcome: by the
 * stream's answer, by the end of its time, or by the loss of the connection, after which no answer can come.
 * All answers arrive at one subscription, which costs a third of what a request of the driver's own does.
 */
export function jetStreamPublisher(link: Link, manager: JetStreamManager): Publisher {
  const { connection } = link;
  const whyUnheard = unheardSubjects(manager);
  const limit = payloadLimit(link);
  const inbox = `${createInbox()}.`;
  const waiting: Batch[] = [];
  const inFlight = new Map<string, InFlight>();
  let serial = 0;
  let timer: NodeJS.Timeout | undefined;

  const settle = (batch: Batch, index: number, outcome: PublishOutcome) => {
    batch.outcomes[index] = outcome;
    batch.open -= 1;
    if (batch.open === 0) batch.resolve(batch.outcomes);
  };

  const settleUnheard = async (batch: Batch, index: number, subject: string) => {
    settle(batch, index, await whyUnheard(subject));
  };

  const settleAll = (outcome: PublishOutcome, which: (sent: InFlight) => boolean = () => true) => {
    for (const [token, sent] of inFlight) {
      if (!which(sent)) continue;
      inFlight.delete(token);
      settle(sent.batch, sent.index, outcome);
    }
    pump();
  };

  const send = (batch: Batch, index: number) => {
    const message = batch.messages[index];
    if (message === undefined) return;
    if (!link.isUp()) {
      settle(batch, index, { kind: 'unavailable', reason: link.whyDown().message });
      return;
    }
    serial += 1;
    const token = serial.toString(36);
    try {
      const headers = encodeHeaders(message);
      const size = message.body.length + headers.encode().length;
      const most = limit.bytes() ?? Infinity;
      if (size > most) {
        limit.look();
        const tooLow = limit.tooLow();
        // Where nothing fits it is not the message that is wrong: it may be sent again once an operator has raised the limit.
        if (tooLow !== undefined) settle(batch, index, { kind: 'unavailable', reason: tooLow });
        else {
          const reason = `it has ${size} bytes with its headers, and max_payload is ${most}`;
          settle(batch, index, { kind: 'too_large', reason });
        }
        return;
      }
      if (!listens) listen();
      connection.publish(message.subject, message.body, { headers, reply: inbox + token });
    } catch (error) {
      settle(batch, index, unsent(error));
      return;
    }
    inFlight.set(token, { batch, index, subject: message.subject, deadline: Date.now() + ANSWER_WITHIN });
  };

  const pump = () => {
    for (let batch = waiting[0]; batch !== undefined && inFlight.size < WINDOW; batch = waiting[0]) {
      send(batch, batch.next);
      batch.next += 1;
      if (batch.next >= batch.messages.length) waiting.shift();
    }
    if (inFlight.size > 0) timer ??= setTimeout(expire, ANSWER_WITHIN / 10);
  };

  const expire = () => {
    timer = undefined;
    const now = Date.now();
    settleAll(
      { kind: 'unavailable', reason: `no answer within ${ANSWER_WITHIN} ms` },
      (sent) => sent.deadline <= now,
    );
  };

  /** The driver forgets a subscription that the server forbids; the next message tries it again. */
  let listens = false;
  const listen = () => {
    listens = true;
    connection.subscribe(`${inbox}*`, { callback: hear });
  };
  const hear = (error: Error | null, answer: Msg) => {
    if (error !== null) {
      listens = false;
      // What is in flight may be stored: only its answer cannot be heard.
      const forbidden = forbiddenBy(error);
      const reason = forbidden === undefined ? error.message : missingRight(forbidden);
      settleAll({ kind: 'unavailable', reason });
      return;
    }
    const token = answer.subject.slice(inbox.length);
    const sent = inFlight.get(token);
    if (sent === undefined) return;
    inFlight.delete(token);
    const { batch, index, subject } = sent;
    const outcome = outcomeOf(answer);
    if (outcome === undefined) void settleUnheard(batch, index, subject);
    else settle(batch, index, outcome);
    pump();
  };
  link.onDown((reason) => settleAll({ kind: 'unavailable', reason }));
  link.onServerError((error) => {
    const forbidden = forbiddenBy(error);
    if (forbidden?.operation !== 'publish') return;
    const reason = missingRight(forbidden);
    settleAll({ kind: 'misconfigured', reason }, ({ subject }) => subject === forbidden.subject);
  });

  return {
    publish(messages) {
      if (messages.length === 0) return Promise.resolve([]);
      return new Promise((resolve) => {
        waiting.push({
          messages,
          outcomes: new Array(messages.length),
          next: 0,
          open: messages.length,
          resolve,
        });
        pump();
      });
    },
    get maxBody() {
      return limit.body();
    },
    lookAtLimit: () => limit.look(),
    tooLow: () => limit.tooLow(),
  };
}

/** The driver refused to send: the connection is closed, or the message is one that NATS cannot carry. */
function unsent(error: unknown): PublishOutcome {
  const reason = error instanceof Error ? error.message : String(error);
  const closed =
    error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError;
  return { kind: closed ? 'unavailable' : 'misconfigured', reason };
}
