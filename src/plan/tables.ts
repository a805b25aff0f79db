import { dependenciesFirst } from '../model/dependencies-first.ts';
import { tableId, tableName } from '../model/table-name.ts';
import { constraintName, indexName, refName } from '../model/generated-names.ts';
import type { ColumnName, Program, StoreModel, UpsertModel } from '../model/program.ts';
import { planColumn } from './columns.ts';
import type { ColumnPlan, DeletePlan, RefPlan, TablePlan, UpsertAction, UpsertPlan } from './plan.ts';
import { planTombstones } from './tombstones.ts';

/** The tables of an accepted program, parents before children by their hard refs. */
export function planTables(program: Program): readonly TablePlan[] {
  const ordered = parentsFirst(program);
  const places = new Map(ordered.map((store, at) => [store, at]));
  return ordered.map((store) => planTable(store, places, program));
}

function parentsFirst({ stores, storeOf }: Program): readonly StoreModel[] {
  const ordered = new Set<StoreModel>();
  const parentsOf = (store: StoreModel): readonly StoreModel[] | undefined =>
    ordered.has(store)
      ? undefined
      : store.refs.flatMap(({ soft, target }) => (soft ? [] : ((target && storeOf.get(target)) ?? [])));
  for (const store of stores) for (const each of dependenciesFirst(store, parentsOf)) ordered.add(each);
  return [...ordered];
}

function planTable(
  store: StoreModel,
  places: ReadonlyMap<StoreModel, number>,
  { storeOf }: Program,
): TablePlan {
  const columns = store.columns.map(planColumn);
  const upsert = planUpsert(store);
  const deletion = planDelete(store, columns, upsert);
  const { doc } = store.record;
  return {
    ...(store.schema === undefined ? {} : { schema: store.schema }),
    name: store.table,
    id: tableId(store),
    ...(doc === undefined ? {} : { doc }),
    existing: store.existing,
    writers: store.writers.map((writer) => writer.name),
    columns,
    constraints: store.keys.map((key) => ({
      kind: key.kind,
      name: constraintName(store.table, key.kind, names(key.columns)),
      columns: names(key.columns),
      nullsEqual: key.nullsEqual,
    })),
    indexes: store.indexes.map((index) => ({
      name: indexName(store.table, names(index.columns)),
      columns: names(index.columns),
    })),
    refs: store.refs.flatMap((ref): RefPlan[] => {
      const target = ref.target && storeOf.get(ref.target);
      if (target === undefined) return [];
      return [
        {
          name: refName(store.table, names(ref.columns)),
          columns: names(ref.columns),
          target: places.get(target) ?? -1,
          targetColumns: names(ref.targetColumns),
          soft: ref.soft,
        },
      ];
    }),
    upsert,
    ...(store.duplicates === undefined ? {} : { duplicates: store.duplicates.rule }),
    ...(store.prune === undefined ? {} : { prune: { columns: indexesOf(store, store.prune.columns) } }),
    ...(deletion === undefined ? {} : { delete: deletion }),
  };
}

function names(columns: readonly ColumnName[]): readonly string[] {
  return columns.map((column) => column.name);
}

function indexesOf(store: StoreModel, columns: readonly ColumnName[]): readonly number[] {
  return columns.map((column) => store.columns.findIndex((field) => field.name === column.name));
}

function planUpsert(store: StoreModel): UpsertPlan {
  if (store.upsert === undefined)
    throw new Error(`the table ${tableName(store)} of an accepted program has no upsert`);
  const action = actionOf(store, store.upsert.action);
  return {
    key: indexesOf(store, store.upsert.columns),
    action,
    decides: action.kind === 'newest' && store.writers.some((writer) => writer.tree.kind === 'entity'),
  };
}

function actionOf(store: StoreModel, declared: UpsertModel['action']): UpsertAction {
  switch (declared.kind) {
    case 'newest':
      return { kind: 'newest', by: indexesOf(store, [declared.by])[0] ?? 0 };
    case 'add':
      return { kind: 'add', columns: indexesOf(store, declared.columns) };
    default:
      return { kind: declared.kind };
  }
}

function planDelete(
  store: StoreModel,
  columns: readonly ColumnPlan[],
  { key, action }: UpsertPlan,
): DeletePlan | undefined {
  if (store.delete === undefined) return undefined;
  return action.kind === 'newest' ? { tombstones: planTombstones(store, columns, key, action.by) } : {};
}
