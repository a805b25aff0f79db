import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Needs, Route, RouteRequest } from '../route.ts';
import { problemAnswer } from '../answer.ts';
import { sendAnswer } from '../send.ts';
import { type Arrival, arrivals, arrivedAs } from './arrival.ts';
import { forwardedBy } from './forwarded.ts';
import { type Admission, type Gate, gateOf, type GateOptions, type Visit } from './gate.ts';
import { neededBy } from './needed.ts';
import { type SlowRefusals, slowRefusals } from './slow-refusal.ts';

/** What requests pass before anything else of them is looked at. */
export interface Doorway {
  /** Called with each request as it comes in: refuses those with a wrong key. */
  readonly arrive: (request: IncomingMessage, response: ServerResponse) => Arrival;
  readonly gate: Gate | undefined;
  readonly slow: SlowRefusals;
  readonly visitOf: (request: IncomingMessage) => Visit;
}

/** `isBarred`: which requests are refused for another reason first. */
export function doorwayOf(
  options: GateOptions | undefined,
  routes: readonly Route[],
  isBarred: (request: IncomingMessage) => boolean,
): Doorway {
  const slow = slowRefusals();
  const visitOf = visitsThrough(options?.trustedProxies ?? []);
  if (options === undefined) return { gate: undefined, slow, visitOf, arrive: () => 'known' };
  const gate = gateOf(options);
  const arrive = arrivals({ gate, slow, visitOf, isBarred, needed: neededBy(routes) });
  return { gate, slow, visitOf, arrive };
}

/** A request carries what its route may know of it, from the moment it got in. */
interface Entered {
  routed: RouteRequest | null;
}

type RoleRequest = FastifyRequest<{ Params: RouteRequest['params'] }>;

/** What a request that got in is to its route. */
export function routed(request: RoleRequest): RouteRequest {
  const { routed: found } = request as typeof request & Entered;
  if (found === null) throw new Error('a request reached its route without passing the doorway');
  return found;
}

/** The first hook of a route: lets in who may send such a request. */
export function enter(
  { gate, slow, visitOf }: Doorway,
  needs: Needs | undefined,
  underOwnName = false,
): (request: RoleRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void {
  if (needs !== undefined && gate === undefined) throw new Error('a route needs a gate, and there is none');
  return (request, reply, done) => {
    const { params, url, headers, raw } = request;
    const entered = request as typeof request & Entered;
    const need = needs?.(params);
    const settle = (admission: Admission): void => {
      if (admission.kind === 'refused') {
        const answer = problemAnswer(admission.problem);
        // The gate has told it already.
        if (!admission.slowly) sendAnswer(reply, answer);
        else
          slow.refuse(raw.socket, reply.raw, () => {
            sendAnswer(reply.header('connection', 'close'), answer);
          });
        return;
      }
      const { sender, owe } = admission;
      entered.routed = { params, url, headers, sender, owe };
      done();
    };
    if (gate === undefined) return settle(OPEN);
    if (need === undefined)
      return settle((underOwnName ? gate.refuseForeignName(visitOf(raw)) : undefined) ?? OPEN);
    const arrived = arrivedAs(raw);
    const admission = gate.admit(arrived?.visit ?? visitOf(raw), need, arrived?.identity);
    if (admission instanceof Promise) admission.then(settle, done);
    else settle(admission);
  };
}

const OPEN: Admission = { kind: 'admitted', sender: undefined, owe: () => {} };

function visitsThrough(trustedProxies: readonly string[]): (request: IncomingMessage) => Visit {
  const addressOf = forwardedBy(trustedProxies);
  return ({ headers, rawHeaders, socket }) => {
    const peer = socket.remoteAddress ?? '';
    const { authorization, origin, host } = headers;
    const address = addressOf(peer, headers['x-forwarded-for']);
    return { authorization, origin, host, raw: rawHeaders, address, peer };
  };
}
