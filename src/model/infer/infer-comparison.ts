import { finding } from '../../diagnostics/diagnostic.ts';
import type { BinaryExpression } from '../../syntax/expression-tree.ts';
import type { Span } from '../../text/source.ts';
import { unknown, type CompareNode, type Expression } from '../expression.ts';
import { adaptLiteral, BOOL } from '../resolve/literals.ts';
import { CONSTANT_CONDITION } from '../codes/needless-codes.ts';
import { pathKey, type Infer, type Scope } from './scope.ts';
import { closest } from '../../diagnostics/suggest.ts';
import { MAY_BE_NULL, MAY_NOT_FIT, TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, describeType, isUnknown, scalarName, type Type } from '../type.ts';
import { type Sides, meet } from './meet.ts';

export function inferComparison(
  tree: BinaryExpression,
  operator: CompareNode['operator'],
  scope: Scope,
  infer: Infer,
): Expression {
  const left = infer(tree.left, scope);
  const right = infer(tree.right, scope);
  const fallback = unknown(tree.span);
  if (isUnknown(left.typed) || isUnknown(right.typed) || isUnfit(left, right, scope)) return fallback;
  const sides = meet(left, right, `\`${operator}\` compares two values of the same type`, scope);
  if (sides === undefined) return fallback;
  const ordering = operator !== '==' && operator !== '!=';
  if (ordering && !orderable(sides.type)) {
    scope.report(
      finding(TYPE_MISMATCH, tree.operatorSpan, `values of ${describeType(sides.type)} have no order`, {
        label: `${describeType(sides.type)} only has \`==\` and \`!=\``,
        related: [{ span: left.span }],
      }),
    );
    return fallback;
  }
  const withNull = [left, right].some((side) => side.typed.type.kind === 'null');
  if ((sides.type.kind === 'record' || sides.type.kind === 'list') && !withNull) {
    scope.report(
      finding(TYPE_MISMATCH, tree.operatorSpan, `${describeType(sides.type)} can only be compared with null`),
    );
    return fallback;
  }
  if (ordering) for (const side of [left, right]) reportNullOperand(side, operator, scope);
  reportConstant(sides, operator, tree.span, scope);
  return {
    kind: 'compare',
    operator,
    operands: sides.type,
    left: sides.left,
    right: sides.right,
    span: tree.span,
    typed: { type: BOOL, nullable: false },
  };
}

const numbers = ['int', 'bigint', 'decimal', 'float'];

/** Whether a literal is no value of the type beside it, so that the comparison has one answer; reports it. */
function isUnfit(left: Expression, right: Expression, scope: Scope): boolean {
  const adapted = [adaptLiteral(left, right.typed.type), adaptLiteral(right, left.typed.type)];
  const isNumber = (side: Expression): boolean => numbers.includes(scalarName(side.typed.type) ?? '');
  if (!adapted.includes('unfit') || (isNumber(left) && isNumber(right))) return false;
  const [written, other] = left.kind === 'literal' ? [left, right] : [right, left];
  if (scalarName(other.typed.type) === 'text') return false;
  const { type } = other.typed;
  if (type.kind === 'enum' && written.kind === 'literal') {
    const text = String(written.value);
    const named = type.of.members.find(({ name }) => name === text);
    const near = closest(
      text,
      type.of.members.map(({ value }) => value),
    );
    const meant = named ?? type.of.members.find(({ value }) => value === near);
    const all = type.of.members.map((member) => `\`${type.of.name}.${member.name}\``).join(', ');
    scope.report(
      finding(
        MAY_NOT_FIT,
        written.span,
        `${type.of.name} has no value \`"${text}"\`, so the comparison always has the same result`,
        {
          label: `no value of ${type.of.name}`,
          related: [{ span: other.span, text: `this is ${describe(other.typed)}` }],
          help:
            meant === undefined
              ? `the values are ${all}`
              : `write \`${type.of.name}.${meant.name}\`${named === undefined ? '' : `, or its text \`"${named.value}"\``}`,
        },
      ),
    );
    return true;
  }
  scope.report(
    finding(
      MAY_NOT_FIT,
      written.span,
      `this literal is not a valid ${describeType(other.typed.type)}, so the comparison always has the same result`,
      {
        label: `not a valid ${describeType(other.typed.type)}`,
        related: [{ span: other.span, text: `this is ${describe(other.typed)}` }],
      },
    ),
  );
  return true;
}

function orderable(type: Type): boolean {
  return (type.kind === 'scalar' && type.column.compare !== undefined) || type.kind === 'unknown';
}

function reportNullOperand(side: Expression, operator: string, scope: Scope): void {
  if (!side.typed.nullable) return;
  scope.report(
    finding(MAY_BE_NULL, side.span, `\`${operator}\` needs a value, but this can be null`, {
      label: `this is ${describe(side.typed)}`,
      help: 'handle null: `x == null or x … `, `x != null and x …`, or `(x ?? value) …`',
    }),
  );
}

/** Two written values, or a value that is never null beside null. */
function reportConstant(
  { left, right }: Sides,
  operator: CompareNode['operator'],
  span: Span,
  scope: Scope,
): void {
  const written = left.kind === 'literal' && right.kind === 'literal';
  const isNull = (side: Expression): boolean => side.kind === 'literal' && side.value === null;
  const other = isNull(right) ? left : isNull(left) ? right : undefined;
  const path = pathKey(left);
  if (path !== undefined && path === pathKey(right)) {
    const truth = ['==', '<=', '>='].includes(operator);
    scope.report(
      finding(CONSTANT_CONDITION, span, `this compares a value with itself, so it is always ${truth}`, {
        label: `always ${truth}`,
      }),
    );
    return;
  }
  if (!written && (other === undefined || other.typed.nullable)) return;
  const always = operator === '!=' ? 'true' : 'false';
  scope.report(
    finding(
      CONSTANT_CONDITION,
      span,
      written || other === undefined
        ? 'this compares two literals, so the result is always the same'
        : `this is always ${always}: the value is never null`,
      other === undefined || written
        ? {}
        : {
            label: `always ${always}`,
            related: [{ span: other.span, text: `this is ${describe(other.typed)}` }],
          },
    ),
  );
}
