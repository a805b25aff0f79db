import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { Answer } from './answer.ts';
import { type Doorway, enter, routed } from './auth/doorway.ts';
import { bodyReader, type BodyRules, freeBody, type ReceivedBody, refusedUnread } from './body-reader.ts';
import { ANSWERED_UNDER_PRESSURE } from './pressure.ts';
import { problem, type Problem } from './problem.ts';
import { unreadable } from './readable.ts';
import { requestSlots, type RequestSlots } from './request-slots.ts';
import type { BodyRoute, ReadRoute, Route, RouteRequest } from './route.ts';
import { type RefusalConfig, sendAnswer, sendProblem } from './send.ts';
import { sendContinue } from './unread-body.ts';

/** What all routes of a server share. */
export interface RouteContext {
  /** How bodies are read. */
  readonly bodies: Omit<BodyRules, 'share' | 'limit'>;
  /** Whether the server takes nothing new. */
  readonly stopping: () => boolean;
  readonly doorway: Doorway;
  /** Milliseconds that a complete body waits for its turn where its route works on so many at once. */
  readonly slotWait: number;
}

type RoleRequest = FastifyRequest<{ Params: RouteRequest['params'] }>;

/** Characters of an answer that is counted as long as it is not sent. */
const LARGE_ANSWER = 64 * 1024;

export function addRoutes(app: FastifyInstance, routes: readonly Route[], context: RouteContext): void {
  app.decorateRequest('routed', null);
  for (const route of routes) {
    if (route.method === 'GET') {
      addReadRoute(app, route, context);
      continue;
    }
    // A content type parser belongs to a scope, and each of these reads its bodies by terms of its own.
    app.register((scope, _options, done) => {
      addBodyRoute(scope, route, context);
      done();
    });
  }
}

function addReadRoute(app: FastifyInstance, route: ReadRoute, { doorway }: RouteContext): void {
  app.get<{ Params: RouteRequest['params'] }>(
    route.path,
    {
      onRequest: enter(doorway, route.needs, route.underOwnName),
      ...(route.underPressure === true ? { config: ANSWERED_UNDER_PRESSURE } : {}),
    },
    async (request, reply) => sendAnswer(reply, await route.handle(routed(request))),
  );
}

function addBodyRoute(app: FastifyInstance, route: BodyRoute, context: RouteContext): void {
  const rules: BodyRules = { ...context.bodies, ...route.body };
  const slots = route.atOnce === undefined ? undefined : requestSlots(route.atOnce, context.slotWait);
  addReader(app, rules);
  const refusal = (request: RoleRequest): Problem | undefined =>
    route.refuse(routed(request)) ??
    unreadable(request.headers) ??
    refusedUnread(rules, request.headers) ??
    noSlot(slots, route);
  app.post<{ Params: RouteRequest['params'] }>(
    route.path,
    {
      ...(route.onRefused === undefined
        ? {}
        : { config: { onRefused: route.onRefused } satisfies RefusalConfig }),
      onRequest: [
        (_request, reply, done) => {
          if (context.stopping()) sendProblem(reply, problem('stopping', 'the server stops'));
          else done();
        },
        enter(context.doorway, route.needs),
        (request, reply, done) => {
          const refused = refusal(request);
          if (refused === undefined) done();
          else sendProblem(reply, refused);
        },
      ],
    },
    async (request, reply) => {
      const work = (body: Buffer): Promise<Answer> => route.handle(routed(request), body);
      const answer = await withBody(request, rules, (body) =>
        slots === undefined ? work(body) : inSlot(slots, request, reply, () => work(body)),
      );
      if (answer === 'gone') return reply.hijack();
      return answer === 'late' ? sendProblem(reply, waitedInVain(route)) : sendCounted(reply, rules, answer);
    },
  );
}

/** A body that would only wait in line is not read. */
function noSlot(slots: RequestSlots | undefined, { atOnce }: BodyRoute): Problem | undefined {
  if (slots === undefined || slots.isFree()) return undefined;
  return problem('too_busy', `${atOnce} such requests are in work`);
}

/** Its sender may have waited for its turn as long as for an answer. */
function waitedInVain({ atOnce }: BodyRoute): Problem {
  return problem(
    'too_busy',
    `${atOnce} such requests are in work, and none was done in time; nothing is stored`,
  );
}

/** `gone` where the client went away before there was a slot, `late` where there was none in time. */
async function inSlot(
  slots: RequestSlots,
  request: RoleRequest,
  reply: FastifyReply,
  work: () => Promise<Answer>,
): Promise<Answer | 'gone' | 'late'> {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const awake = keepAwake(request.raw.socket);
  const entered = await slots.enter(gone.signal);
  if (entered === 'late') awake();
  if (entered !== 'in') return entered;
  return work().finally(() => {
    slots.leave();
    awake();
  });
}

/**
 * On the connection of a slow request nothing moves while it is worked on: its client would lose its answer. Gives what
 * makes the silence count again.
 */
function keepAwake(socket: Socket): () => void {
  const { timeout } = socket;
  socket.setTimeout(0);
  return () => void socket.setTimeout(timeout ?? 0);
}

/** A client that does not read its answer holds its memory, which later requests then have to do without. */
function sendCounted(reply: FastifyReply, { budget, share }: BodyRules, answer: Answer): FastifyReply {
  const { length } = answer.text;
  if (length > LARGE_ANSWER) {
    budget.takeAlways(share, length);
    const { raw } = reply;
    if (raw.destroyed) budget.give(share, length);
    else raw.once('close', () => budget.give(share, length));
  }
  return sendAnswer(reply, answer);
}

function addReader(app: FastifyInstance, rules: BodyRules): void {
  const read = bodyReader(rules);
  app.removeAllContentTypeParsers();
  // `*` takes all others; for what is named Fastify remembers the parser, and does not read the type anew for each request.
  app.addContentTypeParser(['application/json', 'application/x-ndjson', '*'], (request, stream, done) => {
    sendContinue(request.raw);
    read(request, stream, done);
  });
}

const NO_BODY = Buffer.alloc(0);

/** Gives the body's memory back when the work is done. */
async function withBody(
  request: RoleRequest,
  { budget, share }: BodyRules,
  work: (body: Buffer) => Promise<Answer | 'gone' | 'late'>,
): Promise<Answer | 'gone' | 'late'> {
  const received = request.body as ReceivedBody | undefined;
  if (received === undefined) return work(NO_BODY);
  try {
    const answer = await work(received.bytes);
    if (typeof answer === 'object' && answer.status < 300) freeBody(received);
    return answer;
  } finally {
    budget.give(share, received.held);
  }
}
