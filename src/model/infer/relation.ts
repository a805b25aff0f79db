import { BIGINT, FLOAT, INT, scalar } from '../resolve/literals.ts';
import { describeType, type ScalarType, type Type } from '../type.ts';

/** Whether values of one type fit another. */
export type Relation =
  | { readonly kind: 'same' }
  /** Every value fits. */
  | { readonly kind: 'wider' }
  /** Only the data can tell; `why` says what may not fit. */
  | { readonly kind: 'narrower'; readonly why: string }
  /** Some value would lose digits: never allowed. */
  | { readonly kind: 'lossy'; readonly why: string; readonly help: string }
  | { readonly kind: 'mismatch'; readonly help?: string };

const SAME: Relation = { kind: 'same' };
const WIDER: Relation = { kind: 'wider' };
const MISMATCH: Relation = { kind: 'mismatch' };

export function relation(from: Type, to: Type): Relation {
  if (from.kind === 'unknown' || to.kind === 'unknown') return SAME;
  if (from.kind === 'scalar' && to.kind === 'scalar') return scalarRelation(from, to);
  if (from.kind === 'enum' && to.kind === 'enum') return from.of === to.of ? SAME : MISMATCH;
  if (from.kind === 'enum' && to.kind === 'scalar' && to.column.name === 'text') {
    const longest = Math.max(...from.of.members.map((member) => [...member.value].length));
    return scalarRelation(scalar('text', longest), to).kind === 'narrower'
      ? { kind: 'narrower', why: `${from.of.name} has a value of ${longest} characters` }
      : WIDER;
  }
  if (to.kind === 'enum' && from.kind === 'scalar' && from.column.name === 'text')
    return {
      kind: 'mismatch',
      help: `give each text its ${to.of.name} with \`match … { "text" -> ${to.of.name}.Name … }\``,
    };
  if (from.kind === 'record' && to.kind === 'record') return from.of === to.of ? SAME : MISMATCH;
  if (from.kind === 'list' && to.kind === 'list') {
    const element = relation(from.element, to.element);
    return element.kind === 'lossy' ? MISMATCH : element;
  }
  if (from.kind === 'record' && to.kind === 'scalar') {
    const field = from.of.fields.find(({ type: { type } }) => relation(type, to).kind !== 'mismatch');
    return field === undefined ? MISMATCH : { kind: 'mismatch', help: `write \`….${field.name}\`` };
  }
  return MISMATCH;
}

function scalarRelation(from: ScalarType, to: ScalarType): Relation {
  const source = from.column.name;
  const target = to.column.name;
  if (source === 'text' && target === 'text') return textRelation(from.parameters[0], to.parameters[0]);
  if (source === 'decimal' && target === 'decimal') return decimalRelation(from, to);
  if (source === target) return SAME;
  const digits = wholeDigits(from);
  if (digits !== undefined && target === 'decimal') {
    const [precision = 0, scale = 0] = to.parameters;
    return digits <= precision - scale
      ? WIDER
      : {
          kind: 'narrower',
          why: `${source} has up to ${digits} digits, but ${describeType(to)} has ${precision - scale} before the point`,
        };
  }
  if (source === 'int' && (target === 'bigint' || target === 'float')) return WIDER;
  return { kind: 'mismatch', ...helpFor(source, target) };
}

/** The decimal digits of an integer type. */
export function wholeDigits(type: ScalarType): number | undefined {
  if (type.column.name === 'int') return 10;
  if (type.column.name === 'bigint') return 19;
  return undefined;
}

function textRelation(from: number | undefined, to: number | undefined): Relation {
  if (to === undefined || from === to) return from === to ? SAME : WIDER;
  if (from !== undefined && from < to) return WIDER;
  const has = from === undefined ? 'a text of any length' : `a text of up to ${from} characters`;
  return { kind: 'narrower', why: `${has} can be longer than ${to}` };
}

