import type {
  CompareNode,
  ConvertExpression,
  ElementsExpression,
  Expression,
} from '../../model/expression.ts';
import type { Value } from '../../types/value.ts';
import { compileArithmetic, compileNegation } from './arithmetic.ts';
import { compileCall } from './call.ts';
import { compileComparison, compileSign } from './comparison.ts';
import { compileConversion } from './conversion.ts';
import { compileDecimal, compileDecimalAs, compileDecimalOrder } from './decimal-units.ts';
import { MessageRejected, SKIP, type Run } from './frame.ts';
import { compileInvoke } from './invoke.ts';
import { isTextSpent } from './made-text.ts';
import { compileMatch } from './match.ts';

/** Compiles an expression of an accepted program into closures. Nothing of it is ever evaluated as code. */
export function compileExpression(expression: Expression): Run {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    // In a test the slots are the tables, each the list of its rows.
    case 'table':
    case 'slot': {
      const { slot } = expression;
      return (frame) => frame[slot] ?? null;
    }
    case 'field':
      return compileField(expression.target, expression.index);
    case 'elements':
      return compileElements(expression);
    case 'convert':
      return compileConvert(expression);
    case 'negate':
      return compileNegation(compileExpression(expression.operand), expression.typed.type);
    case 'not': {
      const operand = compileExpression(expression.operand);
      return (frame) => operand(frame) !== true;
    }
    case 'arithmetic':
      if (expression.domain === 'decimal') return compileDecimal(expression, compileExpression);
      return compileArithmetic(
        expression,
        compileExpression(expression.left),
        compileExpression(expression.right),
      );
    case 'compare':
      if (isDecimalOrder(expression))
        return compileSign(
          expression.operator,
          compileDecimalOrder(expression.left, expression.right, compileExpression),
        );
      return compileComparison(
        expression,
        compileExpression(expression.left),
        compileExpression(expression.right),
      );
    case 'and':
    case 'or': {
      const left = compileExpression(expression.left);
      const right = compileExpression(expression.right);
      return expression.kind === 'and'
        ? (frame) => left(frame) === true && right(frame) === true
        : (frame) => left(frame) === true || right(frame) === true;
    }
    case 'coalesce': {
      const left = compileExpression(expression.left);
      const right = compileExpression(expression.right);
      return (frame) => left(frame) ?? right(frame);
    }
    case 'if': {
      const test = compileExpression(expression.condition);
      const then = compileExpression(expression.then);
      const otherwise = compileExpression(expression.otherwise);
      return (frame) => (test(frame) === true ? then(frame) : otherwise(frame));
    }
    case 'call':
      return compileCall(expression, expression.arguments.map(compileExpression));
    case 'match':
      return compileMatch(expression, compileExpression);
    case 'fail': {
      const reason = compileExpression(expression.reason);
      return (frame) => {
        throw new MessageRejected('failed', reason(frame) as string);
      };
    }
    case 'skip':
      return () => {
        throw SKIP;
      };
    case 'try':
      return compileTry(compileExpression(expression.operand), compileExpression(expression.fallback));
    case 'lookup': {
      const key = compileExpression(expression.key);
      const { rows } = expression.lookup;
      return (frame) => rows.get(key(frame)) ?? null;
    }
    case 'invoke':
      return compileInvoke(expression, compileExpression);
    case 'unknown':
      throw new Error('an accepted program has no unknown expression');
  }
}

/** Catches what rejects the message, never what drops the row, and not that the message made too much text. */
function compileTry(operand: Run, fallback: Run): Run {
  return (frame) => {
    try {
      return operand(frame);
    } catch (error) {
      if (error instanceof MessageRejected && !isTextSpent()) return fallback(frame);
      throw error;
    }
  };
}

function isDecimalOrder({ operator, operands }: CompareNode): boolean {
  const ordering = operator !== '==' && operator !== '!=';
  return ordering && operands.kind === 'scalar' && operands.column.name === 'decimal';
}

function compileConvert({ operand, from, to }: ConvertExpression): Run {
  const calculated = operand.kind === 'arithmetic' && operand.domain === 'decimal';
  if (calculated && to.kind === 'scalar' && to.column.name === 'decimal')
    return compileDecimalAs(operand, to, compileExpression);
  return compileConversion(compileExpression(operand), from, to);
}

function compileField(target: Expression, index: number): Run {
  if (target.kind === 'slot') {
    const { slot } = target;
    return (frame) => fieldOf(frame[slot] ?? null, index);
  }
  const row = compileExpression(target);
  return (frame) => fieldOf(row(frame), index);
}

function compileElements({ target, index }: ElementsExpression): Run {
  const list = compileExpression(target);
  const { type } = target.typed;
  const element = type.kind === 'list' && type.element.kind === 'record' ? type.element.of : undefined;
  const nested = element?.fields[index]?.type.type.kind === 'list';
  return (frame) => {
    const rows = list(frame);
    if (rows === null) return null;
    const values: Value[] = [];
    for (const row of rows as readonly Value[]) {
      const value = fieldOf(row, index);
      if (value === null) continue;
      if (nested) for (const each of value as readonly Value[]) values.push(each);
      else values.push(value);
    }
    return values;
  };
}

function fieldOf(row: Value, index: number): Value {
  return row === null ? null : ((row as readonly Value[])[index] ?? null);
}
