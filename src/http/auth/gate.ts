import type { Identify, Identity, Rate, Sender } from '../../ports/sender.ts';
import { problem, type Problem } from '../problem.ts';
import { addressGroup, isLoopback } from './address.ts';
import { credentialOf } from './credential.ts';
import type { Need } from './need.ts';
import { isForeignHost, isForeignOrigin, type Origins } from './origins.ts';
import { type Rates, ratesOf } from './rates.ts';
import { remembered } from './remembered.ts';

export interface GateOptions {
  readonly identify: Identify;
  /** Of all senders of one address together; without limit when absent. */
  readonly ratePerAddress?: Rate | undefined;
  readonly origins: Origins;
  /** Whether requests of this machine may come under any name of it, while nobody has to prove anything. */
  readonly anyHost?: boolean;
  /** Addresses and networks of proxies, whose `X-Forwarded-For` says where a request comes from. */
  readonly trustedProxies?: readonly string[];
  /** Hears of each request that was refused for its sender. */
  readonly onRefused?: (found: Problem) => void;
  /** Hears of an address that sends many wrong keys, once a minute at most. */
  readonly onManyWrong?: (address: string) => void;
}

/** What the gate looks at. */
export interface Visit {
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  /** The server's name in the request. */
  readonly host: string | undefined;
  /** Names and values of all headers as they came. */
  readonly raw: readonly string[];
  /** Where the request comes from. */
  readonly address: string;
  /** Who has the connection: the same, or a proxy. */
  readonly peer: string;
}

/** A request that got in. */
export interface Admitted {
  readonly kind: 'admitted';
  /** Undefined where nobody has to prove anything. */
  readonly sender: Sender | undefined;
  /** Counts further messages of the request. */
  readonly owe: (messages: number) => void;
}

export interface Refused {
  readonly kind: 'refused';
  readonly problem: Problem;
  /** Its address has sent so many without a right key that the answer may take its time. */
  readonly slowly: boolean;
}

export type Admission = Admitted | Refused;

/** Lets requests in, or says why not. Answers at once, unless a token has to be verified. */
export interface Gate {
  /** Who sends; counts nothing. */
  identify(visit: Visit): Identity | Promise<Identity>;
  /** `identity`: what `identify` said of the same visit, if it was asked. */
  admit(visit: Visit, need: Need, identity?: Identity | Promise<Identity>): Admission | Promise<Admission>;
  /** While nobody has to prove anything, refuses a request of this machine under a name of another one. */
  refuseForeignName(visit: Visit): Refused | undefined;
  /** Refuses who has no right key. */
  turnAway(identity: RefusedIdentity, visit: Visit): Refused;
}

type RefusedIdentity = Extract<Identity, { kind: 'refused' }>;

/** Senders and addresses whose rate is known, a few MB. */
const TRACKED = 20_000;
/** Requests without a right key that an address may send before it is answered slowly. */
const WRONG: Rate = { messages: 20, per: 10_000 };
/** The same for all addresses together: a flood from many is slowed too, whatever each of them sends. */
const WRONG_TOGETHER: Rate = { messages: 1_000, per: 1_000 };

/** Of lines about wrong keys. */
const ONE_A_MINUTE: Rate = { messages: 1, per: 60_000 };

