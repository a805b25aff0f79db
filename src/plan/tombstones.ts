import { constraintName, tombstoneTableName } from '../model/generated-names.ts';
import type { StoreModel } from '../model/program.ts';
import { tableId, tableName } from '../model/table-name.ts';
import { timestamp } from '../types/timestamp.ts';
import { scalarViews } from './columns.ts';
import type { ColumnPlan, TombstonePlan } from './plan.ts';

/**
 * The tombstones of a store with `delete when` and `newest by`: a table of nomnom's own with the columns of the upsert key
 * and the version, in the types of the table, so that equal keys are equal in both.
 */
export function planTombstones(
  store: StoreModel,
  columns: readonly ColumnPlan[],
  key: readonly number[],
  version: number,
): TombstonePlan {
  const kept = [...new Set([...key, version])].flatMap((index) => columns[index] ?? []).map(bare);
  const name = tombstoneTableName(store);
  // Those that are never null first: only by these the index finds a key that may have nulls.
  const keyed = kept.slice(0, key.length).toSorted((a, b) => Number(a.nullable) - Number(b.nullable));
  const names = keyed.map((column) => column.name);
  const kind = keyed.some((column) => column.nullable) ? 'unique' : 'key';
  return {
    table: {
      name,
      id: tableId({ table: name }),
      doc: `What was deleted from ${tableName(store)}, and in which version: an older message does not bring it back.`,
      existing: false,
      writers: [],
      columns: [...kept, momentColumn(kept)],
      constraints: [
        { kind, name: constraintName(name, kind, names), columns: names, nullsEqual: kind === 'unique' },
      ],
      indexes: [],
      refs: [],
      upsert: {
        key: key.map((_, place) => place),
        action: { kind: 'newest', by: key.includes(version) ? key.indexOf(version) : key.length },
        decides: false,
      },
    },
    deletedAt: kept.length,
  };
}

/** The table itself sees to it that an enum has one of its strings. */
function bare({ doc: _doc, allowed: _allowed, ...column }: ColumnPlan): ColumnPlan {
  return column;
}

function momentColumn(others: readonly ColumnPlan[]): ColumnPlan {
  let name = 'deleted_at';
  while (others.some((column) => column.name === name)) name += '_';
  return { name, nullable: false, pii: false, ...scalarViews(timestamp, []) };
}
