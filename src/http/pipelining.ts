import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface PipeliningLimits {
  /** Messages of one connection that are worked on at once. */
  readonly atOnce: number;
  /** Further requests of one connection that wait. */
  readonly waiting: number;
  /** The same, of all connections together; each takes about 5 KB. */
  readonly waitingInAll: number;
}

const LIMITS: PipeliningLimits = { atOnce: 64, waiting: 256, waitingInAll: 10_000 };

/** The requests of a connection whose answers are not sent. */
interface Line {
  working: number;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
  /** The request that came last. */
  last?: IncomingMessage;
  /** Called when everything that arrived as a whole has its answer. */
  whenAnswered?: () => void;
}

export interface Pipelining {
  readonly inLine: (serve: Listener) => Listener;
  /** Calls back once every request of a connection has its answer, except one whose body still comes. */
  readonly whenAnswered: (socket: Socket, then: () => void) => void;
  /** Whether the answers to all requests of a connection are sent. */
  readonly hasAnswers: (socket: Socket) => boolean;
}

/**
 * Bounds what requests may hold that a client sends without waiting for the answers. A question is answered only when the answers
 * before it were taken: one answer of a connection is in memory, whatever its client asks. The answers to messages are small, and many
 * messages may be worked on at once. Each request is waiting → in work → sent, in the order in which they came.
 *
 * A client that sends still more gets its connection closed, as HTTP lets a server do (RFC 9112, 9.3.2): Node has no way to stop
 * reading in the middle of what has arrived.
 */
export function pipelining(limits: PipeliningLimits = LIMITS): Pipelining {
  const lines = new WeakMap<Socket, Line>();
  const long = new Set<Socket>();
  let inAll = 0;

  const lineOf = (socket: Socket): Line => {
    const known = lines.get(socket);
    if (known !== undefined) return known;
    const line: Line = { working: 0, waiting: [] };
    lines.set(socket, line);
    return line;
  };
  const clear = (socket: Socket, { waiting }: Line): void => {
    inAll -= waiting.length;
    waiting.length = 0;
    long.delete(socket);
  };
  /** Closes the connection that has most requests waiting. */
  const closeLongest = (): void => {
    let longest: Socket | undefined;
    let length = 0;
    for (const socket of long) {
      const waits = lineOf(socket).waiting.length;
      if (waits > length) [longest, length] = [socket, waits];
    }
    if (longest === undefined) return;
    clear(longest, lineOf(longest));
    longest.destroy();
  };

  const isAnswered = ({ working, waiting, last }: Line): boolean =>
    working + waiting.length <= (last?.complete === false ? 1 : 0);

  const whenAnswered = (socket: Socket, then: () => void): void => {
    const line = lineOf(socket);
    if (isAnswered(line)) then();
    else line.whenAnswered = then;
  };

  const hasAnswers = (socket: Socket): boolean => {
    const line = lines.get(socket);
    return line === undefined || line.working + line.waiting.length === 0;
  };

  const inLine: Pipelining['inLine'] = (serve) => {
    const mayBegin = ({ working }: Line, { method }: IncomingMessage): boolean =>
      working < (method === 'POST' ? limits.atOnce : 1);
    const begin = (socket: Socket, line: Line, request: IncomingMessage, response: ServerResponse): void => {
      line.working += 1;
      response.once('close', () => {
        line.working -= 1;
        next(socket, line);
      });
      serve(request, response);
    };
    const next = (socket: Socket, line: Line): void => {
      if (socket.destroyed) return clear(socket, line);
      for (;;) {
        const [first] = line.waiting;
        if (first === undefined || !mayBegin(line, first[0])) break;
        line.waiting.shift();
        inAll -= 1;
        begin(socket, line, ...first);
      }
      if (line.waiting.length === 0) long.delete(socket);
      if (line.whenAnswered !== undefined && isAnswered(line)) line.whenAnswered();
    };
    return (request, response) => {
      const { socket } = request;
      // The rest of what arrived together with the request that was too much.
      if (socket.destroyed) return;
      const line = lineOf(socket);
      line.last = request;
      if (line.waiting.length === 0 && mayBegin(line, request)) return begin(socket, line, request, response);
      if (line.waiting.length >= limits.waiting) {
        clear(socket, line);
        socket.destroy();
        return;
      }
      line.waiting.push([request, response]);
      if (line.waiting.length === 1) long.add(socket);
      inAll += 1;
      if (inAll > limits.waitingInAll) closeLongest();
    };
  };

  return { inLine, whenAnswered, hasAnswers };
}
