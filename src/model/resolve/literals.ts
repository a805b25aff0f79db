import type { ExpressionTree } from '../../syntax/expression-tree.ts';
import type { ColumnType } from '../../types/column-type.ts';
import { columnTypes } from '../../types/registry.ts';
import { isRefusal, type Value } from '../../types/value.ts';
import type { Expression, LiteralExpression } from '../expression.ts';
import type { ScalarType, Type } from '../type.ts';

/** The scalar types that the language itself needs by name: for literals and operators. */
function column(name: string): ColumnType {
  const found = columnTypes.get(name);
  if (found === undefined) throw new Error(`the type registry lacks ${name}`);
  return found;
}

export function scalar(name: string, ...parameters: number[]): ScalarType {
  return { kind: 'scalar', column: column(name), parameters };
}

export const BOOL = scalar('bool');
export const INT = scalar('int');
export const BIGINT = scalar('bigint');
export const FLOAT = scalar('float');

/** A number as written: its digits without point and leading zeros, and where the point stands. */
interface WrittenNumber {
  readonly negative: boolean;
  readonly digits: string;
  readonly scale: number;
}

/** No type holds a number with more digits, and nobody has the room to write one out. */
const MAX_EXPONENT = 2_000;

function readNumber(text: string): WrittenNumber {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text);
  if (match === null) throw new Error('the lexer let through a number that is none');
  const fraction = match[3] ?? '';
  const exponent = Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, Number(match[4] ?? '0')));
  let digits = (match[2] ?? '') + fraction;
  let scale = fraction.length - exponent;
  if (scale < 0) {
    digits += '0'.repeat(-scale);
    scale = 0;
  }
  digits = digits.replace(/^0+(?=\d)/, '');
  return { negative: match[1] === '-', digits, scale };
}

/** The narrowest type that holds a number literal: int, bigint, or a decimal with just its digits. */
function numberType(number: WrittenNumber): ScalarType {
  if (number.scale > 0) return scalar('decimal', Math.max(number.digits.length, number.scale), number.scale);
  const value = BigInt((number.negative ? '-' : '') + number.digits);
  if (value >= -2147483648n && value <= 2147483647n) return INT;
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return BIGINT;
  return scalar('decimal', number.digits.length, 0);
}

/** The digits that a number literal needs as a decimal: [precision, scale]. */
export function literalDigits(text: string): readonly [number, number] {
  const number = readNumber(text);
  return [Math.max(number.digits.length, number.scale), number.scale];
}

function plainText(number: WrittenNumber): string {
  const padded = number.digits.padStart(number.scale + 1, '0');
  const whole = padded.slice(0, padded.length - number.scale);
  const fraction = number.scale > 0 ? `.${padded.slice(padded.length - number.scale)}` : '';
  return (number.negative ? '-' : '') + whole + fraction;
}

/** The expression of a literal in its own type. */
export function literal(
  tree: Extract<ExpressionTree, { kind: 'number' | 'string' | 'boolean' | 'null' }>,
): LiteralExpression {
  const { span } = tree;
  switch (tree.kind) {
    case 'null':
      return { kind: 'literal', span, value: null, typed: { type: { kind: 'null' }, nullable: true } };
    case 'boolean':
      return { kind: 'literal', span, value: tree.value, typed: { type: BOOL, nullable: false } };
    case 'string': {
      const type = scalar('text', Math.max([...tree.value].length, 1));
      return { kind: 'literal', span, value: tree.value, typed: { type, nullable: false } };
    }
    case 'number': {
      const number = readNumber(tree.text);
      const type = numberType(number);
      const value = decodeAs(type, plainText(number));
      if (value === undefined) throw new Error('a number literal does not fit the type made for it');
      return { kind: 'literal', span, value, typed: { type, nullable: false } };
    }
  }
}

/** The value of a text in a scalar type or enum; nothing where the type refuses it. */
export function decodeAs(type: Type, text: string): Value | undefined {
  if (type.kind === 'enum') return type.of.members.some((member) => member.value === text) ? text : undefined;
  if (type.kind !== 'scalar') return undefined;
  const json = type.column.name === 'float' ? Number(text) : text;
  const result = type.column.decoder(type.parameters)(json);
  return isRefusal(result) ? undefined : result;
}

const numeric = new Set(['int', 'bigint', 'decimal', 'float']);
const written = new Set(['date', 'time', 'timestamp', 'uuid', 'bytes']);

/**
 * A literal takes the type that is asked for: numbers any number type, strings an enum, a date, a timestamp, a uuid.
 * Gives `undefined` where the expression is no literal or the types have nothing to do with each other, and
 * `unfit` where the literal is of the right kind but its value is not in the type.
 */
export function adaptLiteral(expression: Expression, to: Type): LiteralExpression | 'unfit' | undefined {
  if (expression.kind !== 'literal') return undefined;
  const from = expression.typed.type;
  if (from.kind !== 'scalar') return undefined;
  const adapted = (value: Value | undefined): LiteralExpression | 'unfit' =>
    value === undefined
      ? 'unfit'
      : {
          ...expression,
          value,
          typed: { type: to, nullable: false },
          written: expression.written ?? expression,
        };
  const fromName = from.column.name;
  if (numeric.has(fromName) && to.kind === 'scalar' && numeric.has(to.column.name)) {
    return adapted(decodeAs(to, from.column.toText(expression.value)));
  }
  if (fromName === 'text' && typeof expression.value === 'string') {
    const target =
      to.kind === 'enum' ||
      (to.kind === 'scalar' && (written.has(to.column.name) || to.column.name === 'text'));
    if (!target) return undefined;
    return adapted(decodeAs(to, expression.value));
  }
  return undefined;
}
