import type { CompareNode } from '../../model/expression.ts';
import type { Type } from '../../model/type.ts';
import type { Value } from '../../types/value.ts';
import type { Frame, Run } from './frame.ts';

/** Equality is total; orderings have operands that are never null, the checker saw to it. */
export function compileComparison(node: CompareNode, left: Run, right: Run): Run {
  const equal = equality(node.operands);
  const order = ordering(node.operands);
  const bothOrNone = (a: Value, b: Value): boolean => (a === null || b === null ? a === b : equal(a, b));
  switch (node.operator) {
    case '==':
      return (frame) => bothOrNone(left(frame), right(frame));
    case '!=':
      return (frame) => !bothOrNone(left(frame), right(frame));
    default:
      return compileSign(node.operator, (frame) => order(left(frame), right(frame)));
  }
}

/** What an ordering says of a negative, zero or positive comparison. */
export function compileSign(operator: CompareNode['operator'], compare: (frame: Frame) => number): Run {
  switch (operator) {
    case '<':
      return (frame) => compare(frame) < 0;
    case '<=':
      return (frame) => compare(frame) <= 0;
    case '>':
      return (frame) => compare(frame) > 0;
    case '>=':
      return (frame) => compare(frame) >= 0;
    default:
      return (frame) => (compare(frame) === 0) === (operator === '==');
  }
}

/** Decimals are equal by value, `1.0 == 1.00`; every other type has one form for each value. */
function equality(type: Type): (a: Value, b: Value) => boolean {
  const compare = type.kind === 'scalar' && type.column.name === 'decimal' ? type.column.compare : undefined;
  return compare === undefined ? (a, b) => a === b : (a, b) => compare(a, b) === 0;
}

function ordering(type: Type): (a: Value, b: Value) => number {
  return (type.kind === 'scalar' ? type.column.compare : undefined) ?? (() => Number.NaN);
}