function decimalRelation(from: ScalarType, to: ScalarType): Relation {
  const [fromPrecision = 0, fromScale = 0] = from.parameters;
  const [toPrecision = 0, toScale = 0] = to.parameters;
  if (fromScale > toScale)
    return {
      kind: 'lossy',
      why: `${describeType(from)} has ${fromScale} fraction digits, but ${describeType(to)} has only ${toScale}`,
      help: `round it, \`round(…, ${toScale})\`, or declare more fraction digits`,
    };
  if (fromPrecision - fromScale > toPrecision - toScale)
    return {
      kind: 'narrower',
      why: `${describeType(from)} has up to ${fromPrecision - fromScale} digits before the point, but ${describeType(to)} has ${toPrecision - toScale}`,
    };
  return fromPrecision === toPrecision && fromScale === toScale ? SAME : WIDER;
}

function helpFor(source: string, target: string): { help?: string } {
  if (target === 'text') return { help: 'write `to_text(…)`' };
  if (source === 'text' && ['date', 'timestamp'].includes(target))
    return {
      help: `convert it, as in \`parse_${target}(…, "yyyy-MM-dd${target === 'date' ? '' : "'T'HH:mm:ssXXX"}")\``,
    };
  if (source === 'text' && ['int', 'bigint', 'decimal', 'bool'].includes(target))
    return { help: `write \`parse_${target}(…)\`` };
  if (source === 'timestamp' && target === 'date') return { help: 'write `date_of(…)`' };
  return {};
}

/** The narrowest type that both fit without loss, if there is one. */
export function join(left: Type, right: Type): Type | undefined {
  if (left.kind === 'null' || left.kind === 'unknown') return right;
  if (right.kind === 'null' || right.kind === 'unknown') return left;
  const forward = relation(left, right).kind;
  if (forward === 'same' || forward === 'wider') return right;
  const backward = relation(right, left).kind;
  if (backward === 'same' || backward === 'wider') return left;
  if (left.kind === 'scalar' && right.kind === 'scalar') return joinScalars(left, right);
  return undefined;
}

function joinScalars(left: ScalarType, right: ScalarType): Type | undefined {
  const names = [left.column.name, right.column.name];
  if (names.every((name) => name === 'text')) return scalar('text');
  const a = asDecimal(left);
  const b = asDecimal(right);
  if (a === undefined || b === undefined || !names.includes('decimal')) return undefined;
  const scale = Math.max(a.scale, b.scale);
  return scalar('decimal', Math.max(a.whole, b.whole) + scale, scale);
}

/** Digits before and after the point of an exact number type. */
export function asDecimal(type: Type): { readonly whole: number; readonly scale: number } | undefined {
  if (type.kind !== 'scalar') return undefined;
  const digits = wholeDigits(type);
  if (digits !== undefined) return { whole: digits, scale: 0 };
  if (type.column.name !== 'decimal') return undefined;
  const [precision = 0, scale = 0] = type.parameters;
  return { whole: precision - scale, scale };
}

/** The number domain in which two operands meet, and the result type of an operator there. */
export function numberDomain(left: Type, right: Type): 'int' | 'bigint' | 'decimal' | 'float' | undefined {
  const names = [left, right].map((type) => (type.kind === 'scalar' ? type.column.name : ''));
  const only = (...allowed: string[]): boolean => names.every((name) => allowed.includes(name));
  if (only('int')) return 'int';
  if (only('int', 'bigint')) return 'bigint';
  if (only('int', 'float')) return 'float';
  if (only('int', 'bigint', 'decimal')) return 'decimal';
  return undefined;
}

/** As Postgres keeps digits: the larger scale for sums, the sum of scales for products. */
export function arithmeticResult(
  operator: '+' | '-' | '*' | '/' | '%',
  domain: 'int' | 'bigint' | 'decimal' | 'float',
  left: Type,
  right: Type,
): ScalarType {
  if (domain === 'int') return INT;
  if (domain === 'bigint') return BIGINT;
  if (domain === 'float') return FLOAT;
  const a = asDecimal(left) ?? { whole: 0, scale: 0 };
  const b = asDecimal(right) ?? { whole: 0, scale: 0 };
  if (operator === '*') return scalar('decimal', a.whole + b.whole + a.scale + b.scale, a.scale + b.scale);
  const scale = Math.max(a.scale, b.scale);
  if (operator === '%') return scalar('decimal', Math.max(Math.min(a.whole, b.whole), 1) + scale, scale);
  return scalar('decimal', Math.max(a.whole, b.whole) + 1 + scale, scale);
}
