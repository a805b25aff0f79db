import { spanText } from '../../text/source.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { BinaryExpression, UnaryExpression } from '../../syntax/expression-tree.ts';
import { convert } from './assign.ts';
import { unknown, type ArithmeticOperator, type Expression } from '../expression.ts';
import { FLOAT, literalDigits, scalar } from '../resolve/literals.ts';
import { arithmeticResult, numberDomain } from './relation.ts';
import { DIVISION_BY_ZERO } from '../codes/needless-codes.ts';
import type { Infer, Scope } from './scope.ts';
import { shown } from './shown.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, isUnknown, scalarName } from '../type.ts';
import { asked } from './meet.ts';

export function inferNegation(tree: UnaryExpression, scope: Scope, infer: Infer): Expression {
  if (tree.operand.kind === 'number' && !tree.operand.text.startsWith('-'))
    return infer({ ...tree.operand, text: `-${tree.operand.text}`, span: tree.span }, scope);
  const operand = infer(tree.operand, scope);
  if (isUnknown(operand.typed)) return unknown(tree.span);
  if (numberDomain(operand.typed.type, operand.typed.type) === undefined) {
    scope.report(
      finding(TYPE_MISMATCH, operand.span, `\`-\` needs a number, but this is ${describe(operand.typed)}`, {
        help: 'a minus can only come before an int, bigint, decimal or float',
      }),
    );
    return unknown(tree.span);
  }
  return { kind: 'negate', operand, span: tree.span, typed: operand.typed };
}

export function inferArithmetic(
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
        tree.span,
        `\`/\` works on floats, but these are ${describe(left.typed)} and ${describe(right.typed)}`,
        {
          label: 'exact numbers have their own division',
          help: `write \`div(${shown(left.span)}, ${shown(right.span)}, 2)\`; 2 is the number of fraction digits`,
        },
      ),
    );
    return unknown(tree.span);
  }
  if (operator === '%' && domain === 'float') return noOperator(tree, left, right, scope);
  if ((operator === '/' || operator === '%') && isZero(right)) {
    scope.report(finding(DIVISION_BY_ZERO, right.span, 'division by 0', { label: 'always 0' }));
    return unknown(tree.span);
  }
  const type = arithmeticResult(operator, domain, left.typed.type, right.typed.type);
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
  const joined = tree.operator === '+' ? joinedTexts(left, right) : undefined;
  if (joined !== undefined) {
    scope.report(
      finding(TYPE_MISMATCH, tree.span, '`+` adds numbers: `concat` joins texts', {
        label: 'as in TypeScript',
        help: `write \`${joined}\``,
      }),
    );
    return unknown(tree.span);
  }
  const mixed = [left, right].map((side) => scalarName(side.typed.type) ?? '');
  const help =
    mixed.includes('float') && (mixed.includes('decimal') || mixed.includes('bigint'))
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

/** The types whose values `to_text` writes. */
const WRITTEN = new Set(['int', 'bigint', 'decimal', 'float', 'bool', 'date', 'time', 'timestamp', 'uuid']);

/** The call that joins two values, where one is a text and the other can be one. */
function joinedTexts(...sides: readonly Expression[]): string | undefined {
  const types = sides.map((side) => scalarName(side.typed.type) ?? '');
  if (!types.includes('text') || !types.every((type) => type === 'text' || WRITTEN.has(type)))
    return undefined;
  const values = sides.map(({ span }, at) =>
    types[at] === 'text' ? spanText(span) : `to_text(${spanText(span)})`,
  );
  return `concat(${values.join(', ')})`;
}
