import { constraintName, indexName, refName } from '../model/generated-names.ts';
import type { ColumnName, FieldModel, Program, StoreModel, UpsertModel } from '../model/program.ts';
import type { Type } from '../model/type.ts';
import { arrayLiteral, element, NULL_ELEMENT } from '../types/array-literal.ts';
import type { ColumnType } from '../types/column-type.ts';
import { compareTexts } from '../types/text-order.ts';
import type { Value } from '../types/value.ts';
import type {
  ColumnPlan,
  DeletePlan,
  PrunePlan,
  RefPlan,
  TablePlan,
  UpsertAction,
  UpsertPlan,
} from './plan.ts';
import { quoteIdentifier } from './sql/identifier.ts';
import { deleteStatement } from './sql/delete.ts';
import { pruneStatement } from './sql/prune.ts';
import { upsertStatement } from './sql/upsert.ts';

/** The tables of an accepted program, parents before children by their hard refs. */
export function planTables(program: Program): readonly TablePlan[] {
  const ordered = parentsFirst(program.stores);
  return ordered.map((store) => planTable(store, ordered));
}

function parentsFirst(stores: readonly StoreModel[]): readonly StoreModel[] {
  const ordered: StoreModel[] = [];
  const visit = (store: StoreModel): void => {
    if (ordered.includes(store)) return;
    for (const ref of store.refs) if (!ref.soft && ref.target?.store !== undefined) visit(ref.target.store);
    ordered.push(store);
  };
  for (const store of stores) visit(store);
  return ordered;
}

function planTable(store: StoreModel, ordered: readonly StoreModel[]): TablePlan {
  const sqlName = [store.schema, store.table]
    .flatMap((name) => (name === undefined ? [] : [quoteIdentifier(name)]))
    .join('.');
  const columns = store.columns.map(planColumn);
  const upsert = planUpsert(store, sqlName, columns);
  const prune = planPrune(store, sqlName, columns, upsert);
  const deletion = planDelete(store, sqlName, columns, upsert);
  const { doc } = store.record;
  return {
    ...(store.schema === undefined ? {} : { schema: store.schema }),
    name: store.table,
    sqlName,
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
      const target = ref.target?.store;
      if (target === undefined) return [];
      return [
        {
          name: refName(store.table, names(ref.columns)),
          columns: names(ref.columns),
          target: ordered.indexOf(target),
          targetColumns: names(ref.targetColumns),
          soft: ref.soft,
        },
      ];
    }),
    upsert,
    ...(prune === undefined ? {} : { prune }),
    ...(deletion === undefined ? {} : { delete: deletion }),
  };
}

function names(columns: readonly ColumnName[]): readonly string[] {
  return columns.map((column) => column.name);
}

function indexesOf(store: StoreModel, columns: readonly ColumnName[]): readonly number[] {
  return columns.map((column) => store.columns.findIndex((field) => field.name === column.name));
}

function planUpsert(store: StoreModel, sqlName: string, columns: readonly ColumnPlan[]): UpsertPlan {
  if (store.upsert === undefined)
    throw new Error(`the table ${store.table} of an accepted program has no upsert`);
  const key = indexesOf(store, store.upsert.columns);
  const declared = store.upsert.action;
  const action = actionOf(store, declared);
  // Only an entity's own row decides whether its message is superseded.
  const returning = action.kind === 'newest' && store.writers.some((writer) => writer.tree.kind === 'entity');
  return { key, action, statement: upsertStatement({ sqlName, columns, key, action, returning }) };
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
  sqlName: string,
  columns: readonly ColumnPlan[],
  { key, action }: UpsertPlan,
): DeletePlan | undefined {
  if (store.delete === undefined) return undefined;
  const version = action.kind === 'newest' ? action.by : undefined;
  return { statement: deleteStatement({ sqlName, columns, key, version }) };
}

function planPrune(
  store: StoreModel,
  sqlName: string,
  columns: readonly ColumnPlan[],
  upsert: UpsertPlan,
): PrunePlan | undefined {
  if (store.prune === undefined) return undefined;
  const parents = indexesOf(store, store.prune.columns);
  const version = upsert.action.kind === 'newest' ? upsert.action.by : undefined;
  return {
    columns: parents,
    statement: pruneStatement({ sqlName, columns, parents, key: upsert.key, version }),
  };
}

function planColumn(field: FieldModel): ColumnPlan {
  const views = viewsOf(field.type.type);
  return {
    name: field.name,
    nullable: field.type.nullable,
    ...(field.doc === undefined ? {} : { doc: field.doc }),
    pii: field.pii,
    ...views,
    toElement: (value) => (value === null ? NULL_ELEMENT : views.toElement(value)),
    toJson: (value) => (value === null ? null : views.toJson(value)),
  };
}

type ColumnViews = Pick<
  ColumnPlan,
  'type' | 'parameterType' | 'toElement' | 'toJson' | 'compare' | 'allowed'
>;

/** How a column's values look to Postgres, to people, and to the sort; over values that are not null. */
function viewsOf(type: Type): ColumnViews {
  switch (type.kind) {
    case 'scalar':
      return scalarViews(type.column, type.parameters);
    case 'enum': {
      const allowed = type.of.members.map((member) => member.value);
      return {
        type: 'text',
        parameterType: 'text[]',
        toElement: (value) => element(value as string, false),
        toJson: (value) => value,
        compare: compareTexts,
        allowed,
      };
    }
    case 'list': {
      const inner = viewsOf(type.element);
      return {
        type: `${inner.type}[]`,
        parameterType: 'text[]',
        toElement: (value) => element(arrayLiteral((value as readonly Value[]).map(inner.toElement)), false),
        toJson: (value) => (value as readonly Value[]).map(inner.toJson),
        compare: () => 0,
        ...(inner.allowed === undefined ? {} : { allowed: inner.allowed }),
      };
    }
    case 'record':
    case 'null':
    case 'unknown':
      throw new Error(`a column of an accepted program is no ${type.kind}`);
  }
}

function scalarViews(column: ColumnType, parameters: readonly number[]): ColumnViews {
  const { toText, bare } = column;
  return {
    type: column.postgres(parameters),
    parameterType: column.postgresBase === 'jsonb' ? 'text[]' : `${column.postgresBase}[]`,
    toElement: bare ? toText : (value) => element(toText(value), false),
    toJson: column.toJson,
    compare: column.compare ?? ((a, b) => compareTexts(toText(a), toText(b))),
  };
}
