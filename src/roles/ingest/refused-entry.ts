import type { DeadEntry } from '../../ports/ledger-entries.ts';
import type { Rejection } from '../../types/value.ts';
import type { Envelope } from './incoming.ts';
import { shortFaults } from './short-faults.ts';
import { shortText } from './short-text.ts';

/** Whether a refused message is kept as a dead letter. What is too large for the role is too large to be kept. */
export function isKept({ route }: Envelope, { code }: Rejection): boolean {
  return route.keepsRefused && code !== 'too_large';
}

/** The dead letter of a refused message. A pointer or message is as short as in an answer: it may quote keys of the sender. */
export function refusedEntry(
  pipeline: string,
  { route, headers, receivedAt }: Envelope,
  { messageId, body, rejection }: Refused,
): DeadEntry {
  const { pointer, message } = rejection;
  const error = {
    ...rejection,
    pointer: shortText(pointer),
    message: shortText(message),
    ...shortFaults(rejection),
  };
  return {
    pipeline,
    entity: route.entity.name,
    generation: 0,
    receivedAt,
    headers,
    messageId,
    body,
    error,
  };
}

interface Refused {
  readonly messageId: string;
  readonly body: Uint8Array;
  readonly rejection: Rejection;
}
