import type { BinaryExpression, UnaryExpression } from '../../syntax/expression-tree.ts';
import type { Expression } from '../expression.ts';
import type { Infer, Scope } from './scope.ts';
import { inferNot, inferLogic, inferCoalesce } from './infer-logic.ts';
import { inferComparison } from './infer-comparison.ts';
import { inferNegation, inferArithmetic } from './infer-arithmetic.ts';

export function inferUnary(tree: UnaryExpression, scope: Scope, infer: Infer): Expression {
  return tree.operator === 'not' ? inferNot(tree, scope, infer) : inferNegation(tree, scope, infer);
}

export function inferBinary(tree: BinaryExpression, scope: Scope, infer: Infer): Expression {
  switch (tree.operator) {
    case 'and':
    case 'or':
      return inferLogic(tree, tree.operator, scope, infer);
    case '??':
      return inferCoalesce(tree, scope, infer);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return inferComparison(tree, tree.operator, scope, infer);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return inferArithmetic(tree, tree.operator, scope, infer);
  }
}
