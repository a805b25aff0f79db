import { tableId, type WrittenTable } from '../model/table-name.ts';
import type { TablePlan } from './plan.ts';

const known = new WeakMap<readonly TablePlan[], ReadonlyMap<string, number>>();

/** The index of a table among those of a plan, -1 where it is none of them. */
export function tablePlace(tables: readonly TablePlan[], table: WrittenTable): number {
  // Read once for all tables: each entity asks for its own.
  const places = known.get(tables) ?? new Map(tables.map(({ id }, at) => [id, at]));
  known.set(tables, places);
  return places.get(tableId(table)) ?? -1;
}
