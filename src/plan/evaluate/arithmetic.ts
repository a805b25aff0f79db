import type { ArithmeticNode, ArithmeticOperator } from '../../model/expression.ts';
import type { Type } from '../../model/type.ts';
import { negate } from '../../types/decimal-arithmetic.ts';
import { MessageRejected, type Run } from './frame.ts';

const MIN_BIGINT = -(2n ** 63n);
const MAX_BIGINT = 2n ** 63n - 1n;

/** Lifts null: an operand that is null makes the result null. */
export function compileArithmetic(node: ArithmeticNode, left: Run, right: Run): Run {
  const operate = operationOf(node);
  return (frame) => {
    const a = left(frame);
    if (a === null) return null;
    const b = right(frame);
    return b === null ? null : operate(a, b);
  };
}

/** The operands have the type of the domain: see `ArithmeticNode`. */
type Operation = (left: unknown, right: unknown) => string | number | bigint;

function operationOf({ domain, operator }: ArithmeticNode): Operation {
  switch (domain) {
    case 'decimal':
      throw new Error('calculations with decimals are compiled by compileDecimal');
    case 'int':
      return (a, b) => checkedInt(numberResult(operator, a as number, b as number));
    case 'bigint':
      return (a, b) => checkedBigint(bigintResult(operator, a as bigint, b as bigint));
    case 'float':
      return (a, b) => checkedFloat(numberResult(operator, a as number, b as number));
  }
}

function numberResult(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? divisionByZero() : a / b;
    case '%':
      // Adding 0 turns -0, which Postgres has not, into 0.
      return b === 0 ? divisionByZero() : (a % b) + 0;
  }
}

function bigintResult(operator: ArithmeticOperator, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '%':
      return b === 0n ? divisionByZero() : a % b;
    case '/':
      throw new Error('an accepted program divides floats only');
  }
}

function divisionByZero(): never {
  throw new MessageRejected('failed', 'division by zero');
}

function checkedInt(value: number): number {
  if (value < -2147483648 || value > 2147483647)
    throw new MessageRejected('out_of_range', 'the result of a calculation is outside the range of int');
  // A product of a negative number and 0 is -0.
  return value + 0;
}

function checkedBigint(value: bigint): bigint {
  if (value < MIN_BIGINT || value > MAX_BIGINT)
    throw new MessageRejected('out_of_range', 'the result of a calculation is outside the range of bigint');
  return value;
}

function checkedFloat(value: number): number {
  if (!Number.isFinite(value))
    throw new MessageRejected('out_of_range', 'the result of a calculation is outside the range of float');
  return value;
}

export function compileNegation(operand: Run, type: Type): Run {
  const name = type.kind === 'scalar' ? type.column.name : '';
  return (frame) => {
    const value = operand(frame);
    if (value === null) return null;
    if (name === 'decimal') return negate(value as string);
    if (name === 'bigint') return checkedBigint(-(value as bigint));
    const negated = -(value as number) + 0;
    return name === 'int' ? checkedInt(negated) : negated;
  };
}
