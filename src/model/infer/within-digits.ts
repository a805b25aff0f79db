import { finding, type Label } from '../../diagnostics/diagnostic.ts';
import { MAX_PRECISION } from '../../functions/support/value-type.ts';
import { MAY_NOT_FIT } from '../codes/type-codes.ts';
import { children, unknown, type Expression } from '../expression.ts';
import { describe, type Type } from '../type.ts';
import { asDecimal } from './relation.ts';
import type { Scope } from './scope.ts';

/** The expression, or after a finding an unknown one: where its type is a decimal with more digits than a decimal can have. */
export function withinDigits(expression: Expression, scope: Scope): Expression {
  const digits = digitsOf(expression.typed.type);
  if (digits <= MAX_PRECISION) return expression;
  const isLiteral = expression.kind === 'literal';
  scope.report(
    finding(
      MAY_NOT_FIT,
      expression.span,
      isLiteral
        ? `this number has more than ${MAX_PRECISION} digits, which is the most that a decimal has`
        : `the result can have ${digits} digits, but a decimal has at most ${MAX_PRECISION}`,
      {
        related: isLiteral ? [] : operandsOf(expression),
        help: isLiteral ? 'write a number with fewer digits' : 'declare the fields with fewer digits',
      },
    ),
  );
  return unknown(expression.span);
}

function digitsOf(type: Type): number {
  if (type.kind === 'list') return digitsOf(type.element);
  return type.kind === 'scalar' && type.column.name === 'decimal' ? (type.parameters[0] ?? 0) : 0;
}

/** The numbers that it is made from, each as it was before all took the same type. */
function operandsOf(expression: Expression): readonly Label[] {
  return children(expression)
    .map(asWritten)
    .filter((child) => asDecimal(child.typed.type) !== undefined)
    .map((child) => ({ span: child.span, text: describe(child.typed) }));
}

function asWritten(child: Expression): Expression {
  if (child.kind === 'convert') return child.operand;
  return child.kind === 'literal' ? (child.written ?? child) : child;
}
