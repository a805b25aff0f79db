import type { IToken } from 'chevrotain';
import type {
  DeclarationCst,
  DeriveCst,
  EntityCst,
  EnumerationCst,
  FnCst,
  LookupCst,
  PipelineCst,
  SourceCst,
  TestCst,
} from '../../../grammar/cst.ts';
import type { SourceFile, Span } from '../../text/source.ts';
import { cover } from '../../text/source.ts';
import type {
  Declaration,
  DeriveTree,
  EntityTree,
  EnumMemberTree,
  EnumTree,
  FunctionTree,
  LookupTree,
  PipelineTree,
  SourceTree,
  TestTree,
} from '../tree.ts';
import type { Building } from './context.ts';
import { docOf, nameOf, only, textOf, tokenSpan } from './context.ts';
import { expressionOf } from './expression.ts';
import { attributeOf, fieldOf, membersOf, pathOf, typeOf } from './member.ts';
import { keyOf } from './store.ts';
import { stepsOf } from './test.ts';
import { rolePartsOf, settingsOf, streamPartsOf } from './wiring.ts';

/** The tree of one declaration. */
export function declarationOf(building: Building, { children }: DeclarationCst): Declaration {
  const { file } = building;
  const { pipeline, importFile, enumeration, shape, entity, derive, lookup, fn, secret, stream, role, test } =
    children;
  if (pipeline !== undefined) return pipelineOf(building, only(pipeline));
  if (importFile !== undefined) {
    const { first, path } = only(importFile).children;
    return { kind: 'import', path: textOf(file, only(path)), ...declared(building, only(first), only(path)) };
  }
  if (enumeration !== undefined) return enumOf(building, only(enumeration));
  if (entity !== undefined) return entityOf(building, only(entity));
  if (derive !== undefined) return deriveOf(building, only(derive));
  if (lookup !== undefined) return lookupOf(building, only(lookup));
  if (fn !== undefined) return functionOf(building, only(fn));
  if (test !== undefined) return testOf(building, only(test));
  if (secret !== undefined) {
    const { first, name } = only(secret).children;
    return { kind: 'secret', name: nameOf(file, only(name)), ...declared(building, only(first), only(name)) };
  }
  if (shape !== undefined) {
    const { first, name, body } = only(shape).children;
    const common = declared(building, only(first), only(only(body).children.last));
    return {
      kind: 'shape',
      name: nameOf(file, only(name)),
      members: membersOf(building, only(body)),
      ...common,
    };
  }
  if (stream !== undefined) {
    const { first, name, last } = only(stream).children;
    const common = declared(building, only(first), only(last));
    return {
      kind: 'stream',
      name: nameOf(file, only(name)),
      ...streamPartsOf(building, only(stream)),
      ...common,
    };
  }
  const { first, name, last } = only(role).children;
  const common = declared(building, only(first), only(last));
  return { kind: 'role', name: nameOf(file, only(name)), ...rolePartsOf(file, only(role)), ...common };
}

/** What every declaration has. */
function declared(
  building: Building,
  first: IToken,
  last: IToken | Span,
): { readonly span: Span; readonly broken: boolean; readonly doc?: string } {
  const end = 'image' in last ? tokenSpan(building.file, last) : last;
  return {
    ...docOf(building, first),
    broken: building.broken,
    span: cover(tokenSpan(building.file, first), end),
  };
}

function pipelineOf(building: Building, { children }: PipelineCst): PipelineTree {
  const { first, name, setting, last } = children;
  return {
    kind: 'pipeline',
    name: nameOf(building.file, only(name)),
    settings: settingsOf(building.file, setting),
    ...declared(building, only(first), only(last ?? name)),
  };
}

function enumOf(building: Building, { children }: EnumerationCst): EnumTree {
  const { file } = building;
  const members = (children.enumMember ?? []).map((cst): EnumMemberTree => {
    const token = only(cst.children.name);
    const name = nameOf(file, token);
    const doc = docOf(building, token);
    if (cst.children.value === undefined) return { kind: 'enum-member', name, ...doc, span: name.span };
    const value = textOf(file, only(cst.children.value));
    return { kind: 'enum-member', name, value, ...doc, span: cover(name.span, value.span) };
  });
  const { first, name, last } = children;
  return {
    kind: 'enum',
    name: nameOf(file, only(name)),
    members,
    ...declared(building, only(first), only(last)),
  };
}

function entityOf(building: Building, { children }: EntityCst): EntityTree {
  const { first, name, attribute = [], body } = children;
  return {
    kind: 'entity',
    name: nameOf(building.file, only(name)),
    attributes: attribute.map((cst) => attributeOf(building.file, cst)),
    members: membersOf(building, only(body)),
    ...declared(building, only(first), only(only(body).children.last)),
  };
}

function deriveOf(building: Building, { children }: DeriveCst): DeriveTree {
  const { file } = building;
  const { first, name, source, where, body } = children;
  return {
    kind: 'derive',
    name: nameOf(file, only(name)),
    sources: source.map((cst) => sourceOf(file, cst)),
    ...(where === undefined ? {} : { where: expressionOf(file, only(where)) }),
    members: membersOf(building, only(body)),
    ...declared(building, only(first), only(only(body).children.last)),
  };
}

function sourceOf(file: SourceFile, { children }: SourceCst): SourceTree {
  const path = pathOf(file, only(children.path));
  const mode = children.mode?.[0];
  const alias = children.alias === undefined ? undefined : nameOf(file, only(children.alias));
  const start = mode === undefined ? path.span : tokenSpan(file, mode);
  return {
    kind: 'source',
    mode: mode === undefined ? 'one' : (mode.image as 'each' | 'optional'),
    path,
    ...(alias === undefined ? {} : { alias }),
    span: cover(start, (alias ?? path).span),
  };
}

function lookupOf(building: Building, { children }: LookupCst): LookupTree {
  const { first, name, path, field = [], key = [], last } = children;
  return {
    kind: 'lookup',
    name: nameOf(building.file, only(name)),
    path: textOf(building.file, only(path)),
    fields: field.map((cst) => fieldOf(building, cst)),
    keys: key.map((cst) => keyOf(building.file, cst)),
    ...declared(building, only(first), only(last)),
  };
}

function functionOf(building: Building, { children }: FnCst): FunctionTree {
  const { file } = building;
  const body = expressionOf(file, only(children.expression));
  return {
    kind: 'fn',
    name: nameOf(file, only(children.name)),
    parameters: (children.parameter ?? []).map((cst) => {
      const name = nameOf(file, only(cst.children.name));
      const type = typeOf(file, only(cst.children.type));
      return { kind: 'parameter', name, type, span: cover(name.span, type.span) };
    }),
    result: typeOf(file, only(children.type)),
    body,
    ...declared(building, only(children.first), body.span),
  };
}

function testOf(building: Building, cst: TestCst): TestTree {
  const { first, title, last } = cst.children;
  return {
    kind: 'test',
    title: textOf(building.file, only(title)),
    steps: stepsOf(building.file, cst),
    ...declared(building, only(first), only(last)),
  };
}
