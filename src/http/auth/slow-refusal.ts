import type { FastifyReply } from 'fastify';
import { problemAnswer } from '../answer.ts';
import type { Problem } from '../problem.ts';
import { sendAnswer } from '../send.ts';

/** Milliseconds that such an answer waits. */
const DELAY = 1_000;
/** Answers that wait at once, about 20 MB with their connections; further connections are closed without one. */
const WAITING = 1_000;

/**
 * Answers senders of many wrong keys: late, and as the end of their connection. So many wrong keys a second need as many
 * connections, and those with a right key are served meanwhile, also from the same address.
 */
export function slowRefusals(): (reply: FastifyReply, found: Problem) => void {
  let waiting = 0;
  return (reply, found) => {
    const { socket } = reply.request.raw;
    if (waiting >= WAITING) {
      reply.hijack();
      socket.destroy();
      return;
    }
    waiting += 1;
    // What else it has sent ahead is not looked at.
    socket.pause();
    const timer = setTimeout(() => {
      reply.raw.off('close', gone);
      waiting -= 1;
      sendAnswer(reply.header('connection', 'close'), problemAnswer(found));
    }, DELAY).unref();
    const gone = () => {
      clearTimeout(timer);
      waiting -= 1;
    };
    reply.raw.once('close', gone);
  };
}
