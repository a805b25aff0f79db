import { randomUUID } from 'node:crypto';
import type { DeadEntry, LedgerEntry, MessageError } from '../../../src/ports/ledger-entries.ts';

export const ERROR: MessageError = {
  code: 'out_of_range',
  message: 'expected an int',
  entity: 'Order',
  field: 'Order.key',
  pointer: '/key',
};

/** A message that no other test has. */
export function entry(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    messageId: randomUUID(),
    pipeline: 'shop',
    entity: 'Order',
    generation: 0,
    receivedAt: 1_700_000_000_123,
    ...changes,
  };
}

export function deadEntry(of: LedgerEntry, changes: Partial<DeadEntry> = {}): DeadEntry {
  return { ...of, error: ERROR, body: Buffer.from([0, 255, 128]), headers: { 'x-a': 'b' }, ...changes };
}
