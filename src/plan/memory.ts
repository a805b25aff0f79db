import { constraintName, tombstoneTableName } from '../model/generated-names.ts';
import type { StoreModel } from '../model/program.ts';
import { NULL_ELEMENT } from '../types/array-literal.ts';
import { timestamp } from '../types/timestamp.ts';
import { scalarViews } from './columns.ts';
import type { ColumnPlan, TombstonePlan } from './plan.ts';
import { quoteIdentifier } from './sql/identifier.ts';
import {
  forgetStatement,
  type MemoryTarget,
  outdatedStatement,
  purgeText,
  rememberStatement,
  type VersionedTable,
} from './sql/memory.ts';

/**
 * The memory of a store with `delete when` and `newest by`: a table of nomnom's own with the columns of the upsert key
 * and the version, in the types of the table, so that equal keys are equal in both.
 */
export function planTombstones(
  store: StoreModel,
  { sqlName, columns, key, version }: VersionedTable,
): TombstonePlan {
  const kept = [...new Set([...key, version])].flatMap((index) => columns[index] ?? []).map(bare);
  const at = momentColumn(kept);
  const name = tombstoneTableName(store.schema, store.table);
  const target: MemoryTarget = {
    sqlName: quoteIdentifier(name),
    columns: kept,
    key: key.map((_, place) => place),
    version: key.includes(version) ? key.indexOf(version) : key.length,
    at: at.name,
  };
  const remember = rememberStatement(target);
  // Those that are never null first: only by these the index finds a key that may have nulls.
  const keyed = kept.slice(0, key.length).toSorted((a, b) => Number(a.nullable) - Number(b.nullable));
  const names = keyed.map((column) => column.name);
  const kind = keyed.some((column) => column.nullable) ? 'unique' : 'key';
  return {
    table: {
      name,
      sqlName: target.sqlName,
      doc: `What was deleted from ${store.table}, and in which version: an older message does not bring it back.`,
      existing: false,
      writers: [],
      columns: [...kept, at],
      constraints: [
        { kind, name: constraintName(name, kind, names), columns: names, nullsEqual: kind === 'unique' },
      ],
      indexes: [],
      refs: [],
      upsert: { key: target.key, action: { kind: 'newest', by: target.version }, statement: remember },
    },
    remember,
    outdated: outdatedStatement({ sqlName, columns, key, version }),
    forget: forgetStatement(target),
    purge: purgeText(target),
  };
}

/** The table itself sees to it that an enum has one of its strings. */
function bare({ doc: _doc, allowed: _allowed, ...column }: ColumnPlan): ColumnPlan {
  return column;
}

function momentColumn(others: readonly ColumnPlan[]): ColumnPlan {
  let name = 'deleted_at';
  while (others.some((column) => column.name === name)) name += '_';
  const views = scalarViews(timestamp, []);
  return {
    name,
    nullable: false,
    pii: false,
    ...views,
    toElement: (value) => (value === null ? NULL_ELEMENT : views.toElement(value)),
  };
}
