import { finding } from '../../diagnostics/diagnostic.ts';
import type { ExpressionTree } from '../../syntax/expression-tree.ts';
import type { Expression } from '../expression.ts';
import { CONSTANT_CONDITION } from '../codes/needless-codes.ts';
import type { Infer, Scope } from './scope.ts';
import { MAY_BE_NULL, TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, isUnknown, scalarName } from '../type.ts';

/** An expression that must be `bool` and never null. */
export function condition(tree: ExpressionTree, what: string, scope: Scope, infer: Infer): Expression {
  const expression = infer(tree, scope);
  if (isUnknown(expression.typed)) return expression;
  if (expression.kind === 'literal' && typeof expression.value === 'boolean')
    scope.report(
      finding(CONSTANT_CONDITION, expression.span, `the condition of ${what} is always ${expression.value}`, {
        label: `always ${expression.value}`,
      }),
    );
  if (scalarName(expression.typed.type) !== 'bool')
    scope.report(
      finding(
        TYPE_MISMATCH,
        expression.span,
        `${what} needs a bool, but this is ${describe(expression.typed)}`,
        { label: `this is ${describe(expression.typed)}, expected bool` },
      ),
    );
  else if (expression.typed.nullable)
    scope.report(
      finding(MAY_BE_NULL, expression.span, `${what} needs a bool, but this can be null`, {
        label: `this is ${describe(expression.typed)}`,
        help: 'give a value for null: `… ?? false`',
      }),
    );
  return expression;
}
