import { children, type Expression } from '../expression.ts';
import type { Value } from '../../types/value.ts';

/** What a part is always worth, and `undefined` where that depends on a message or where it has no value. */
export type Known = (part: Expression) => Value | undefined;

/**
 * The parts of an expression that some message lets it evaluate, without what `try` guards: all arms, but where a constant
 * decides, the one that it takes.
 */
export function evaluatedParts(node: Expression, known: Known): readonly Expression[] {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const left = known(node.left);
      return left === (node.kind === 'or') ? [node.left] : [node.left, node.right];
    }
    case 'coalesce': {
      const left = known(node.left);
      return left !== undefined && left !== null ? [node.left] : [node.left, node.right];
    }
    case 'if': {
      const truth = known(node.condition);
      if (truth === undefined) return children(node);
      return [node.condition, truth === true ? node.then : node.otherwise];
    }
    case 'match': {
      const subject = known(node.subject);
      if (subject === undefined) return children(node);
      const taken = node.arms.find(({ pattern }) => pattern === subject)?.value ?? node.otherwise;
      return taken === undefined ? [node.subject] : [node.subject, taken];
    }
    case 'try':
      return known(node.operand) === undefined ? [node.fallback] : [];
    default:
      return children(node);
  }
}
