import type { EntityPlan, Plan, Row, TablePlan } from '../../plan/plan.ts';
import { collapser } from './write/collapse.ts';
import { compareByKey, type CompareRows } from '../../plan/row-key.ts';

/** What the worker derives once from a plan, to write batches of its messages. */
export interface WritePlan {
  readonly plan: Plan;
  /** By index in `plan.tables`. */
  readonly tables: readonly TableWriter[];
  /** All table indexes in the order of writing: see `writeOrder`. */
  readonly order: readonly number[];
  readonly entities: ReadonlyMap<string, EntityWriter>;
}

export interface TableWriter {
  readonly index: number;
  readonly table: TablePlan;
  readonly compare: CompareRows;
  readonly collapse: (rows: readonly Row[]) => readonly Row[];
  readonly owner: Owner | undefined;
}

/**
 * For `prune by`: the deciding table whose rows the pruned ones refer to by a foreign key. A row that is new there had no rows
 * here: nothing has to be pruned.
 */
export interface Owner {
  readonly table: number;
  /** The owner's column for each prune column, in their order: all columns of its key. */
  readonly columns: readonly number[];
}

export interface EntityWriter {
  /** The table in which the entity's own row decides whether the message is superseded. */
  readonly decidedIn: number | undefined;
  /** The tables that it writes without deciding there, though another entity's messages are decided in them. */
  readonly intrudesIn: readonly number[];
  /** Whether it writes a table without `newest by`, where the later message must be written later. */
  readonly inOrder: boolean;
}

export function writePlan(plan: Plan): WritePlan {
  const decidedIn = new Set(plan.entities.map((entity) => decidingTable(plan, entity)));
  const entities = plan.entities.map((entity): [string, EntityWriter] => {
    const own = decidingTable(plan, entity);
    return [
      entity.name,
      {
        decidedIn: own,
        intrudesIn: entity.tables.filter((table) => table !== own && decidedIn.has(table)),
        inOrder: entity.tables.some((table) => plan.tables[table]?.upsert.action.kind !== 'newest'),
      },
    ];
  });
  return {
    plan,
    tables: plan.tables.map((table, index) => tableWriter(plan, table, index)),
    order: writeOrder(plan),
    entities: new Map(entities),
  };
}

/**
 * Parents before children, as in `plan.tables`, but a table in which messages are decided as early as its own parents
 * allow: what a superseded message would write elsewhere is then mostly not written yet.
 */
export function writeOrder(plan: Plan): readonly number[] {
  const order = new Set<number>();
  const place = (index: number): void => {
    for (const ref of plan.tables[index]?.refs ?? []) {
      if (!ref.soft && ref.target !== index && !order.has(ref.target)) place(ref.target);
    }
    order.add(index);
  };
  const deciding = plan.entities
    .map((entity) => decidingTable(plan, entity))
    .filter((table) => table !== undefined);
  for (const table of deciding.toSorted((left, right) => left - right)) place(table);
  for (const table of plan.tables.keys()) place(table);
  return [...order];
}

function decidingTable(plan: Plan, entity: EntityPlan): number | undefined {
  const table = entity.rootTable;
  return table !== undefined && plan.tables[table]?.upsert.action.kind === 'newest' ? table : undefined;
}

function tableWriter(plan: Plan, table: TablePlan, index: number): TableWriter {
  return {
    index,
    table,
    compare: compareByKey(table),
    collapse: collapser(table),
    owner: ownerOf(plan, table),
  };
}

/** Nothing is known of the foreign keys of somebody else's table. */
function ownerOf(plan: Plan, { prune, refs, columns, existing }: TablePlan): Owner | undefined {
  if (prune === undefined || existing) return undefined;
  const names = prune.columns.map((index) => columns[index]?.name ?? '');
  for (const ref of refs) {
    const target = plan.tables[ref.target];
    if (ref.soft || target === undefined || target.existing || !target.upsert.decides) continue;
    const owned = names.map((name) => {
      const to = ref.targetColumns[ref.columns.indexOf(name)];
      return target.columns.findIndex((column) => column.name === to);
    });
    const { key } = target.upsert;
    if (ref.columns.length !== names.length || owned.length !== key.length) continue;
    if (key.every((column) => owned.includes(column))) return { table: ref.target, columns: owned };
  }
  return undefined;
}
