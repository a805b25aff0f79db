import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { Name } from '../../syntax/name.ts';
import type { DeleteTree, DuplicatesTree, NamesTree, RefTree, UpsertTree } from '../../syntax/store-tree.ts';
import type { Span } from '../../text/source.ts';
import { MISPLACED_DECLARATION, UNKNOWN_FIELD, UNKNOWN_NAME } from '../codes/codes.ts';
import { distinctNames } from '../resolve/distinct-names.ts';
import type {
  ColumnName,
  ConstraintModel,
  FieldModel,
  RecordModel,
  RefModel,
  StoreModel,
  UpsertModel,
} from '../program.ts';
import { suggestion } from '../suggestion.ts';
import { storeTrees, type DeclaredStore } from '../resolve/declared-stores.ts';
import { isColumnType } from '../type.ts';

/** The stores that take rows, by their first writer. Names of columns and of target entities are resolved. */
export function buildStores(
  declared: readonly DeclaredStore[],
  records: ReadonlyMap<string, RecordModel>,
  report: Report,
): readonly StoreModel[] {
  const named = (name: string): readonly RecordModel[] => {
    const record = records.get(name);
    return record === undefined ? [] : [record];
  };
  const quiet: Report = () => {};
  const stores = declared.flatMap(({ owner, tree, writers }) =>
    named(owner).map((record) =>
      storeModel({ record, tree, writers: writers.flatMap(named) }, records, record.broken ? quiet : report),
    ),
  );
  const places = new Map<RecordModel, number>();
  for (const record of records.values()) places.set(record, places.size);
  const place = ({ writers: [first] }: StoreModel): number => (first && places.get(first)) ?? -1;
  return stores
    .filter((store) => store.writers.length > 0)
    .toSorted((left, right) => place(left) - place(right));
}

/** The store of each writer, and of each shape with one that others share. */
export function storesByRecord(stores: readonly StoreModel[]): ReadonlyMap<RecordModel, StoreModel> {
  const found = new Map<RecordModel, StoreModel>();
  for (const store of stores) {
    for (const writer of store.writers) found.set(writer, store);
    found.set(store.record, store);
  }
  return found;
}

function storeModel(
  { record, tree, writers }: Pick<StoreModel, 'record' | 'tree' | 'writers'>,
  records: ReadonlyMap<string, RecordModel>,
  report: Report,
): StoreModel {
  const columns = record.fields.filter(
    (field) => isColumnType(field.type.type) || field.type.type.kind === 'unknown',
  );
  const names = (list: NamesTree): readonly ColumnName[] => columnNames(list, record, columns, report);
  const keys: ConstraintModel[] = [];
  const refs: RefModel[] = [];
  const indexes: StoreModel['indexes'][number][] = [];
  let upsert: UpsertModel | undefined;
  let prune: StoreModel['prune'];
  let deletion: DeleteTree | undefined;
  let duplicates: DuplicatesTree | undefined;
  const single = (kind: string, span: Span, first: Span | undefined): void => {
    if (first !== undefined)
      report(
        finding(MISPLACED_DECLARATION, span, `this store has a second \`${kind}\``, {
          label: 'the second',
          help: 'remove one of the two',
          related: [{ span: first, text: 'the first' }],
        }),
      );
  };
  for (const item of tree.items) {
    switch (item.kind) {
      case 'key':
        single('key', item.span, keys.find((each) => each.kind === 'key')?.span);
        keys.push({ kind: 'key', columns: names(item.columns), nullsEqual: false, span: item.span });
        break;
      case 'unique':
        keys.push({
          kind: 'unique',
          columns: names(item.columns),
          nullsEqual: item.nullsEqual,
          span: item.span,
        });
        break;
      case 'upsert':
        single('upsert', item.span, upsert?.tree.span);
        upsert ??= upsertModel(item, names, record, columns, report);
        break;
      case 'ref':
        refs.push(refModel(item, names, records, report));
        break;
      case 'index':
        indexes.push({ columns: names(item.columns), tree: item.columns });
        if (tree.existing)
          report(
            finding(
              MISPLACED_DECLARATION,
              item.span,
              'nomnom creates nothing in an `existing` table, so `index` has no effect',
            ),
          );
        break;
      case 'prune':
        single('prune by', item.span, prune?.span);
        prune ??= { columns: names(item.columns), span: item.span };
        if (record.tree.kind === 'entity')
          report(finding(MISPLACED_DECLARATION, item.span, '`prune by` only works in a derived entity'));
        break;
      case 'delete':
        single('delete when', item.span, deletion?.span);
        deletion ??= item;
        break;
      case 'duplicates':
        single('duplicates', item.span, duplicates?.span);
        duplicates ??= item;
        break;
    }
  }
  // Not spread together: a literal with spreads takes several times the memory, and a program has thousands of stores.
  const store: { -readonly [K in keyof StoreModel]: StoreModel[K] } = {
    record,
    writers,
    tree,
    table: tree.table.text,
    existing: tree.existing,
    columns,
    keys,
    refs,
    indexes,
  };
  if (tree.schema !== undefined) store.schema = tree.schema.text;
  if (upsert !== undefined) store.upsert = upsert;
  if (prune !== undefined) store.prune = prune;
  if (deletion !== undefined) store.delete = deletion;
  if (duplicates !== undefined) store.duplicates = duplicates;
  return store;
}

