import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemAnswer } from './answer.ts';
import { problem, type Problem } from './problem.ts';
import { turnBudget } from './turn-budget.ts';
import { endsConnection } from './unread-body.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const OVERLOADED = problem('too_busy', 'more requests arrive than this process can work on');
const { type, text, headers = {} } = problemAnswer(OVERLOADED);
const HEADERS = { ...headers, 'content-type': type, 'content-length': String(Buffer.byteLength(text)) };
const LAST_HEADERS = { ...HEADERS, connection: 'close' };

/**
 * Refuses messages that arrive faster than they can be worked on, before anything of them is looked at: a refusal has to cost a small
 * part of what a message costs, or there is no time left for messages. Everything but a POST is served all the same.
 */
export function shedOverload(
  onRefused: ((found: Problem) => void) | undefined,
): (serve: Listener) => Listener {
  const turn = turnBudget();
  return (serve) => (request, response) => {
    if (request.method !== 'POST' || !turn.isSpent()) {
      serve(request, response);
      return;
    }
    onRefused?.(OVERLOADED);
    response.writeHead(OVERLOADED.status, endsConnection(request, true) ? LAST_HEADERS : HEADERS);
    response.end(text);
  };
}
