import type { Message } from '../message.ts';
import { mapKey, rowMapKey } from '../../../plan/row-key.ts';
import type { WritePlan } from '../write-plan.ts';

/**
 * The order of the batches in flight. Where `newest by` decides, any order gives the same rows; everywhere else the
 * later message must be written later, so a batch waits for the earlier ones that write a key or list a parent that it
 * does too. Holds within one process; between processes only `newest by` does.
 */
export interface ConflictOrder {
  /** Call it in the order of arrival. */
  take(messages: readonly Message[]): Place;
}

export interface Place {
  /** Resolves once no earlier batch is in the way. */
  readonly ready: Promise<unknown>;
  /** Lets the later ones go on; must be called, whatever the outcome. */
  end(): void;
}

interface Taken {
  readonly keys: ReadonlyMap<string, ReadonlySet<unknown>>;
  readonly over: Promise<void>;
}

export function newConflictOrder(write: WritePlan): ConflictOrder {
  const inFlight = new Set<Taken>();
  return {
    take(messages) {
      const keys = orderedKeys(write, messages);
      const inTheWay = [...inFlight].filter((earlier) => meet(earlier.keys, keys)).map(({ over }) => over);
      const { promise: over, resolve } = Promise.withResolvers<void>();
      const taken: Taken = { keys, over };
      inFlight.add(taken);
      return {
        ready: Promise.all(inTheWay),
        end() {
          inFlight.delete(taken);
          resolve();
        },
      };
    },
  };
}

/** By table, and apart from these by pruned table: the keys whose order matters. */
function orderedKeys(
  write: WritePlan,
  messages: readonly Message[],
): ReadonlyMap<string, ReadonlySet<unknown>> {
  const all = new Map<string, Set<unknown>>();
  const of = (name: string): Set<unknown> => {
    const known = all.get(name) ?? new Set();
    all.set(name, known);
    return known;
  };
  for (const message of messages) {
    if (write.entities.get(message.entity.name)?.inOrder === false) continue;
    for (const each of message.writes) {
      const upsert = write.tables[each.table]?.table.upsert;
      if (upsert === undefined || upsert.action.kind === 'newest') continue;
      const { table, rows, deletes = [], parents } = each;
      if (rows.length > 0 || deletes.length > 0) {
        const keys = of(`rows ${table}`);
        for (const row of rows) keys.add(rowMapKey(row, upsert.key));
        for (const deleted of deletes) keys.add(rowMapKey(deleted, upsert.key));
      }
      for (const parent of parents) of(`parents ${table}`).add(mapKey(parent.key));
    }
  }
  return all;
}

function meet(
  left: ReadonlyMap<string, ReadonlySet<unknown>>,
  right: ReadonlyMap<string, ReadonlySet<unknown>>,
): boolean {
  for (const [name, keys] of left) {
    const others = right.get(name);
    if (others !== undefined && !keys.isDisjointFrom(others)) return true;
  }
  return false;
}
