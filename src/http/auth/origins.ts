import type { FastifyReply, FastifyRequest } from 'fastify';

/** The origins of web pages that may use the server: `https://shop.example`; `*` stands for all. */
export type Origins = ReadonlySet<string>;

/** Seconds for which a browser remembers the answer to a preflight. */
const REMEMBERED = '600';
/** What a page may ask to send; the names of the headers that it sends are up to the program. */
const HEADER_NAMES = /^[\w-]+(?: *, *[\w-]+)*$/;

/**
 * A page of another site, which a browser lets send to this machine without asking. A request with a key needs no such care: a
 * page does not have the key.
 */
export function isForeignOrigin(origins: Origins, origin: string | undefined): boolean {
  if (origin === undefined || isAllowed(origins, origin)) return false;
  const host = URL.canParse(origin) ? new URL(origin).hostname : '';
  return !isThisMachine(host);
}

/**
 * A name of another machine: its owner can let it mean 127.0.0.1 after a browser has loaded a page from it, and the page
 * then reads what this machine answers as its own (DNS rebinding).
 */
export function isForeignHost(host: string): boolean {
  const url = `http://${host}`;
  return !URL.canParse(url) || !isThisMachine(new URL(url).hostname);
}

function isThisMachine(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^127(?:\.\d{1,3}){3}$/.test(name) ||
    name === '[::1]'
  );
}

/** Lets pages of these origins read the answer, as CORS says (Fetch standard, 3.2). */
export function allowOrigin(origins: Origins, request: FastifyRequest, reply: FastifyReply): void {
  if (origins.size === 0) return;
  reply.header('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !isAllowed(origins, origin)) return;
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-expose-headers', 'Retry-After, WWW-Authenticate');
}

/** Answers the question of a browser whether a page may send; undefined where the request is no such question. */
export function answerPreflight(
  origins: Origins,
  methods: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const { origin, 'access-control-request-headers': asked } = request.headers;
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
    return undefined;
  if (origin === undefined || !isAllowed(origins, origin)) return undefined;
  reply.header('access-control-allow-methods', methods).header('access-control-max-age', REMEMBERED);
  if (asked !== undefined && asked.length < 1000 && HEADER_NAMES.test(asked))
    reply.header('access-control-allow-headers', asked);
  return reply.code(204).send();
}

function isAllowed(origins: Origins, origin: string): boolean {
  return origins.has('*') || origins.has(origin);
}
