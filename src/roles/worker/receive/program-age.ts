import type { KnownProgram } from '../../../ports/presence.ts';
import type { Delivery } from '../../../ports/queue.ts';
import type { MessageError } from '../../../ports/ledger-entries.ts';
import type { Programs } from '../../presence/programs.ts';
import type { Failed, Message } from '../message.ts';

/**
 * Says of a message that an older program accepted, and that this one refuses, that the program has changed: that is
 * why it became a dead letter, and no fault of its sender.
 */
export function tellingChanges(
  evaluate: (delivery: Delivery) => Message | Failed,
  own: string,
  programs: Programs,
): (delivery: Delivery) => Message | Failed {
  return (delivery) => {
    const outcome = evaluate(delivery);
    const { program } = delivery;
    if (outcome.kind === 'message' || program === undefined || program === own) return outcome;
    const standing = programs.standingOf(delivery);
    if (standing.kind !== 'older') return outcome;
    const before = named(program, standing.known);
    const now = named(own, programs.own());
    const message = `${before} accepted it, and it does not fit ${now}: ${causeOf(outcome.error)}`;
    return { ...outcome, error: { ...outcome.error, code: 'program_changed', message } };
  };
}

function named(fingerprint: string, known: KnownProgram | undefined): string {
  if (known === undefined) return `program ${fingerprint}`;
  return `program ${fingerprint} of ${new Date(known.activatedAt).toISOString()}`;
}

function causeOf({ code, entity, pointer, message }: MessageError): string {
  if (code === 'unknown_entity') return `the entity ${entity} was removed`;
  return `${code}${pointer === '' ? '' : ` at ${pointer}`}: ${message}`;
}
