import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
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
}

/** One thing that a role serves. The server adds it, and knows nothing of what it means. */
export type Route = ReadRoute | BodyRoute;

/** Takes no body: one that comes is not read. */
export interface ReadRoute {
  readonly method: 'GET';
  /** `/status/:id`; a part with a colon is a parameter. */
  readonly path: string;
  readonly handle: (request: RouteRequest) => Answer | Promise<Answer>;
  /** Whether it is answered although the process is under pressure; no when absent. */
  readonly underPressure?: true;
}

/** Takes a body, within the limits that the server holds for all bodies together. */
export interface BodyRoute {
  readonly method: 'POST';
  readonly path: string;
  /**
   * Why the request is refused, as far as its headers say: asked before its body is read. The server itself refuses what
   * it cannot read, what is too large, and what it has no room for.
   */
  readonly refuse: (request: RouteRequest) => Problem | undefined;
  readonly body: BodyTerms;
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
