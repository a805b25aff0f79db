import type { Report } from '../../diagnostics/diagnostic.ts';
import type { RefusedTree } from '../../syntax/tree.ts';
import type { RecordModel } from '../program.ts';
import type { RoleSettingValues } from '../settings.ts';
import { onceInEntity } from './once-in-entity.ts';

const ON_REFUSED = { words: 'on_refused', twice: 'remove one of the two' };

/** What the entity says of refused messages, before its role is asked; nothing where it says nothing. */
export function resolveRefusals(
  record: RecordModel,
  report: Report,
): RoleSettingValues['on_refused'] | undefined {
  return onceInEntity<RefusedTree>(record, 'refused', ON_REFUSED, report)?.action;
}
