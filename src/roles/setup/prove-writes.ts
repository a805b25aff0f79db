import type { Plan } from '../../plan/plan.ts';
import type { Difference } from '../../ports/queue.ts';
import type { Writer } from '../../ports/writer.ts';

export interface RefusedWrites {
  /** By which no worker can start. */
  readonly refused: readonly Difference[];
  /** Tables that this user may not write, while it may write all that some entities need. Messages of the others wait. */
  readonly forbidden: readonly Difference[];
}

/** What Postgres would refuse of the statements of a worker. Tables and constraints have to be there. */
export async function proveWrites(writer: Pick<Writer, 'prove'>, plan: Plan): Promise<RefusedWrites> {
  const refused: Difference[] = [];
  const forbidden: Difference[] = [];
  const barred = new Set<number>();
  for (const [index, table] of plan.tables.entries()) {
    for (const difference of await writer.prove([table])) {
      if (difference.forbidden === true) barred.add(index);
      (difference.forbidden === true ? forbidden : refused).push(difference);
    }
  }
  const mayWork = plan.entities.some(({ tables }) => tables.every((index) => !barred.has(index)));
  return mayWork ? { refused, forbidden } : { refused: [...refused, ...forbidden], forbidden: [] };
}
