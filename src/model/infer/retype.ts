import { adaptCall } from './call-type.ts';
import type { Expression } from '../expression.ts';
import { adaptLiteral } from '../resolve/literals.ts';
import { relation } from './relation.ts';
import type { Type } from '../type.ts';

/**
 * An expression of several branches, each brought to the wanted type by itself: `parse_decimal(x) ?? 0` has the digits of
 * the field that it is given to, although both branches met in a type with more. Nothing where a branch does not fit.
 */
export function retype(expression: Expression, to: Type): Expression | undefined {
  const retyped = branches(expression, to);
  return retyped === undefined
    ? undefined
    : { ...retyped, typed: { type: to, nullable: expression.typed.nullable } };
}

function branches(node: Expression, to: Type): Expression | undefined {
  switch (node.kind) {
    case 'fail':
    case 'skip':
      return node;
    case 'literal': {
      if (node.value === null) return node;
      const adapted = adaptLiteral(node, to);
      return adapted === 'unfit' ? undefined : adapted;
    }
    case 'convert':
      return retype(node.operand, to);
    case 'call': {
      const call = adaptCall(node, to);
      return relation(call.typed.type, to).kind === 'same' ? call : widened(node, to);
    }
    case 'coalesce': {
      const left = retype(node.left, to);
      const right = retype(node.right, to);
      return left && right && { ...node, left, right };
    }
    case 'if': {
      const then = retype(node.then, to);
      const otherwise = retype(node.otherwise, to);
      return then && otherwise && { ...node, then, otherwise };
    }
    case 'try': {
      const operand = retype(node.operand, to);
      const fallback = retype(node.fallback, to);
      return operand && fallback && { ...node, operand, fallback };
    }
    case 'match': {
      const arms = node.arms.flatMap((arm) => {
        const value = retype(arm.value, to);
        return value === undefined ? [] : [{ ...arm, value }];
      });
      const otherwise = node.otherwise === undefined ? undefined : retype(node.otherwise, to);
      if (arms.length < node.arms.length) return undefined;
      if (node.otherwise === undefined) return { ...node, arms };
      return otherwise && { ...node, arms, otherwise };
    }
    default:
      return widened(node, to);
  }
}

function widened(operand: Expression, to: Type): Expression | undefined {
  const from = operand.typed.type;
  const fit = relation(from, to).kind;
  if (fit === 'same') return operand;
  if (fit !== 'wider') return undefined;
  return {
    kind: 'convert',
    operand,
    from,
    to,
    span: operand.span,
    typed: { type: to, nullable: operand.typed.nullable },
  };
}
