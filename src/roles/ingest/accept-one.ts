import type { Publishing } from './publishing.ts';
import type { AcceptedLog } from './accepted-log.ts';
import { type Envelope, examine, outgoing } from './incoming.ts';
import { invalidJsonProblem } from './invalid-json.ts';
import type { KeptRefusals } from './kept-refusals.ts';
import type { MessageState } from '../../ports/ledger-entries.ts';
import { hashOf, type KeyBindings } from './key-bindings.ts';
import { problem, type Problem } from '../../http/problem.ts';
import { refusalProblem } from './refusal-problem.ts';
import { isKept, refusedEntry } from './refused-entry.ts';
import { publishProblem } from './refused-publish.ts';
import type { Rejection } from '../../types/value.ts';
import type { SentAgain } from './sent-again.ts';

export interface Acceptance {
  readonly pipeline: string;
  readonly publishing: Publishing;
  readonly accepted: AcceptedLog;
  readonly bindings: KeyBindings;
  readonly again: SentAgain;
  readonly refusals: KeptRefusals;
}

export const keyReused = (): Problem =>
  problem(
    'idempotency_key_reused',
    'this Idempotency-Key was used for another body; use a new key for a new message',
  );

/** What became of a message. */
export type Outcome =
  /** The queue has it durably. */
  | { readonly kind: 'accepted' }
  /** It is refused, and durable all the same, as a dead letter. `status` may be what became of that since. */
  | { readonly kind: 'kept'; readonly status: MessageState }
  /** Nothing of it is stored, or nobody knows. */
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Accepts one message, or says why not. */
export async function acceptOne(
  acceptance: Acceptance,
  envelope: Envelope,
  body: Buffer,
  messageId: string,
  keyed: boolean,
): Promise<Outcome> {
  const { publishing, accepted, bindings, again } = acceptance;
  const bind = (): ReturnType<KeyBindings['bind']> | 'new' =>
    keyed ? bindings.bind({ id: messageId, hash: hashOf(body, envelope.headers) }) : 'new';
  const examined = examine(envelope, body, messageId, envelope.route.limits.maxBytes);
  if (examined.kind === 'refused') {
    const { rejection } = examined;
    const refusal =
      rejection.code === 'invalid_json' ? invalidJsonProblem(rejection, body) : refusalProblem(rejection);
    if (!isKept(envelope, rejection)) return refused(refusal);
    const bound = await bind();
    if (bound === 'other') return refused(keyReused());
    return keep(acceptance, envelope, body, { messageId, repeated: bound === 'repeat' }, rejection, refusal);
  }
  if (!publishing.hasRoom()) return refused(tooBusy());
  const bound = await bind();
  if (bound === 'other') return refused(keyReused());
  const repeated = bound === 'repeat';
  const built = outgoing(envelope, body, messageId, examined.orderKey);
  const [message = built] = repeated ? await again.raised([built]) : [];
  const published = publishing.one(message);
  if (published === undefined) return refused(tooBusy());
  const outcome = await published;
  if (outcome.kind !== 'stored') return refused(publishProblem(outcome, messageId));
  if (repeated) await again.reopen([message], [outcome]);
  accepted.add(message);
  return { kind: 'accepted' };
}

function refused(found: Problem): Outcome {
  return { kind: 'refused', problem: found };
}

export const tooBusy = (): Problem => problem('too_busy', 'too many messages wait for the queue');

/** Keeps a refused message with the error that its answer would have had. */
async function keep(
  { refusals, pipeline }: Acceptance,
  envelope: Envelope,
  body: Buffer,
  { messageId, repeated }: { readonly messageId: string; readonly repeated: boolean },
  rejection: Rejection,
  refusal: Problem,
): Promise<Outcome> {
  // The answer may know more of the place than the evaluator.
  const { pointer, message } = refusal;
  const entry = refusedEntry(pipeline, envelope, {
    messageId,
    body,
    rejection: { ...rejection, pointer, message },
  });
  const status = await refusals.keep(entry, repeated);
  if (status !== undefined) return { kind: 'kept', status };
  return refused(problem('store_unavailable', 'the message is refused, and Postgres cannot keep it now'));
}
