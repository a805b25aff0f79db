import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { Name, NamesTree, RefTree, StoreTree, UpsertTree } from '../syntax/tree.ts';
import type { Span } from '../text/source.ts';
import {
  DUPLICATE_NAME,
  MISPLACED_DECLARATION,
  NO_MEANING_YET,
  UNKNOWN_FIELD,
  UNKNOWN_NAME,
} from './codes.ts';
import type {
  ColumnName,
  ConstraintModel,
  FieldModel,
  RecordModel,
  RefModel,
  StoreModel,
  UpsertModel,
} from './program.ts';
import { suggestion } from './suggestion.ts';
import { isColumnType } from './type.ts';

/** The store of a record, if it has one. Names of columns and of target entities are resolved. */
export function resolveStore(
  record: RecordModel,
  records: ReadonlyMap<string, RecordModel>,
  report: Report,
): StoreModel | undefined {
  const trees = record.tree.members.filter((member) => member.kind === 'store');
  const [tree, second] = trees;
  if (tree === undefined) return undefined;
  if (record.tree.kind === 'shape') {
    report(finding(NO_MEANING_YET, tree.span, 'a store of a shape is not available in this version'));
    return undefined;
  }
  if (second !== undefined)
    report(
      finding(MISPLACED_DECLARATION, second.table.span, `${record.name} has a second store`, {
        help: 'derive an entity for each further table',
        related: [{ span: tree.table.span, text: 'the first' }],
      }),
    );
  if (tree.existing)
    report(finding(NO_MEANING_YET, tree.table.span, '`existing` tables are not available in this version'));
  return storeModel(record, tree, records, report);
}

function storeModel(
  record: RecordModel,
  tree: StoreTree,
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
  const single = (kind: string, span: Span, first: Span | undefined): void => {
    if (first !== undefined)
      report(
        finding(MISPLACED_DECLARATION, span, `this store has a second \`${kind}\``, {
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
        break;
      case 'prune':
        single('prune by', item.span, prune?.span);
        prune ??= { columns: names(item.columns), span: item.span };
        if (record.tree.kind !== 'derive')
          report(
            finding(
              MISPLACED_DECLARATION,
              item.span,
              '`prune by` deletes rows that a message no longer lists, so it belongs to a derived entity',
            ),
          );
        break;
      case 'delete':
        report(finding(NO_MEANING_YET, item.span, '`delete when` is not available in this version'));
        break;
    }
  }
  return {
    record,
    tree,
    table: tree.table.text,
    existing: tree.existing,
    columns,
    keys,
    refs,
    indexes,
    ...(tree.schema === undefined ? {} : { schema: tree.schema.text }),
    ...(upsert === undefined ? {} : { upsert }),
    ...(prune === undefined ? {} : { prune }),
  };
}

function upsertModel(
  tree: UpsertTree,
  names: (list: NamesTree) => readonly ColumnName[],
  record: RecordModel,
  columns: readonly FieldModel[],
  report: Report,
): UpsertModel | undefined {
  const { action } = tree;
  const on = names(tree.columns);
  switch (action.kind) {
    case 'replace':
    case 'keep':
      return { columns: on, action: { kind: action.kind }, tree };
    case 'newest':
      return {
        columns: on,
        action: { kind: 'newest', by: columnName(action.by, record, columns, report) },
        tree,
      };
    case 'merge':
    case 'add':
      report(
        finding(
          NO_MEANING_YET,
          action.span ?? tree.span,
          `\`${action.kind}\` is not available in this version`,
        ),
      );
      return { columns: on, action: { kind: 'replace' }, tree };
  }
}

function refModel(
  tree: RefTree,
  names: (list: NamesTree) => readonly ColumnName[],
  records: ReadonlyMap<string, RecordModel>,
  report: Report,
): RefModel {
  const target = records.get(tree.target.text);
  const usable = target !== undefined && target.tree.kind !== 'shape' ? target : undefined;
  if (usable === undefined) {
    const known = [...records.values()].filter((each) => each.tree.kind !== 'shape').map((each) => each.name);
    report(
      finding(UNKNOWN_NAME, tree.target.span, `there is no entity \`${tree.target.text}\``, {
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

function columnNames(
  list: NamesTree,
  record: RecordModel,
  columns: readonly FieldModel[],
  report: Report,
): readonly ColumnName[] {
  const seen = new Map<string, Name>();
  const found: ColumnName[] = [];
  for (const name of list.names) {
    const first = seen.get(name.text);
    if (first !== undefined) {
      report(
        finding(DUPLICATE_NAME, name.span, `\`${name.text}\` stands twice in this list`, {
          related: [{ span: first.span, text: 'the first' }],
          help: 'remove one of the two',
        }),
      );
      continue;
    }
    seen.set(name.text, name);
    found.push(columnName(name, record, columns, report));
  }
  return found;
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
  report(
    finding(
      UNKNOWN_FIELD,
      name.span,
      isInput
        ? `\`${name.text}\` is input of ${record.name}, not a column`
        : `${record.name} has no column \`${name.text}\``,
      {
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
