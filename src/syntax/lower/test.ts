import type { ExpectCst, GivenCst, JsonArrayCst, JsonObjectCst, TestCst } from '../../../grammar/cst.ts';
import type { IToken } from 'chevrotain';
import type { SourceFile } from '../../text/source.ts';
import { cover } from '../../text/source.ts';
import type { ExpectTree, GivenTree, JsonTree, TestTree } from '../tree.ts';
import { between, nameOf, only, textOf, tokenSpan } from './context.ts';
import { expressionOf } from './expression.ts';

export function stepsOf(file: SourceFile, { children }: TestCst): TestTree['steps'] {
  return (children.step ?? []).map((step) =>
    step.name === 'given' ? givenOf(file, step) : expectOf(file, step),
  );
}

function givenOf(file: SourceFile, { children }: GivenCst): GivenTree {
  const entity = nameOf(file, only(children.name));
  const start = tokenSpan(file, only(children.first));
  if (children.path !== undefined) {
    const path = textOf(file, only(children.path));
    return { kind: 'given', entity, input: { kind: 'file', path }, span: cover(start, path.span) };
  }
  const input = jsonOf(file, only(children.json));
  return { kind: 'given', entity, input, span: cover(start, input.span) };
}

function expectOf(file: SourceFile, { children }: ExpectCst): ExpectTree {
  const { first, rejected, code, table, row, condition } = children;
  const start = tokenSpan(file, only(first));
  if (rejected !== undefined) {
    const last = only(code ?? rejected);
    const span = cover(start, tokenSpan(file, last));
    return {
      kind: 'expect',
      what: 'rejected',
      ...(code === undefined ? {} : { code: nameOf(file, last) }),
      span,
    };
  }
  if (row !== undefined) {
    const json = jsonOf(file, only(row));
    const span = cover(start, json.span);
    const [name, second] = (table ?? []).map((token) => nameOf(file, token));
    return {
      kind: 'expect',
      what: 'row',
      ...(name === undefined || second === undefined ? {} : { schema: name }),
      table: second ?? only(name === undefined ? [] : [name]),
      row: json,
      span,
    };
  }
  const expression = expressionOf(file, only(condition));
  return { kind: 'expect', what: 'condition', condition: expression, span: cover(start, expression.span) };
}

function jsonOf(file: SourceFile, node: JsonObjectCst | JsonArrayCst): JsonTree {
  const tokens = tokensOf(node).sort((left, right) => left.startOffset - right.startOffset);
  return {
    kind: 'json',
    text: tokens.map((token) => token.image).join(''),
    span: between(file, only(node.children.first), only(node.children.last)),
  };
}

interface AnyNode {
  readonly children: Readonly<Record<string, readonly (AnyNode | IToken)[] | undefined>>;
}

/** Every token below a node, in no certain order. */
function tokensOf(node: AnyNode): IToken[] {
  return Object.values(node.children).flatMap((parts = []) =>
    parts.flatMap((part) => ('children' in part ? tokensOf(part) : [part])),
  );
}