export function gateOf({
  identify,
  ratePerAddress,
  origins,
  anyHost = false,
  onRefused,
  onManyWrong,
}: GateOptions): Gate {
  const bySender = ratesOf(TRACKED);
  const byAddress = ratesOf(TRACKED);
  const wrong = ratesOf(TRACKED);
  const wrongTogether = ratesOf(1);
  const told = ratesOf(1);
  const isOfHere = remembered(isLoopback);
  const isStrange = remembered(isForeignHost);
  /** A proxy on this machine makes no request local, and what it passes on makes none local that another machine sends. */
  const isLocal = ({ address, peer }: Visit): boolean =>
    isOfHere(peer) && (address === peer || isLoopback(address));

  const hasForeignName = (visit: Visit): boolean => !anyHost && isLocal(visit) && isStrange(visit.host ?? '');

  const settle = (identity: Identity, visit: Visit, need: Need): Admission => {
    switch (identity.kind) {
      case 'unready':
        // Nobody knows whether it is a right key or token: too many are slowed as wrong ones are.
        return refused(problem('not_ready', identity.reason), isFlood(visit));
      case 'refused':
        return { ...wrongKey(visit), problem: problem('unauthorized', identity.reason) };
      case 'anonymous':
        if (isForeignOrigin(origins, visit.origin)) return refused(FOREIGN_ORIGIN);
        if (hasForeignName(visit)) return refused(FOREIGN_HOST);
        return withinRates(undefined, visit);
      case 'sender': {
        const lacking = lacks(identity.sender, need);
        return lacking === undefined ? withinRates(identity.sender, visit) : refused(lacking);
      }
    }
  };

  // The connection of a proxy is for others too, and it has only so many.
  const isFlood = ({ address, peer }: Pick<Visit, 'address' | 'peer'>): boolean =>
    wrongTogether.take('', WRONG_TOGETHER) > 0 && address === peer;

  const wrongKey = ({ address, peer }: Visit): Pick<Refused, 'kind' | 'slowly'> => {
    const from = addressGroup(address);
    const many = wrong.take(from, WRONG) > 0;
    const flood = isFlood({ address, peer });
    if (many && onManyWrong !== undefined && told.take('', ONE_A_MINUTE) === 0) onManyWrong(from);
    return { kind: 'refused', slowly: flood || (many && address === peer) };
  };

  const withinRates = (sender: Sender | undefined, { address }: Visit): Admission => {
    const counted: Counted[] = [];
    if (sender?.rate !== undefined) counted.push({ rates: bySender, who: sender.id, rate: sender.rate });
    if (ratePerAddress !== undefined)
      counted.push({ rates: byAddress, who: addressGroup(address), rate: ratePerAddress });
    if (counted.length === 0) return { kind: 'admitted', sender, owe: NOTHING };
    for (const { rates, who, rate } of counted) {
      const wait = rates.take(who, rate);
      if (wait > 0) return refused(tooMany(wait, rates === bySender ? 'key' : 'address'));
    }
    const owe = (messages: number): void => {
      for (const { rates, who, rate } of counted) rates.owe(who, rate, messages);
    };
    return { kind: 'admitted', sender, owe };
  };

  const heard = (admission: Admission): Admission => {
    if (admission.kind === 'refused') onRefused?.(admission.problem);
    return admission;
  };

  const identifyVisit = (visit: Visit): Identity | Promise<Identity> => {
    const credential = credentialOf(visit.authorization, visit.raw);
    return credential.kind === 'malformed'
      ? { kind: 'refused', reason: credential.reason }
      : identify(credential.kind === 'bearer' ? credential.token : undefined, isLocal(visit));
  };

  return {
    identify: identifyVisit,
    admit(visit, need, identity) {
      if (need.signed === true) return heard(withinRates(undefined, visit));
      const told = identity ?? identifyVisit(visit);
      return told instanceof Promise
        ? told.then((found) => heard(settle(found, visit, need)))
        : heard(settle(told, visit, need));
    },
    refuseForeignName(visit) {
      if (!hasForeignName(visit)) return undefined;
      const identity = identify(undefined, true);
      if (identity instanceof Promise || identity.kind !== 'anonymous') return undefined;
      onRefused?.(FOREIGN_HOST);
      return { kind: 'refused', problem: FOREIGN_HOST, slowly: false };
    },
    turnAway(identity, visit) {
      const found = refused(problem('unauthorized', identity.reason));
      onRefused?.(found.problem);
      return { ...found, ...wrongKey(visit) };
    },
  };
}

interface Counted {
  readonly rates: Rates;
  readonly who: string;
  readonly rate: Rate;
}

const NOTHING = () => {};

const FOREIGN_ORIGIN = problem(
  'origin_not_allowed',
  'a page of this origin may not send without a key: allow the origin with --cors-origin',
);

const FOREIGN_HOST = problem(
  'host_not_allowed',
  'without a key this server answers to localhost and 127.0.0.1 only: use these, or create a key with nomnom keys create',
);

function refused(found: Problem, slowly = false): Refused {
  return { kind: 'refused', problem: found, slowly };
}

function lacks({ name, scopes, entities }: Sender, { scope, entity }: Need): Problem | undefined {
  if (!scopes.has(scope) && !scopes.has('admin'))
    return problem('forbidden', `${name} does not have the scope ${scope}`, { scope });
  if (entity === undefined || entities === undefined || entities.has(entity)) return undefined;
  return problem('forbidden', `${name} may not send this entity`, { allowed: [...entities] });
}

function tooMany(wait: number, whose: 'key' | 'address'): Problem {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  return problem('rate_limited', `the rate of this ${whose} is used up for ${seconds} s`, {
    retry_after: seconds,
  });
}
