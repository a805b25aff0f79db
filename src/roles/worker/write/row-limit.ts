import type { EntityPlan, TableWrites } from '../../../plan/plan.ts';
import type { Rejection } from '../../../types/value.ts';

/** Refuses a message that becomes more rows than one may: it would hold up every other one of its batch. */
export function tooManyRows(
  { name }: EntityPlan,
  writes: readonly TableWrites[],
  limit: number,
): Rejection | undefined {
  let rows = 0;
  for (const write of writes) rows += write.rows.length + (write.deletes?.length ?? 0);
  if (rows <= limit) return undefined;
  const message = `expected at most ${limit} rows from one message (max_rows_per_message), found ${rows}`;
  return { code: 'too_many_rows', entity: name, field: '', pointer: '', message };
}
