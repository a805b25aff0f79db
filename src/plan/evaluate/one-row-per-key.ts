import type { Value } from '../../types/value.ts';
import { addedUp } from '../added-up.ts';
import type { PruneParent, Row, TablePlan } from '../plan.ts';
import { compareByKey, rowMapKey } from '../row-key.ts';
import { tableName } from '../table-name.ts';
import { MessageRejected } from './frame.ts';

/** The rows that one record of a message has for a table. */
export interface Made {
  /** The name of the record. */
  readonly record: string;
  readonly rows: readonly Row[];
  /** For each row, where in the body it comes from; only where a failure is traced. */
  readonly pointers: readonly string[];
  /** For a table with `delete when`: for each row, whether its key is deleted. */
  readonly deleted: readonly boolean[] | undefined;
  readonly parents: readonly PruneParent[];
}

/** Gives the same with one row for each key of the table. */
export type OneRowPerKey = (made: readonly Made[]) => readonly Made[];

/** A row by its record and its place among the rows of that. */
interface Place {
  readonly of: number;
  readonly at: number;
}

/**
 * Equal rows of one message count once. Others with one key refuse the message, as one of them would be lost, unless the
 * store says with `duplicates` what is left of them. `source` is the place of the store's upsert.
 */
export function oneRowPerKey(table: TablePlan, source: string): OneRowPerKey {
  const compare = compareByKey(table);
  return (made) => (ascends(made, compare) ? made : withoutDuplicates(table, source, made));
}

/** True is certain: no two rows have one key. Mostly a list is in the order of its keys. */
function ascends(made: readonly Made[], compare: (left: Row, right: Row) => number): boolean {
  let last: Row | undefined;
  for (const { rows } of made)
    for (const row of rows) {
      if (last !== undefined && compare(last, row) >= 0) return false;
      last = row;
    }
  return true;
}

function withoutDuplicates(table: TablePlan, source: string, made: readonly Made[]): readonly Made[] {
  const places = new Map<unknown, Place>();
  const left = made.map(({ rows }): (Row | undefined)[] => [...rows]);
  for (const [of, { rows }] of made.entries())
    for (const [at, row] of rows.entries()) {
      const key = rowMapKey(row, table.upsert.key);
      const later = { of, at };
      const earlier = places.get(key);
      const first = earlier && left[earlier.of]?.[earlier.at];
      if (earlier === undefined || first === undefined) {
        places.set(key, later);
        continue;
      }
      const kept = remaining(table, source, made, { row: first, ...earlier }, { row, ...later });
      put(left, earlier, undefined);
      put(left, later, undefined);
      put(left, kept, kept.row);
      places.set(key, kept);
    }
  return made.map((each, of) => onlyLeft(each, left[of] ?? []));
}

function put(left: readonly (Row | undefined)[][], { of, at }: Place, row: Row | undefined): void {
  const rows = left[of];
  if (rows !== undefined) rows[at] = row;
}

function onlyLeft(made: Made, left: readonly (Row | undefined)[]): Made {
  const { pointers, deleted } = made;
  const stays = (_: unknown, at: number): boolean => left[at] !== undefined;
  return {
    ...made,
    rows: left.filter((row) => row !== undefined),
    pointers: pointers.filter(stays),
    deleted: deleted?.filter(stays),
  };
}

type Placed = Place & { readonly row: Row };

/** What is left of two rows of one key, and where. */
function remaining(
  table: TablePlan,
  source: string,
  made: readonly Made[],
  first: Placed,
  second: Placed,
): Placed {
  const { duplicates, columns, upsert } = table;
  const deleted = [first, second].map(({ of, at }) => made[of]?.deleted?.[at] === true);
  const deletes = deleted[0] === true || deleted[1] === true;
  const { action } = upsert;
  if (duplicates === 'add' && action.kind === 'add' && !deletes)
    return { ...first, row: addedUp(new Set(action.columns), first.row, second.row) };
  const different = columns.filter((_, at) => !isSame(first.row[at] ?? null, second.row[at] ?? null));
  if (different.length === 0 && deleted[0] === deleted[1]) return first;
  if (duplicates === 'first') return first;
  if (duplicates === 'last') return second;
  if (duplicates === 'newest' && action.kind === 'newest') {
    const { by } = action;
    const order = columns[by]?.compare(first.row[by] ?? null, second.row[by] ?? null) ?? 0;
    if (order !== 0) return order > 0 ? first : second;
  }
  const key = upsert.key.map((index) => columns[index]?.name ?? '').join(', ');
  const names = different.map(({ name }) => name).join(', ');
  const from = [first, second].map(({ of, at }) => made[of]?.pointers[at] ?? '');
  const rejected = new MessageRejected(
    'duplicate_key',
    `expected one row of ${tableName(table)} for each (${key}), found two that differ in ` +
      `${names === '' ? 'whether they are deleted' : names}: one is from ${partText(from[0])}, the other from ${partText(from[1])}`,
  );
  rejected.field = made[second.of]?.record ?? '';
  rejected.pointer = from[1] ?? '';
  rejected.source = source;
  throw rejected;
}

function partText(pointer: string | undefined): string {
  return pointer === undefined || pointer === '' ? 'the message itself' : pointer;
}

function isSame(left: Value, right: Value): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right;
  const others = right as readonly Value[];
  return left.length === others.length && left.every((value: Value, at) => isSame(value, others[at] ?? null));
}