function upsertModel(
  tree: UpsertTree,
  names: (list: NamesTree) => readonly ColumnName[],
  record: RecordModel,
  columns: readonly FieldModel[],
  report: Report,
): UpsertModel {
  const { action } = tree;
  const on = names(tree.columns);
  switch (action.kind) {
    case 'replace':
    case 'keep':
    case 'merge':
      return { columns: on, action: { kind: action.kind }, tree };
    case 'newest':
      return {
        columns: on,
        action: { kind: 'newest', by: columnName(action.by, record, columns, report) },
        tree,
      };
    case 'add':
      return { columns: on, action: { kind: 'add', columns: names(action.columns) }, tree };
  }
}

function refModel(
  tree: RefTree,
  names: (list: NamesTree) => readonly ColumnName[],
  records: ReadonlyMap<string, RecordModel>,
  report: Report,
): RefModel {
  const target = records.get(tree.target.text);
  const usable = target !== undefined && isStorable(target) ? target : undefined;
  if (usable === undefined) {
    const known = [...records.values()].filter(isStorable).map((each) => each.name);
    report(
      finding(UNKNOWN_NAME, tree.target.span, `there is no entity \`${tree.target.text}\``, {
        label: 'not declared',
        help: suggestion(tree.target.text, known),
      }),
    );
  }
  const quiet = usable === undefined || usable.broken;
  const targetColumns =
    usable === undefined
      ? []
      : columnNames(tree.targetColumns, usable, usable.fields, quiet ? () => {} : report);
  return {
    columns: names(tree.columns),
    targetName: { name: tree.target.text, span: tree.target.span },
    targetColumns,
    soft: tree.soft,
    span: tree.span,
    ...(usable === undefined ? {} : { target: usable }),
  };
}

/** Rows never belong to a shape, unless it has the store that others share. */
function isStorable(record: RecordModel): boolean {
  return record.tree.kind !== 'shape' || storeTrees(record.tree).length > 0;
}

function columnNames(
  list: NamesTree,
  record: RecordModel,
  columns: readonly FieldModel[],
  report: Report,
): readonly ColumnName[] {
  return distinctNames(list, report).map((name) => columnName(name, record, columns, report));
}

function columnName(
  name: Name,
  record: RecordModel,
  columns: readonly FieldModel[],
  report: Report,
): ColumnName {
  const field = columns.find((column) => column.name === name.text);
  if (field !== undefined) return { name: name.text, span: name.span, field };
  const isInput = record.fields.some((each) => each.name === name.text);
  if (record.incomplete && !isInput) return { name: name.text, span: name.span };
  report(
    finding(
      UNKNOWN_FIELD,
      name.span,
      isInput
        ? `\`${name.text}\` is input of ${record.name}, not a column`
        : `${record.name} has no column \`${name.text}\``,
      {
        label: isInput ? 'no column' : 'not declared',
        help: isInput
          ? 'lists of objects and objects are read by derivations'
          : suggestion(
              name.text,
              columns.map((each) => each.name),
            ),
      },
    ),
  );
  return { name: name.text, span: name.span };
}
