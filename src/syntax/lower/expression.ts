import type { IToken } from 'chevrotain';
import type {
  AccessCst,
  ArmCst,
  ComparisonCst,
  ConjunctionCst,
  DisjunctionCst,
  ExpressionCst,
  FallbackCst,
  MatchCst,
  NegationCst,
  PatternCst,
  PrimaryCst,
  ProductCst,
  SignCst,
  StepCst,
  SumCst,
} from '../../../grammar/cst.ts';
import { MissingExpression } from '../../../grammar/tokens.ts';
import type { SourceFile } from '../../text/source.ts';
import { cover } from '../../text/source.ts';
import type {
  BinaryOperator,
  ExpressionTree,
  MatchArm,
  MatchExpression,
  UnaryExpression,
} from '../expression-tree.ts';
import type { Name } from '../name.ts';
import { between, nameOf, only, tokenSpan } from './context.ts';
import { constantOf, durationOf, numberOf, stringOf } from './literal.ts';

export function expressionOf(file: SourceFile, { children }: ExpressionCst): ExpressionTree {
  if (children.condition === undefined) return disjunctionOf(file, only(children.disjunction));
  const { first, condition, then, otherwise } = only(children.condition).children;
  const last = expressionOf(file, only(otherwise));
  return {
    kind: 'if',
    condition: expressionOf(file, only(condition)),
    then: expressionOf(file, only(then)),
    otherwise: last,
    span: cover(tokenSpan(file, only(first)), last.span),
  };
}

/** One level of left-associative operators: `a - b - c` is `(a - b) - c`. */
function chainOf<Cst>(
  file: SourceFile,
  { operand, operator = [] }: { readonly operand: readonly Cst[]; readonly operator?: readonly IToken[] },
  operandOf: (file: SourceFile, cst: Cst) => ExpressionTree,
): ExpressionTree {
  const first = operandOf(file, only(operand));
  return operand.slice(1).reduce<ExpressionTree>((left, cst, at) => {
    const right = operandOf(file, cst);
    const token = only(operator.slice(at));
    return {
      kind: 'binary',
      operator: token.image as BinaryOperator,
      operatorSpan: tokenSpan(file, token),
      left,
      right,
      span: cover(left.span, right.span),
    };
  }, first);
}

function prefixedOf(
  file: SourceFile,
  operator: UnaryExpression['operator'],
  prefixes: readonly IToken[] = [],
  operand: ExpressionTree,
): ExpressionTree {
  return prefixes.reduceRight<ExpressionTree>(
    (inner, token) => ({
      kind: 'unary',
      operator,
      operand: inner,
      span: cover(tokenSpan(file, token), inner.span),
    }),
    operand,
  );
}

function disjunctionOf(file: SourceFile, { children }: DisjunctionCst): ExpressionTree {
  return chainOf(file, children, conjunctionOf);
}

function conjunctionOf(file: SourceFile, { children }: ConjunctionCst): ExpressionTree {
  return chainOf(file, children, negationOf);
}

function negationOf(file: SourceFile, { children }: NegationCst): ExpressionTree {
  return prefixedOf(file, 'not', children.prefix, comparisonOf(file, only(children.operand)));
}

function comparisonOf(file: SourceFile, { children }: ComparisonCst): ExpressionTree {
  return chainOf(file, children, fallbackOf);
}

function fallbackOf(file: SourceFile, { children }: FallbackCst): ExpressionTree {
  return chainOf(file, children, sumOf);
}

function sumOf(file: SourceFile, { children }: SumCst): ExpressionTree {
  return chainOf(file, children, productOf);
}

function productOf(file: SourceFile, { children }: ProductCst): ExpressionTree {
  return chainOf(file, children, signOf);
}

function signOf(file: SourceFile, { children }: SignCst): ExpressionTree {
  return prefixedOf(file, '-', children.prefix, accessOf(file, only(children.operand)));
}

function accessOf(file: SourceFile, { children }: AccessCst): ExpressionTree {
  return (children.step ?? []).reduce<ExpressionTree>(
    (target, step) => stepOf(file, target, step),
    primaryOf(file, only(children.primary)),
  );
}

function stepOf(file: SourceFile, target: ExpressionTree, { children }: StepCst): ExpressionTree {
  const { name, index, last, optional } = children;
  if (index !== undefined) {
    const span = cover(target.span, tokenSpan(file, only(last)));
    return { kind: 'index-of', target, index: expressionOf(file, only(index)), span };
  }
  return memberOf(target, nameOf(file, only(name)), optional !== undefined);
}

function memberOf(target: ExpressionTree, name: Name, optional: boolean): ExpressionTree {
  return { kind: 'member', target, name, optional, span: cover(target.span, name.span) };
}

function primaryOf(file: SourceFile, { children }: PrimaryCst): ExpressionTree {
  const { text, number, duration, constant, match, call, name, inner, open, close } = children;
  if (text !== undefined) return stringOf(file, only(text));
  if (number !== undefined) return numberOf(file, only(number));
  if (duration !== undefined) return durationOf(file, only(duration));
  if (constant !== undefined) return constantOf(file, only(constant));
  if (match !== undefined) return matchOf(file, only(match));
  if (name !== undefined) return nameExpressionOf(file, only(name));
  if (call !== undefined) {
    const { name: callee, argument = [], last } = only(call).children;
    return {
      kind: 'call',
      callee: nameOf(file, only(callee)),
      arguments: argument.map((cst) => expressionOf(file, cst)),
      span: between(file, only(callee), only(last)),
    };
  }
  // Parentheses leave no node, but what they hold includes them: a finding then shows them too.
  return { ...expressionOf(file, only(inner)), span: between(file, only(open), only(close)) };
}

function nameExpressionOf(file: SourceFile, token: IToken): ExpressionTree {
  if (token.tokenType === MissingExpression) return { kind: 'missing', span: tokenSpan(file, token) };
  const name = nameOf(file, token);
  return { kind: 'name', name, span: name.span };
}

function matchOf(file: SourceFile, { children }: MatchCst): MatchExpression {
  const { first, subject, arm = [], otherwise, last } = children;
  const tree: MatchExpression = {
    kind: 'match',
    subject: expressionOf(file, only(subject)),
    arms: arm.map((cst) => armOf(file, cst)),
    span: between(file, only(first), only(last)),
  };
  return otherwise === undefined ? tree : { ...tree, otherwise: expressionOf(file, only(otherwise)) };
}

function armOf(file: SourceFile, { children }: ArmCst): MatchArm {
  const pattern = patternOf(file, only(children.pattern));
  const value = expressionOf(file, only(children.value));
  return { pattern, value, span: cover(pattern.span, value.span) };
}

function patternOf(file: SourceFile, { children }: PatternCst): ExpressionTree {
  const { text, number, minus, constant, path } = children;
  if (text !== undefined) return stringOf(file, only(text));
  if (number !== undefined) return numberOf(file, only(number), minus?.[0]);
  if (constant !== undefined) return constantOf(file, only(constant));
  const [head, ...rest] = only(path).children.part;
  return rest.reduce<ExpressionTree>(
    (target, token) => memberOf(target, nameOf(file, token), false),
    nameExpressionOf(file, only(head === undefined ? [] : [head])),
  );
}
