import { finding } from '../../diagnostics/diagnostic.ts';
import type { BinaryExpression, ExpressionTree, IfExpression, UnaryExpression } from '../../syntax/tree.ts';
import type { Span } from '../../text/source.ts';
import { convert } from './assign.ts';
import { unknown, type ArithmeticOperator, type CompareNode, type Expression } from '../expression.ts';
import { adaptLiteral, BOOL, FLOAT, literalDigits, scalar } from '../resolve/literals.ts';
import { arithmeticResult, join, numberDomain } from './relation.ts';
import { CONSTANT_CONDITION, DIVISION_BY_ZERO, NEEDLESS_FALLBACK } from '../codes/needless-codes.ts';
import { narrowed, provenNonNull, type Infer, type Scope } from './scope.ts';
import { MAY_BE_NULL, MAY_NOT_FIT, TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, describeType, isUnknown, scalarName, type Type } from '../type.ts';

export function inferUnary(tree: UnaryExpression, scope: Scope, infer: Infer): Expression {
  if (tree.operator === 'not') {
    const operand = condition(tree.operand, '`not`', scope, infer);
    return { kind: 'not', operand, span: tree.span, typed: { type: BOOL, nullable: false } };
  }
  if (tree.operand.kind === 'number' && !tree.operand.text.startsWith('-'))
    return infer({ ...tree.operand, text: `-${tree.operand.text}`, span: tree.span }, scope);
  const operand = infer(tree.operand, scope);
  if (isUnknown(operand.typed)) return unknown(tree.span);
  if (numberDomain(operand.typed.type, operand.typed.type) === undefined) {
    scope.report(
      finding(TYPE_MISMATCH, operand.span, `\`-\` needs a number, but this is ${describe(operand.typed)}`, {
        help: 'a minus stands before an int, bigint, decimal or float',
      }),
    );
    return unknown(tree.span);
  }
  return { kind: 'negate', operand, span: tree.span, typed: operand.typed };
}

