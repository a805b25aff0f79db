import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemAnswer } from './answer.ts';
import type { Arrival } from './auth/arrival.ts';
import { lateRefusals } from './late-refusals.ts';
import { problem, type Problem } from './problem.ts';
import { turnBudget } from './turn-budget.ts';
import { endsConnection } from './unread-body.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const OVERLOADED = problem('too_busy', 'more requests arrive than this process can work on');
const { type, text, headers = {} } = problemAnswer(OVERLOADED);
const HEADERS = { ...headers, 'content-type': type, 'content-length': String(Buffer.byteLength(text)) };
const LAST_HEADERS = { ...HEADERS, connection: 'close' };

/**
 * Refuses messages that arrive faster than they can be worked on, before anything but their sender is looked at: a refusal has to cost a
 * small part of what a message costs, or there is no time left for messages. Everything but a POST is served all the same. `arrive`
 * has refused wrong keys before; what they took is not counted against known senders.
 */
export function shedOverload(
  arrive: (request: IncomingMessage, response: ServerResponse) => Arrival,
  onRefused: ((found: Problem) => void) | undefined,
): (serve: Listener) => Listener {
  const turn = turnBudget();
  const late = lateRefusals();
  return (serve) => (request, response) => {
    turn.arrived();
    const arrival = arrive(request, response);
    if (arrival === 'refused') {
      turn.begun(true);
      return;
    }
    const isKnown = arrival === 'known';
    if (request.method !== 'POST' || !turn.isSpent(isKnown)) {
      serve(request, response);
      turn.begun(response.writableEnded && response.statusCode >= 400);
      return;
    }
    onRefused?.(OVERLOADED);
    if (endsConnection(request, true)) response.writeHead(OVERLOADED.status, LAST_HEADERS).end(text);
    else {
      request.resume();
      late.refuse(response, () => response.writeHead(OVERLOADED.status, HEADERS).end(text));
    }
    turn.begun(!isKnown);
  };
}
