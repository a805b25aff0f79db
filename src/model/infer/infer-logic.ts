import { finding } from '../../diagnostics/diagnostic.ts';
import type { BinaryExpression, IfExpression, UnaryExpression } from '../../syntax/expression-tree.ts';
import { unknown, type Expression } from '../expression.ts';
import { BOOL } from '../resolve/literals.ts';
import { NEEDLESS_FALLBACK } from '../codes/needless-codes.ts';
import { narrowed, provenNonNull, type Infer, type Scope } from './scope.ts';
import { describe } from '../type.ts';
import { condition } from './condition.ts';
import { meet } from './meet.ts';

export function inferNot(tree: UnaryExpression, scope: Scope, infer: Infer): Expression {
  const operand = condition(tree.operand, '`not`', scope, infer);
  return { kind: 'not', operand, span: tree.span, typed: { type: BOOL, nullable: false } };
}

export function inferLogic(
  tree: BinaryExpression,
  operator: 'and' | 'or',
  scope: Scope,
  infer: Infer,
): Expression {
  const left = condition(tree.left, `\`${operator}\``, scope, infer);
  const known = provenNonNull(left, operator === 'and');
  const right = condition(tree.right, `\`${operator}\``, narrowed(scope, known), infer);
  return { kind: operator, left, right, span: tree.span, typed: { type: BOOL, nullable: false } };
}

export function inferIf(tree: IfExpression, scope: Scope, infer: Infer): Expression {
  const test = condition(tree.condition, '`if`', scope, infer);
  const then = infer(tree.then, narrowed(scope, provenNonNull(test, true)));
  const otherwise = infer(tree.otherwise, narrowed(scope, provenNonNull(test, false)));
  const sides = meet(then, otherwise, '`then` and `else` have different types', scope);
  if (sides === undefined) return unknown(tree.span);
  const nullable = then.typed.nullable || otherwise.typed.nullable;
  return {
    kind: 'if',
    condition: test,
    then: sides.left,
    otherwise: sides.right,
    span: tree.span,
    typed: { type: sides.type, nullable },
  };
}

export function inferCoalesce(tree: BinaryExpression, scope: Scope, infer: Infer): Expression {
  const left = infer(tree.left, scope);
  const right = infer(tree.right, scope);
  const sides = meet(left, right, 'the sides of `??` have different types', scope);
  if (sides === undefined) return unknown(tree.span);
  if (!left.typed.nullable)
    scope.report(
      finding(NEEDLESS_FALLBACK, right.span, 'this fallback is never used: the left side is never null', {
        label: 'never used',
        related: [{ span: left.span, text: `this is ${describe(left.typed)}` }],
        help: 'leave out `??` and its right side',
      }),
    );
  const typed = { type: sides.type, nullable: left.typed.nullable && right.typed.nullable };
  return { kind: 'coalesce', left: sides.left, right: sides.right, span: tree.span, typed };
}
