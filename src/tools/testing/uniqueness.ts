import type { Plan, TableWrites } from '../../plan/plan.ts';
import { tableName } from '../../plan/table-name.ts';
import { tableAt } from '../../plan/tables-of.ts';
import { keyIndex, placesOf, shownValues } from './key-index.ts';
import type { Tables } from './tables.ts';

/** The keys and unique constraints beside those that upserts are on: there a conflict is no update but a fault. */
export interface Uniqueness {
  /** Why a message cannot write its rows, as what it does. Asked after they were written. */
  readonly violated: (writes: readonly TableWrites[], tables: Tables) => string | undefined;
}

export function uniquenessOf(plan: Plan): Uniqueness {
  const constraints = plan.tables.flatMap(({ upsert, constraints: all }, table) => {
    const key = new Set(upsert.key);
    return all
      .map((constraint) => ({ table, constraint, columns: placesOf(plan, table, constraint.columns) }))
      .filter(({ columns }) => columns.length !== key.size || columns.some((column) => !key.has(column)))
      .map((each) => ({ ...each, index: keyIndex(plan, table, each.columns) }));
  });
  return {
    violated: (writes, tables) => {
      for (const { table, constraint, columns, index } of constraints)
        for (const { rows } of writes.filter((each) => each.table === table))
          for (const written of rows) {
            const row = tables.rowLike(table, written);
            if (row === undefined) continue;
            if (!constraint.nullsEqual && columns.some((column) => row[column] === null)) continue;
            const holder = index.holder(index.valuesOf(row), tables);
            if (holder === undefined || holder === row) {
              index.note([row], tables);
              continue;
            }
            const values = shownValues(plan, table, columns, row).map((value) => JSON.stringify(value));
            const pairs = constraint.columns.map((name, at) => `${name} ${values[at] ?? ''}`);
            return `writes a second row of ${tableName(tableAt(plan, table))} with ${pairs.join(' and ')}, which is ${constraint.kind} there`;
          }
      return undefined;
    },
  };
}
