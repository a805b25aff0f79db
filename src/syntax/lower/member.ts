import type {
  AttributeCst,
  BodyCst,
  CheckCst,
  FieldCst,
  MemberCst,
  OrderedCst,
  PathCst,
  RefusedCst,
  SignedCst,
  SpreadCst,
  TypeCst,
} from '../../../grammar/cst.ts';
import type { SourceFile, Span } from '../../text/source.ts';
import { cover } from '../../text/source.ts';
import type {
  AttributeTree,
  CheckTree,
  FieldTree,
  MemberTree,
  OrderedTree,
  PathTree,
  RefusedTree,
  SignedTree,
  SpreadTree,
  TypeTree,
} from '../tree.ts';
import type { Building } from './context.ts';
import { between, docOf, nameOf, only, textOf, tokenSpan } from './context.ts';
import { expressionOf } from './expression.ts';
import { literalOf, numberOf } from './literal.ts';
import { namesOf, storeOf } from './store.ts';

export function membersOf(building: Building, { children }: BodyCst): readonly MemberTree[] {
  return (children.member ?? []).map((member) => memberOf(building, member));
}

function memberOf(building: Building, { children }: MemberCst): MemberTree {
  const { field, spread, check, ordered, signed, refused, store } = children;
  if (field !== undefined) return fieldOf(building, only(field));
  if (spread !== undefined) return spreadOf(building.file, only(spread));
  if (check !== undefined) return checkOf(building.file, only(check));
  if (ordered !== undefined) return orderedOf(building.file, only(ordered));
  if (signed !== undefined) return signedOf(building.file, only(signed));
  if (refused !== undefined) return refusedOf(building.file, only(refused));
  return storeOf(building, only(store));
}

export function fieldOf(building: Building, { children }: FieldCst): FieldTree {
  const { file } = building;
  const name = nameOf(file, only(children.name));
  const type = children.type === undefined ? undefined : typeOf(file, only(children.type));
  const attributes = (children.attribute ?? []).map((attribute) => attributeOf(file, attribute));
  const value = children.value === undefined ? undefined : expressionOf(file, only(children.value));
  const last = value ?? attributes.at(-1) ?? type;
  return {
    kind: 'field',
    name,
    ...(type === undefined ? {} : { type }),
    attributes,
    ...(value === undefined ? {} : { value }),
    ...docOf(building, only(children.name)),
    span: last === undefined ? name.span : cover(name.span, last.span),
  };
}

export function typeOf(file: SourceFile, { children }: TypeCst): TypeTree {
  const { name, parameter = [], list, nullable, last = [] } = children;
  const end = nullable?.[0] ?? last.at(-1) ?? only(name);
  return {
    kind: 'type',
    name: nameOf(file, only(name)),
    parameters: parameter.map((token) => numberOf(file, token)),
    list: list !== undefined,
    nullable: nullable !== undefined,
    span: between(file, only(name), end),
  };
}

export function attributeOf(file: SourceFile, { children }: AttributeCst): AttributeTree {
  const { first, name, literal = [], last } = children;
  return {
    kind: 'attribute',
    name: nameOf(file, only(name)),
    arguments: literal.map((cst) => literalOf(file, cst)),
    span: between(file, only(first), only(last ?? name)),
  };
}

export function pathOf(file: SourceFile, { children }: PathCst): PathTree {
  const parts = children.part.map((token) => nameOf(file, token));
  const first = only(parts);
  return { kind: 'path', parts, span: cover(first.span, (parts.at(-1) ?? first).span) };
}

function spreadOf(file: SourceFile, { children }: SpreadCst): SpreadTree {
  const name = nameOf(file, only(children.name));
  return { kind: 'spread', name, span: cover(tokenSpan(file, only(children.first)), name.span) };
}

function checkOf(file: SourceFile, { children }: CheckCst): CheckTree {
  const condition = expressionOf(file, only(children.condition));
  const start = tokenSpan(file, only(children.first));
  if (children.message === undefined) return { kind: 'check', condition, span: until(start, condition) };
  const message = textOf(file, only(children.message));
  return { kind: 'check', condition, message, span: until(start, message) };
}

function orderedOf(file: SourceFile, { children }: OrderedCst): OrderedTree {
  const fields = namesOf(file, only(children.names));
  return { kind: 'ordered', fields, span: until(tokenSpan(file, only(children.first)), fields) };
}

function signedOf(file: SourceFile, { children }: SignedCst): SignedTree {
  const { first, scheme, literal = [], last } = children;
  return {
    kind: 'signed',
    scheme: nameOf(file, only(scheme)),
    arguments: literal.map((cst) => literalOf(file, cst)),
    span: between(file, only(first), only(last)),
  };
}

function refusedOf(file: SourceFile, { children }: RefusedCst): RefusedTree {
  const action = only(children.action);
  return {
    kind: 'refused',
    action: action.image as RefusedTree['action'],
    span: between(file, only(children.first), action),
  };
}

function until(start: Span, end: { readonly span: Span }): Span {
  return cover(start, end.span);
}
