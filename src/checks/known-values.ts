import type { Expression } from '../model/expression.ts';
import { pathKey } from '../model/infer/scope.ts';
import { constants } from '../model/query/constant.ts';
import { isCheap } from '../model/query/cost.ts';
import { compileExpression } from '../plan/evaluate/expression.ts';
import { MessageRejected } from '../plan/evaluate/frame.ts';
import type { Value } from '../types/value.ts';

/** What is known of expressions before any message comes. */
export interface KnownValues {
  /** The value that an expression has in every message. */
  readonly of: (node: Expression) => Value | undefined;
  /** Why an expression that reads nothing of a message cannot be computed. */
  readonly failureOf: (node: Expression) => MessageRejected | undefined;
}

type Outcome = { readonly value: Value } | { readonly rejected: MessageRejected } | 'unknown';

/** Asks the evaluator of messages, each constant once. */
export function knownValues(): KnownValues {
  const isConstant = constants();
  const outcomes = new Map<Expression, Outcome>();
  const outcomeOf = (node: Expression): Outcome => {
    if (!isConstant(node)) return 'unknown';
    const known = outcomes.get(node);
    if (known !== undefined) return known;
    const made = isCheap(node) ? evaluated(node) : 'unknown';
    outcomes.set(node, made);
    return made;
  };
  const of = (node: Expression): Value | undefined => {
    const outcome = outcomeOf(node);
    return typeof outcome === 'object' && 'value' in outcome ? outcome.value : truthOf(node, of);
  };
  return {
    of,
    failureOf: (node) => {
      const outcome = outcomeOf(node);
      return typeof outcome === 'object' && 'rejected' in outcome ? outcome.rejected : undefined;
    },
  };
}

function evaluated(node: Expression): Outcome {
  try {
    return { value: compileExpression(node)([]) };
  } catch (error) {
    if (error instanceof MessageRejected) return { rejected: error };
    // A program with other errors may hold what cannot be evaluated.
    return 'unknown';
  }
}

/** What a condition is in every message though it reads fields: it compares one with itself, or with a null that it never is. */
function truthOf(node: Expression, known: (node: Expression) => Value | undefined): boolean | undefined {
  if (node.kind === 'not') {
    const operand = known(node.operand);
    return typeof operand === 'boolean' ? !operand : undefined;
  }
  if (node.kind === 'and' || node.kind === 'or') {
    const decides = node.kind === 'or';
    const left = known(node.left);
    if (left === decides) return decides;
    const right = left === undefined ? undefined : known(node.right);
    return typeof right === 'boolean' ? right : undefined;
  }
  if (node.kind !== 'compare') return undefined;
  const [left, right] = [unconverted(node.left), unconverted(node.right)];
  const path = pathKey(left);
  if (path !== undefined && path === pathKey(right)) return ['==', '<=', '>='].includes(node.operator);
  const other = isNull(right) ? left : isNull(left) ? right : undefined;
  // Whether a part fails is another question, so only a field is surely there.
  if (other === undefined || other.typed.nullable || pathKey(other) === undefined) return undefined;
  return node.operator === '!=';
}

function isNull(side: Expression): boolean {
  return side.kind === 'literal' && side.value === null;
}

function unconverted(value: Expression): Expression {
  return value.kind === 'convert' ? unconverted(value.operand) : value;
}
