import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds that such an answer waits. */
const DELAY = 1_000;
/** Answers that wait at once, about 50 MB with their connections; idle connections take half as much. Further ones are closed without an answer. */
const WAITING = 3_000;

/** Answers senders of many wrong keys: late, and as the end of their connection. */
export interface SlowRefusals {
  /** Calls `answer` later, or closes the connection; never both. */
  refuse(socket: Socket, response: ServerResponse, answer: () => void): void;
  /** Whether a connection ends with the answer that it waits for: what it has sent ahead is not looked at. */
  isEnding(socket: Socket): boolean;
}

/**
 * So many wrong keys a second need as many connections, and those with a right key are served meanwhile, also from the same
 * address.
 */
export function slowRefusals(): SlowRefusals {
  const ending = new WeakSet<Socket>();
  let waiting = 0;
  return {
    isEnding: (socket) => ending.has(socket),
    refuse(socket, response, answer) {
      ending.add(socket);
      if (waiting >= WAITING) {
        socket.destroy();
        return;
      }
      waiting += 1;
      socket.pause();
      const timer = setTimeout(() => {
        response.off('close', gone);
        waiting -= 1;
        answer();
      }, DELAY).unref();
      const gone = () => {
        clearTimeout(timer);
        waiting -= 1;
      };
      response.once('close', gone);
    },
  };
}
