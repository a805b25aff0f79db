import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { isIP } from 'node:net';
import type { Problem } from '../problem.ts';
import type { Needs, RouteRequest } from '../route.ts';
import { problemAnswer } from '../answer.ts';
import { sendAnswer } from '../send.ts';
import { type Admission, type Gate, gateOf, type GateOptions, type Visit } from './gate.ts';
import { slowRefusals } from './slow-refusal.ts';

/** What requests pass before anything else of them is looked at. */
export interface Doorway {
  readonly gate: Gate | undefined;
  readonly refuseSlowly: (reply: FastifyReply, found: Problem) => void;
}

export function doorwayOf(gate: GateOptions | undefined): Doorway {
  return { gate: gate === undefined ? undefined : gateOf(gate), refuseSlowly: slowRefusals() };
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
  { gate, refuseSlowly }: Doorway,
  needs: Needs | undefined,
): (request: RoleRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void {
  if (needs !== undefined && gate === undefined) throw new Error('a route needs a gate, and there is none');
  return (request, reply, done) => {
    const { params, url, headers } = request;
    const entered = request as typeof request & Entered;
    const need = needs?.(params);
    const settle = (admission: Admission): void => {
      if (admission.kind === 'refused') {
        if (admission.slowly) refuseSlowly(reply, admission.problem);
        // The gate has told it already.
        else sendAnswer(reply, problemAnswer(admission.problem));
        return;
      }
      const { sender, owe } = admission;
      entered.routed = { params, url, headers, sender, owe };
      done();
    };
    if (need === undefined || gate === undefined) return settle(OPEN);
    const admission = gate.admit(visitOf(request), need);
    if (admission instanceof Promise) admission.then(settle, done);
    else settle(admission);
  };
}

const OPEN: Admission = { kind: 'admitted', sender: undefined, owe: () => {} };

function visitOf({ headers, raw, ip }: Pick<FastifyRequest, 'headers' | 'raw' | 'ip'>): Visit {
  const peer = raw.socket.remoteAddress ?? '';
  return {
    authorization: headers.authorization,
    origin: headers.origin,
    host: headers.host,
    raw: raw.rawHeaders,
    // A header can say anything.
    address: ip === peer || isIP(ip) === 0 ? peer : ip,
    peer,
  };
}
