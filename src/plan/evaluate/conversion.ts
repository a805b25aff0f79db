import { describeType, type ScalarType, type Type } from '../../model/type.ts';
import { fits, withScale } from '../../types/decimal-arithmetic.ts';
import { isRefusal, type Value } from '../../types/value.ts';
import { MessageRejected, type Run } from './frame.ts';

/** The same value in another type; rejects the message where it does not fit. */
export function compileConversion(operand: Run, from: Type, to: Type): Run {
  const convert = conversion(from, to);
  return (frame) => {
    const value = operand(frame);
    return value === null ? null : convert(value);
  };
}

function conversion(from: Type, to: Type): (value: Value) => Value {
  if (from.kind === 'list' && to.kind === 'list') {
    const element = conversion(from.element, to.element);
    return (value) => (value as readonly Value[]).map(element);
  }
  if (to.kind !== 'scalar') return (value) => value;
  switch (to.column.name) {
    case 'decimal':
      return toDecimal(to);
    case 'bigint':
      return (value) => BigInt(value as number);
    case 'text':
      return toText(to);
    default:
      return (value) => value;
  }
}

function toDecimal(to: ScalarType): (value: Value) => Value {
  const [precision = 0, scale = 0] = to.parameters;
  return (value) => {
    const text = String(value);
    if (!fits(text, precision, scale))
      throw new MessageRejected(
        'out_of_range',
        `the computed value has more digits than ${describeType(to)} holds`,
      );
    return withScale(text, scale);
  };
}

function toText(to: ScalarType): (value: Value) => Value {
  const decode = to.column.decoder(to.parameters);
  return (value) => {
    const result = decode(value as string);
    if (isRefusal(result))
      throw new MessageRejected(result.code, `expected ${result.expected}, found ${result.found}`);
    return result;
  };
}
