import type { Publishing } from './publishing.ts';
import type { AcceptedLog } from './accepted-log.ts';
import { bodyText } from './body-text.ts';
import { type Envelope, examine, outgoing } from './incoming.ts';
import { invalidJsonProblem } from './invalid-json.ts';
import { problem, type Problem, refusalProblem } from './problem.ts';
import { publishProblem } from './refused-publish.ts';

export interface Acceptance {
  readonly publishing: Publishing;
  readonly accepted: AcceptedLog;
}

/** Accepts one message: undefined once the queue has it durably, else the answer that says why it does not. */
export async function acceptOne(
  { publishing, accepted }: Acceptance,
  envelope: Envelope,
  body: Buffer,
  messageId: string,
): Promise<Problem | undefined> {
  const text = bodyText(body);
  if (text === undefined) return problem('invalid_utf8', 'the body is not UTF-8');
  const rejection = examine(envelope, text, messageId);
  if (rejection !== undefined) {
    return rejection.code === 'invalid_json'
      ? invalidJsonProblem(rejection, text)
      : refusalProblem(rejection);
  }
  const message = outgoing(envelope, body, messageId);
  const published = publishing.one(message);
  if (published === undefined) return problem('too_busy', 'too many messages wait for the queue');
  const outcome = await published;
  if (outcome.kind !== 'stored') return publishProblem(outcome, messageId);
  accepted.add(message);
  return undefined;
}