export function inferBinary(tree: BinaryExpression, scope: Scope, infer: Infer): Expression {
  switch (tree.operator) {
    case 'and':
    case 'or': {
      const left = condition(tree.left, `\`${tree.operator}\``, scope, infer);
      const known = provenNonNull(left, tree.operator === 'and');
      const right = condition(tree.right, `\`${tree.operator}\``, narrowed(scope, known), infer);
      return { kind: tree.operator, left, right, span: tree.span, typed: { type: BOOL, nullable: false } };
    }
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

/** An expression that must be `bool` and never null. */
export function condition(tree: ExpressionTree, what: string, scope: Scope, infer: Infer): Expression {
  const expression = infer(tree, scope);
  if (isUnknown(expression.typed)) return expression;
  if (expression.kind === 'literal' && typeof expression.value === 'boolean')
    scope.report(
      finding(
        CONSTANT_CONDITION,
        expression.span,
        `${what} has a condition that is always ${expression.value}`,
      ),
    );
  if (scalarName(expression.typed.type) !== 'bool')
    scope.report(
      finding(
        TYPE_MISMATCH,
        expression.span,
        `${what} needs a bool, but this is ${describe(expression.typed)}`,
      ),
    );
  else if (expression.typed.nullable)
    scope.report(
      finding(MAY_BE_NULL, expression.span, `${what} needs a bool, but this one may be null`, {
        label: `this is ${describe(expression.typed)}`,
        help: 'say what null means here: `… ?? false`',
      }),
    );
  return expression;
}

export function inferIf(tree: IfExpression, scope: Scope, infer: Infer): Expression {
  const test = condition(tree.condition, '`if`', scope, infer);
  const then = infer(tree.then, narrowed(scope, provenNonNull(test, true)));
  const otherwise = infer(tree.otherwise, narrowed(scope, provenNonNull(test, false)));
  const sides = meet(then, otherwise, '`then` and `else` give different types', scope);
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

function inferCoalesce(tree: BinaryExpression, scope: Scope, infer: Infer): Expression {
  const left = infer(tree.left, scope);
  const right = infer(tree.right, scope);
  const sides = meet(left, right, 'both sides of `??` must be of one type', scope);
  if (sides === undefined) return unknown(tree.span);
  if (!left.typed.nullable)
    scope.report(
      finding(NEEDLESS_FALLBACK, right.span, 'this fallback is never used: the left side is never null', {
        label: 'never used',
        related: [{ span: left.span, text: `this is ${describe(left.typed)}` }],
        help: 'leave out `??` and what follows it',
      }),
    );
  const typed = { type: sides.type, nullable: left.typed.nullable && right.typed.nullable };
  return { kind: 'coalesce', left: sides.left, right: sides.right, span: tree.span, typed };
}

interface Sides {
  readonly left: Expression;
  readonly right: Expression;
  readonly type: Type;
}

/** Brings two expressions to their common type; a literal takes the other's type where its value fits. */
export function meet(left: Expression, right: Expression, message: string, scope: Scope): Sides | undefined {
  if (isUnknown(left.typed) || isUnknown(right.typed)) return undefined;
  const a = asked(left, right.typed.type);
  const b = asked(right, a.typed.type);
  const type = join(a.typed.type, b.typed.type);
  if (type !== undefined) return { left: convert(a, type), right: convert(b, type), type };
  scope.report(
    finding(TYPE_MISMATCH, right.span, `${message}: ${describe(left.typed)} and ${describe(right.typed)}`, {
      label: `this is ${describe(right.typed)}`,
      related: [{ span: left.span, text: `this is ${describe(left.typed)}` }],
    }),
  );
  return undefined;
}

function asked(expression: Expression, type: Type): Expression {
  const adapted = adaptLiteral(expression, type);
  return adapted === undefined || adapted === 'unfit' ? expression : adapted;
}

function inferComparison(
  tree: BinaryExpression,
  operator: CompareNode['operator'],
  scope: Scope,
  infer: Infer,
): Expression {
  const left = infer(tree.left, scope);
  const right = infer(tree.right, scope);
  const fallback = unknown(tree.span);
  if (isUnknown(left.typed) || isUnknown(right.typed)) return fallback;
  const unfit = [adaptLiteral(left, right.typed.type), adaptLiteral(right, left.typed.type)].includes(
    'unfit',
  );
  if (
    unfit &&
    [left, right].some(
      (side) => !['int', 'bigint', 'decimal', 'float'].includes(scalarName(side.typed.type) ?? ''),
    )
  ) {
    const other = left.kind === 'literal' ? right : left;
    const text = left.kind === 'literal' ? left : right;
    if (scalarName(other.typed.type) !== 'text') {
      scope.report(
        finding(
          MAY_NOT_FIT,
          text.span,
          `this literal is no value of ${describeType(other.typed.type)}, so the comparison is constant`,
          {
            related: [{ span: other.span, text: `this is ${describe(other.typed)}` }],
          },
        ),
      );
      return fallback;
    }
  }
  const sides = meet(left, right, `\`${operator}\` compares values of one type`, scope);
  if (sides === undefined) return fallback;
  const ordering = operator !== '==' && operator !== '!=';
  if (ordering && !orderable(sides.type)) {
    scope.report(
      finding(TYPE_MISMATCH, tree.operatorSpan, `${describeType(sides.type)} has no order`, {
        related: [{ span: left.span }],
      }),
    );
    return fallback;
  }
  if (sides.type.kind === 'record' || sides.type.kind === 'list') {
    const withNull = left.typed.type.kind === 'null' || right.typed.type.kind === 'null';
    if (!withNull) {
      scope.report(
        finding(
          TYPE_MISMATCH,
          tree.operatorSpan,
          `${describeType(sides.type)} can only be compared with null`,
        ),
      );
      return fallback;
    }
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

function orderable(type: Type): boolean {
  return (type.kind === 'scalar' && type.column.compare !== undefined) || type.kind === 'unknown';
}

function reportNullOperand(side: Expression, operator: string, scope: Scope): void {
  if (!side.typed.nullable) return;
  scope.report(
    finding(MAY_BE_NULL, side.span, `\`${operator}\` needs a value, but this may be null`, {
      label: `this is ${describe(side.typed)}`,
      help: 'say what null means: `x == null or x … `, `x != null and x …`, or `(x ?? value) …`',
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
  if (!written && (other === undefined || other.typed.nullable)) return;
  const always = operator === '!=' ? 'true' : 'false';
  scope.report(
    finding(
      CONSTANT_CONDITION,
      span,
      written || other === undefined
        ? 'this compares two written values, so its answer is always the same'
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

function inferArithmetic(
  tree: BinaryExpression,
  operator: ArithmeticOperator,
  scope: Scope,
  infer: Infer,
): Expression {
  const first = infer(tree.left, scope);
  const second = infer(tree.right, scope);
  if (isUnknown(first.typed) || isUnknown(second.typed)) return unknown(tree.span);
  const left = sameDomain(first, second);
  const right = sameDomain(second, left);
  const domain = numberDomain(left.typed.type, right.typed.type);
  if (domain === undefined) return noOperator(tree, left, right, scope);
  if (operator === '/' && domain !== 'float') {
    scope.report(
      finding(
        TYPE_MISMATCH,
        tree.operatorSpan,
        `\`/\` works on floats, but these are ${describe(left.typed)} and ${describe(right.typed)}`,
        {
          help: 'exact types divide with `div(a, b, scale)`, which says how many fraction digits are kept',
        },
      ),
    );
    return unknown(tree.span);
  }
  if (operator === '%' && domain === 'float') return noOperator(tree, left, right, scope);
  if ((operator === '/' || operator === '%') && isZero(right)) {
    scope.report(finding(DIVISION_BY_ZERO, right.span, 'nothing can be divided by 0'));
    return unknown(tree.span);
  }
  const type = arithmeticResult(operator, domain, left.typed.type, right.typed.type);
  const digits = type.parameters[0] ?? 0;
  if (digits > MAX_DIGITS) {
    scope.report(
      finding(
        MAY_NOT_FIT,
        tree.span,
        `the result may have ${digits} digits, a decimal has at most ${MAX_DIGITS}`,
        {
          related: [
            { span: left.span, text: describe(left.typed) },
            { span: right.span, text: describe(right.typed) },
          ],
          help: 'declare the fields with fewer digits',
        },
      ),
    );
    return unknown(tree.span);
  }
  return {
    kind: 'arithmetic',
    operator,
    domain,
    left: inDomain(left, domain),
    right: inDomain(right, domain),
    span: tree.span,
    typed: { type, nullable: left.typed.nullable || right.typed.nullable },
  };
}

/** What Postgres takes as the precision of a column. */
const MAX_DIGITS = 1000;

function isZero(side: Expression): boolean {
  return side.kind === 'literal' && Number(side.value) === 0;
}

/** A number literal next to a decimal or float becomes one with just its own digits. */
function sameDomain(side: Expression, other: Expression): Expression {
  const name = scalarName(other.typed.type);
  if (side.kind !== 'literal' || side.typed.type.kind !== 'scalar') return side;
  if (name === 'float') return asked(side, FLOAT);
  if (name !== 'decimal' || !['int', 'bigint', 'decimal'].includes(side.typed.type.column.name)) return side;
  const [precision, scale] = literalDigits(side.typed.type.column.toText(side.value));
  return asked(side, scalar('decimal', precision, scale));
}

function inDomain(side: Expression, domain: 'int' | 'bigint' | 'decimal' | 'float'): Expression {
  const name = scalarName(side.typed.type);
  if (domain === 'bigint' && name === 'int') return convert(side, scalar('bigint'));
  if (domain === 'float' && name === 'int') return convert(side, FLOAT);
  if (domain === 'decimal' && name === 'int') return convert(side, scalar('decimal', 10, 0));
  if (domain === 'decimal' && name === 'bigint') return convert(side, scalar('decimal', 19, 0));
  return side;
}

function noOperator(tree: BinaryExpression, left: Expression, right: Expression, scope: Scope): Expression {
  const bothText = [left, right].every((side) => scalarName(side.typed.type) === 'text');
  const mixed = [left, right].map((side) => scalarName(side.typed.type) ?? '');
  const help =
    tree.operator === '+' && bothText
      ? 'texts are joined with `concat(a, b)`'
      : mixed.includes('float') && (mixed.includes('decimal') || mixed.includes('bigint'))
        ? 'float is inexact and decimal is exact: declare both fields as one of them'
        : undefined;
  scope.report(
    finding(
      TYPE_MISMATCH,
      tree.operatorSpan,
      `\`${tree.operator}\` does not work on ${describe(left.typed)} and ${describe(right.typed)}`,
      {
        related: [
          { span: left.span, text: describe(left.typed) },
          { span: right.span, text: describe(right.typed) },
        ],
        help,
      },
    ),
  );
  return unknown(tree.span);
}
