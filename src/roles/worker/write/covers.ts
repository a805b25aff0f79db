import type { Row, TableWrites } from '../../../plan/plan.ts';
import { type Message } from '../message.ts';
import { sameIn } from '../../../plan/row-key.ts';
import type { TableWriter, WritePlan } from '../write-plan.ts';

/**
 * Whether nothing would remain of what `older` writes if `newer` were applied after it, so that `older` need not be written
 * at all. True only where every row, every deletion and every listed parent of `older` is overwritten, deleted or pruned
 * by `newer`, whatever other messages come in between.
 */
export function covers(write: WritePlan, newer: Message, older: Message): boolean {
  return older.writes.every((writes) => {
    const { rows, deletes = [], parents } = writes;
    if (rows.length === 0 && deletes.length === 0 && parents.length === 0) return true;
    const writer = write.tables[writes.table];
    const later = newer.writes.find((candidate) => candidate.table === writes.table);
    return writer !== undefined && later !== undefined && coversTable(writer, later, writes);
  });
}

function coversTable(writer: TableWriter, newer: TableWrites, older: TableWrites): boolean {
  const { action, key } = writer.table.upsert;
  if (action.kind !== 'replace' && action.kind !== 'newest') return false;
  if (older.parents.length > 0) return outlists(writer, newer, older);
  const beats = (later: Row, earlier: Row): boolean =>
    sameIn(later, earlier, key) &&
    (action.kind === 'replace' || compareColumn(writer, action.by, later, earlier) > 0);
  const later = [...newer.rows, ...(newer.deletes ?? [])];
  return [...older.rows, ...(older.deletes ?? [])].every((row) => later.some((each) => beats(each, row)));
}

/**
 * Whether `newer` lists the same single parent as `older`, later in version where there is one. Its prune and its rows
 * then leave nothing of `older`'s. Both must carry one version throughout: a row of another version than its parent
 * would meet the prune differently.
 */
export function outlists(writer: TableWriter, newer: TableWrites, older: TableWrites): boolean {
  const { action } = writer.table.upsert;
  const [before, ...moreBefore] = older.parents;
  const [after, ...moreAfter] = newer.parents;
  if (before === undefined || after === undefined || moreBefore.length > 0 || moreAfter.length > 0)
    return false;
  if (before.key.some((value, at) => value !== after.key[at])) return false;
  // A deletion is remembered, and a list does not say it again.
  if ((older.deletes ?? []).length > 0) return false;
  if (action.kind === 'replace') return true;
  if (action.kind !== 'newest') return false;
  const compare = writer.table.columns[action.by]?.compare;
  const versionsAgree = [[older, before] as const, [newer, after] as const].every(([writes, parent]) =>
    writes.rows.every((row) => row[action.by] === parent.version),
  );
  return versionsAgree && compare !== undefined && compare(after.version ?? null, before.version ?? null) > 0;
}

function compareColumn(writer: TableWriter, column: number, left: Row, right: Row): number {
  return writer.table.columns[column]?.compare(left[column] ?? null, right[column] ?? null) ?? 0;
}
