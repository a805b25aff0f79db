import type { Publishing } from './publishing.ts';
import type { AcceptedLog } from './accepted-log.ts';
import { type Envelope, examine, outgoing } from './incoming.ts';
import { invalidJsonProblem } from './invalid-json.ts';
import { hashOf, type KeyBindings } from './key-bindings.ts';
import { problem, type Problem } from '../../http/problem.ts';
import { refusalProblem } from './refusal-problem.ts';
import { publishProblem } from './refused-publish.ts';
import type { SentAgain } from './sent-again.ts';

export interface Acceptance {
  readonly publishing: Publishing;
  readonly accepted: AcceptedLog;
  readonly bindings: KeyBindings;
  readonly again: SentAgain;
}

export const keyReused = (): Problem =>
  problem(
    'idempotency_key_reused',
    'this Idempotency-Key was used for another body; use a new key for a new message',
  );

/** Accepts one message: undefined once the queue has it durably, else the answer that says why it does not. */
export async function acceptOne(
  { publishing, accepted, bindings, again }: Acceptance,
  envelope: Envelope,
  body: Buffer,
  messageId: string,
  keyed: boolean,
): Promise<Problem | undefined> {
  const examined = examine(envelope, body, messageId, envelope.route.limits.maxBytes);
  if (examined.kind === 'refused') {
    const { rejection } = examined;
    return rejection.code === 'invalid_json'
      ? invalidJsonProblem(rejection, body)
      : refusalProblem(rejection);
  }
  if (!publishing.hasRoom()) return problem('too_busy', 'too many messages wait for the queue');
  let repeated = false;
  if (keyed) {
    const bound = await bindings.bind({ id: messageId, hash: hashOf(body, envelope.headers) });
    if (bound === 'other') return keyReused();
    repeated = bound === 'repeat';
  }
  const built = outgoing(envelope, body, messageId, examined.orderKey);
  const [message = built] = repeated ? await again.raised([built]) : [];
  const published = publishing.one(message);
  if (published === undefined) return problem('too_busy', 'too many messages wait for the queue');
  const outcome = await published;
  if (outcome.kind !== 'stored') return publishProblem(outcome, messageId);
  if (repeated) await again.reopen([message], [outcome]);
  accepted.add(message);
  return undefined;
}
