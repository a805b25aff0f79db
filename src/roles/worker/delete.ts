import type { DeletedRow } from '../../plan/plan.ts';
import type { Session } from '../../ports/store.ts';
import { valuesLiteral } from './literals.ts';
import type { Message } from './message.ts';
import type { TableWriter, WritePlan } from './write-plan.ts';

/** Whether a message deletes rows; such a message is written alone, so that what comes before and after it stays so. */
export function deletes(message: Message): boolean {
  return message.writes.some((writes) => (writes.deletes?.length ?? 0) > 0);
}

/**
 * Whether a message is the deletion of its own row, and that row is as new or newer: then the message is superseded. The
 * row stays locked, so that this is still true when the rest is written.
 */
export async function comesTooLate(session: Session, write: WritePlan, message: Message): Promise<boolean> {
  const table = write.entities.get(message.entity.name)?.decidedIn;
  const writer = table === undefined ? undefined : write.tables[table];
  if (writer?.outdated === undefined) return false;
  const own = message.writes.flatMap((writes) => (writes.table === table ? (writes.deletes ?? []) : []));
  if (own.length === 0) return false;
  const found = await session.query({ ...writer.outdated, values: deletionLiterals(writer, own) });
  return found.rows.length > 0;
}

/** Deletes the rows, with `newest by` those that are older. */
export async function deleteRows(
  session: Session,
  writer: TableWriter,
  rows: readonly DeletedRow[],
): Promise<void> {
  const plan = writer.table.delete;
  if (rows.length === 0) return;
  if (plan === undefined) throw new Error(`${writer.table.name} has no statement that deletes`);
  await session.query({ ...plan.statement, values: deletionLiterals(writer, rows) });
}

/** The parameters of `DeletePlan.statement`. */
function deletionLiterals({ table }: TableWriter, rows: readonly DeletedRow[]): readonly string[] {
  const { key, action } = table.upsert;
  const keys = key.map((column, at) =>
    valuesLiteral(
      table.columns,
      column,
      rows.map((row) => row.key[at] ?? null),
    ),
  );
  if (action.kind !== 'newest') return keys;
  const versions = rows.map((row) => row.version ?? null);
  return [...keys, valuesLiteral(table.columns, action.by, versions)];
}
