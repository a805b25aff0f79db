import type { ArithmeticOperator, Expression } from '../../model/expression.ts';
import { describeType, type ScalarType, type Type } from '../../model/type.ts';
import { fromUnits, scaleOf, units, withScale } from '../../types/decimal-arithmetic.ts';
import { MessageRejected, type Frame, type Run } from './frame.ts';

/**
 * An exact decimal as a count of units of its last digit: a safe integer while it is one, else a bigint. Types fix the
 * scale of every step, so that a calculation reads its operands' digits once and writes digits once, at its end.
 */
type Units = number | bigint;

type UnitsRun = (frame: Frame) => Units | null;

type Compile = (expression: Expression) => Run;

/** The digits of a calculation with decimals. */
export function compileDecimal(node: Expression, compile: Compile): Run {
  const run = compileUnits(node, compile);
  const scale = scaleOfType(node.typed.type);
  return (frame) => {
    const value = run(frame);
    return value === null ? null : fromUnits(value, scale);
  };
}

/** As `compileDecimal`, in a wider or narrower decimal type; rejects the message where the value does not fit. */
export function compileDecimalAs(node: Expression, to: ScalarType, compile: Compile): Run {
  const run = compileUnits(node, compile);
  const [precision = 0, scale = 0] = to.parameters;
  const from = scaleOfType(node.typed.type);
  const shift = shifter(Math.max(scale - from, 0));
  const drop = 10n ** BigInt(Math.max(from - scale, 0));
  const limit = 10n ** BigInt(precision);
  const alwaysFits = limit > BigInt(Number.MAX_SAFE_INTEGER) && from <= scale;
  return (frame) => {
    const value = run(frame);
    if (value === null) return null;
    const shifted = shift(value);
    if (typeof shifted === 'number' && alwaysFits) return fromUnits(shifted, scale);
    const exact = BigInt(shifted);
    const count = exact / drop;
    if (count * drop !== exact || count >= limit || -count >= limit)
      throw new MessageRejected(
        'out_of_range',
        `the computed value has more digits than ${describeType(to)} holds`,
      );
    return fromUnits(count, scale);
  };
}

/** Orders two decimals of one type, neither null, by their units. */
export function compileDecimalOrder(
  left: Expression,
  right: Expression,
  compile: Compile,
): (frame: Frame) => number {
  const scale = Math.max(scaleOfType(left.typed.type), scaleOfType(right.typed.type));
  const a = shifted(left, scale, compile);
  const b = shifted(right, scale, compile);
  return (frame) => {
    const x = a(frame);
    const y = b(frame);
    if (x === null || y === null) return Number.NaN;
    return x < y ? -1 : x > y ? 1 : 0;
  };
}

function compileUnits(node: Expression, compile: Compile): UnitsRun {
  const scale = scaleOfType(node.typed.type);
  if (node.kind === 'arithmetic' && node.domain === 'decimal') {
    const product = node.operator === '*';
    const operate = operation(node.operator);
    const left = shifted(node.left, product ? undefined : scale, compile);
    const right = shifted(node.right, product ? undefined : scale, compile);
    return (frame) => {
      const a = left(frame);
      if (a === null) return null;
      const b = right(frame);
      return b === null ? null : operate(a, b);
    };
  }
  if (node.kind === 'literal' && typeof node.value === 'string') {
    const value = unitsOf(node.value, scale);
    return () => value;
  }
  const run = compile(node);
  return (frame) => {
    const value = run(frame);
    return value === null ? null : unitsOf(value as string, scale);
  };
}

/** An operand in units of the result's last digit. */
function shifted(node: Expression, scale: number | undefined, compile: Compile): UnitsRun {
  const run = compileUnits(node, compile);
  const digits = scale === undefined ? 0 : scale - scaleOfType(node.typed.type);
  if (digits === 0) return run;
  const shift = shifter(digits);
  return (frame) => {
    const value = run(frame);
    return value === null ? null : shift(value);
  };
}

function shifter(digits: number): (value: Units) => Units {
  if (digits === 0) return (value) => value;
  const factor = 10n ** BigInt(digits);
  const small = digits <= 15 ? 10 ** digits : Number.NaN;
  return (value) => {
    const product = typeof value === 'number' ? value * small : Number.NaN;
    return Number.isSafeInteger(product) ? product : BigInt(value) * factor;
  };
}

function operation(operator: ArithmeticOperator): (a: Units, b: Units) => Units {
  switch (operator) {
    case '+':
      return (a, b) => {
        const sum = typeof a === 'number' && typeof b === 'number' ? a + b : Number.NaN;
        return Number.isSafeInteger(sum) ? sum : BigInt(a) + BigInt(b);
      };
    case '-':
      return (a, b) => {
        const rest = typeof a === 'number' && typeof b === 'number' ? a - b : Number.NaN;
        return Number.isSafeInteger(rest) ? rest : BigInt(a) - BigInt(b);
      };
    case '*':
      return (a, b) => {
        const product = typeof a === 'number' && typeof b === 'number' ? a * b : Number.NaN;
        return Number.isSafeInteger(product) ? product : BigInt(a) * BigInt(b);
      };
    case '%':
      return (a, b) => {
        if (BigInt(b) === 0n) throw new MessageRejected('failed', 'division by zero');
        return BigInt(a) % BigInt(b);
      };
    case '/':
      throw new Error('an accepted program divides floats only');
  }
}

/** Digits that a double always holds. */
const SHORT = 15;

function unitsOf(text: string, scale: number): Units {
  const { length } = text;
  if (length > SHORT) return manyUnitsOf(text, scale);
  const negative = text.charCodeAt(0) === 45;
  let count = 0;
  let dot = length - 1;
  for (let at = negative ? 1 : 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 46) dot = at;
    else count = count * 10 + code - 48;
  }
  if (length - 1 - dot !== scale) return manyUnitsOf(text, scale);
  return negative ? -count : count;
}

/** Also a text of another scale than its type has, which loses nothing. */
function manyUnitsOf(text: string, scale: number): Units {
  const exact = units(scaleOf(text) === scale ? text : withScale(text, scale), 0);
  const short = Number(exact);
  return Number.isSafeInteger(short) ? short : exact;
}

function scaleOfType(type: Type): number {
  return type.kind === 'scalar' ? (type.parameters[1] ?? 0) : 0;
}
