import type { DeadEntry } from '../../ports/ledger-entries.ts';
import type { Rejection } from '../../types/value.ts';
import type { Envelope } from './incoming.ts';

/** Whether a refused message is kept as a dead letter. What is too large for the role is too large to be kept. */
export function isKept({ route }: Envelope, { code }: Rejection): boolean {
  return route.keepsRefused && code !== 'too_large';
}

/** The dead letter of a refused message. */
export function refusedEntry(
  pipeline: string,
  { route, headers, receivedAt }: Envelope,
  refused: Pick<DeadEntry, 'messageId' | 'body' | 'error'>,
): DeadEntry {
  return { pipeline, entity: route.entity.name, generation: 0, receivedAt, headers, ...refused };
}
