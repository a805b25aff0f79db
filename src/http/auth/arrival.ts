import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../../ports/sender.ts';
import { problemAnswer } from '../answer.ts';
import { problem } from '../problem.ts';
import { endsConnection } from '../unread-body.ts';
import type { Gate, Visit } from './gate.ts';
import type { Need } from './need.ts';
import type { SlowRefusals } from './slow-refusal.ts';

/** `refused`: it has its answer, or will have it. `known`: nothing that it takes is taken from its sender by strangers. */
export type Arrival = 'refused' | 'known' | 'unknown';

export interface Arrivals {
  readonly gate: Gate;
  readonly slow: SlowRefusals;
  readonly needed: (method: string | undefined, url: string | undefined) => Need | undefined;
  readonly visitOf: (request: IncomingMessage) => Visit;
  /** Requests that are refused for another reason first. */
  readonly isBarred: (request: IncomingMessage) => boolean;
}

/** What was found out of a request when it arrived: its route does not ask again. */
export interface Arrived {
  readonly visit: Visit;
  readonly identity: Identity | Promise<Identity>;
}

/** A request carries it: an entry of a WeakMap for each of thousands a second is work for each garbage collection. */
const ARRIVED = Symbol('arrived');
type ArrivedRequest = IncomingMessage & { [ARRIVED]?: Arrived };

export function arrivedAs(request: IncomingMessage): Arrived | undefined {
  return (request as ArrivedRequest)[ARRIVED];
}

/**
 * Looks at who sends a request before anything else is done for it, and refuses wrong keys here: a flood of them must cost a
 * small part of what messages cost.
 */
export function arrivals({
  gate,
  slow,
  needed,
  visitOf,
  isBarred,
}: Arrivals): (request: IncomingMessage, response: ServerResponse) => Arrival {
  const answers = new Map<string, Prepared>();
  const answerFor = (reason: string): Prepared => {
    const known = answers.get(reason);
    if (known !== undefined) return known;
    const prepared = prepare(reason);
    if (answers.size < REASONS) answers.set(reason, prepared);
    return prepared;
  };

  return (request, response) => {
    if (slow.isEnding(request.socket)) {
      // Requests that are sent ahead of their answers would take memory until it comes.
      request.socket.destroy();
      return 'refused';
    }
    const need = needed(request.method, request.url);
    if (need === undefined || need.signed === true || isBarred(request)) return 'unknown';
    const visit = visitOf(request);
    const identity = gate.identify(visit);
    // A page reads the answer only where headers of CORS let it.
    if (identity instanceof Promise || identity.kind !== 'refused' || visit.origin !== undefined) {
      (request as ArrivedRequest)[ARRIVED] = { visit, identity };
      return identity instanceof Promise || identity.kind !== 'sender' ? unproven(identity) : 'known';
    }
    const { slowly } = gate.turnAway(identity, visit);
    const { status, text, headers, lastHeaders } = answerFor(identity.reason);
    if (slowly) {
      slow.refuse(request.socket, response, () => {
        endsConnection(request, false);
        response.writeHead(status, lastHeaders).end(text);
      });
      return 'refused';
    }
    response.writeHead(status, endsConnection(request, true) ? lastHeaders : headers).end(text);
    return 'refused';
  };
}

/** Where nobody has to prove anything, everybody is a sender. */
function unproven(identity: Identity | Promise<Identity>): Arrival {
  return !(identity instanceof Promise) && identity.kind === 'anonymous' ? 'known' : 'unknown';
}

/** Reasons whose answers are kept. */
const REASONS = 100;

interface Prepared {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly lastHeaders: Readonly<Record<string, string>>;
}

function prepare(reason: string): Prepared {
  const { status, type, text, headers: more = {} } = problemAnswer(problem('unauthorized', reason));
  const headers = { ...more, 'content-type': type, 'content-length': String(Buffer.byteLength(text)) };
  return { status, text, headers, lastHeaders: { ...headers, connection: 'close' } };
}
