import type { Row } from '../../../plan/plan.ts';
import type { Session } from '../../../ports/store.ts';
import { chosenLiterals } from './literals.ts';
import type { TableWriter } from './write-plan.ts';

/** Deletes the rows with these keys, with `newest by` those that are older. Planned anew each time: see `prune` in apply.ts. */
export async function deleteRows(
  session: Session,
  { table }: TableWriter,
  tombstones: readonly Row[],
): Promise<void> {
  if (tombstones.length === 0) return;
  if (table.delete === undefined) throw new Error(`${table.name} has no statement that deletes`);
  const { key, action } = table.upsert;
  const parameters = action.kind === 'newest' ? [...key, action.by] : key;
  await session.query({
    text: table.delete.statement.text,
    values: chosenLiterals(table.columns, parameters, tombstones),
  });
}
