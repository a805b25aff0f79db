import type { IncomingHttpHeaders } from 'node:http';
import type { Sender } from '../ports/sender.ts';
import type { Answer } from './answer.ts';
import type { Need } from './auth/need.ts';
import type { Share } from './body-budget.ts';
import type { Problem } from './problem.ts';

/** What a route may know of a request besides its body. */
export interface RouteRequest {
  /** What stands in the path where the route has a `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Path and query, as the request line has them. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** Undefined where nobody has to prove anything. */
  readonly sender: Sender | undefined;
  /** Counts further messages of the request against the rate of its sender; one is counted. */
  readonly owe: (messages: number) => void;
}

/** What a sender has to be allowed for a request with these parts of the path; undefined: everybody may send it. */
export type Needs = (params: RouteRequest['params']) => Need | undefined;

/** One thing that a role serves. The server adds it, and knows nothing of what it means. */
export type Route = ReadRoute | BodyRoute;

/** Takes no body: one that comes is not read. */
export interface ReadRoute {
  readonly method: 'GET';
  /** `/status/:id`; a part with a colon is a parameter. */
  readonly path: string;
  /** Everybody may ask when absent. */
  readonly needs?: Needs;
  readonly handle: (request: RouteRequest) => Answer | Promise<Answer>;
  /**
   * Whether it tells so much that, while nobody has to prove anything, a page must not read it under a name that the page chose; no when absent.
   */
  readonly underOwnName?: true;
  /** Whether it is answered although the process is under pressure; no when absent. */
  readonly underPressure?: true;
}

/** Takes a body, within the limits that the server holds for all bodies together. */
export interface BodyRoute {
  readonly method: 'POST';
  readonly path: string;
  readonly needs: Needs;
  /**
   * Why the request is refused, as far as its headers say: asked before its body is read. The server itself refuses what
   * it cannot read, what is too large, and what it has no room for.
   */
  readonly refuse: (request: RouteRequest) => Problem | undefined;
  readonly body: BodyTerms;
  /** Hears of each request that got in and is refused before `handle` sees it: by `refuse`, or by the server. */
  readonly onRefused?: (params: RouteRequest['params'], found: Problem) => void;
  /** The body's bytes are only lent: their memory is given back when the promise settles. */
  readonly handle: (request: RouteRequest, body: Buffer) => Promise<Answer>;
  /**
   * How many of these requests are worked on at once; without limit when absent. One that has such a limit may take minutes:
   * its connection is kept open although nothing moves on it.
   */
  readonly atOnce?: number;
}

export interface BodyTerms {
  readonly share: Share;
  /** Bytes of one body, as far as that is known now. */
  readonly limit: () => number;
}
