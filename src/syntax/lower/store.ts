import type {
  DeleteCst,
  KeyCst,
  NamesCst,
  RefCst,
  StoreCst,
  UniqueCst,
  UpsertCst,
} from '../../../grammar/cst.ts';
import type { SourceFile } from '../../text/source.ts';
import { cover } from '../../text/source.ts';
import type {
  DeleteTree,
  DuplicatesTree,
  KeyTree,
  NamesTree,
  RefTree,
  StoreItemTree,
  StoreTree,
  UniqueTree,
  UpsertTree,
} from '../store-tree.ts';
import type { Building } from './context.ts';
import { between, docOf, nameOf, only, tokenSpan } from './context.ts';
import { expressionOf } from './expression.ts';

export function storeOf(building: Building, { children }: StoreCst): StoreTree {
  const { file } = building;
  const [first, second] = children.name.map((token) => nameOf(file, token));
  return {
    kind: 'store',
    ...(first === undefined || second === undefined ? {} : { schema: first }),
    table: second ?? only(first === undefined ? [] : [first]),
    existing: children.existing !== undefined,
    items: (children.item ?? []).map((item) => itemOf(file, item)),
    ...docOf(building, only(children.first)),
    span: between(file, only(children.first), only(children.last)),
  };
}

function itemOf(file: SourceFile, item: NonNullable<StoreCst['children']['item']>[number]): StoreItemTree {
  switch (item.name) {
    case 'key':
      return keyOf(file, item);
    case 'unique':
      return uniqueOf(file, item);
    case 'upsert':
      return upsertOf(file, item);
    case 'ref':
      return refOf(file, item);
    case 'index':
    case 'prune': {
      const columns = namesOf(file, only(item.children.names));
      const span = cover(tokenSpan(file, only(item.children.first)), columns.span);
      return { kind: item.name, columns, span };
    }
    case 'delete':
      return deleteOf(file, item);
    case 'duplicates': {
      const rule = only(item.children.action);
      return {
        kind: 'duplicates',
        rule: rule.image as DuplicatesTree['rule'],
        span: between(file, only(item.children.first), rule),
      };
    }
  }
}

export function keyOf(file: SourceFile, { children }: KeyCst): KeyTree {
  const columns = namesOf(file, only(children.names));
  return { kind: 'key', columns, span: cover(tokenSpan(file, only(children.first)), columns.span) };
}

export function namesOf(file: SourceFile, { children }: NamesCst): NamesTree {
  return {
    kind: 'names',
    names: children.name.map((token) => nameOf(file, token)),
    span: between(file, only(children.first), only(children.last)),
  };
}

function uniqueOf(file: SourceFile, { children }: UniqueCst): UniqueTree {
  const columns = namesOf(file, only(children.names));
  const start = tokenSpan(file, only(children.first));
  const end = children.last === undefined ? columns.span : tokenSpan(file, only(children.last));
  return { kind: 'unique', columns, nullsEqual: children.last !== undefined, span: cover(start, end) };
}

function upsertOf(file: SourceFile, { children }: UpsertCst): UpsertTree {
  const columns = namesOf(file, only(children.names));
  const action = actionOf(file, children);
  const end = action.span ?? columns.span;
  return { kind: 'upsert', columns, action, span: cover(tokenSpan(file, only(children.first)), end) };
}

function actionOf(file: SourceFile, { action, version, added }: UpsertCst['children']): UpsertTree['action'] {
  const token = action?.[0];
  if (token === undefined) return { kind: 'replace' };
  const span = tokenSpan(file, token);
  if (version !== undefined) {
    const by = nameOf(file, only(version));
    return { kind: 'newest', by, span: cover(span, by.span) };
  }
  if (added !== undefined) {
    const columns = namesOf(file, only(added));
    return { kind: 'add', columns, span: cover(span, columns.span) };
  }
  return { kind: token.image as 'replace' | 'keep' | 'merge', span };
}

function refOf(file: SourceFile, { children }: RefCst): RefTree {
  const targetColumns = namesOf(file, only(children.targetNames));
  const end = children.soft === undefined ? targetColumns.span : tokenSpan(file, only(children.soft));
  return {
    kind: 'ref',
    columns: namesOf(file, only(children.names)),
    target: nameOf(file, only(children.target)),
    targetColumns,
    soft: children.soft !== undefined,
    span: cover(tokenSpan(file, only(children.first)), end),
  };
}

function deleteOf(file: SourceFile, { children }: DeleteCst): DeleteTree {
  const when = expressionOf(file, only(children.when));
  return { kind: 'delete', when, span: cover(tokenSpan(file, only(children.first)), when.span) };
}
