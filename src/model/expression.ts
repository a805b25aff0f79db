import type { Span } from '../text/source.ts';
import type { Value } from '../types/value.ts';
import { UNKNOWN, type Type, type Typed } from './type.ts';

/**
 * An expression with every name resolved and every type known: what the checks read and the plan compiles.
 * Conversions are explicit nodes, so that an operator's operands always have the type it works on.
 */
export type Expression =
  | LiteralExpression
  | SlotExpression
  | FieldExpression
  | ElementsExpression
  | ConvertExpression
  | UnaryNode
  | ArithmeticNode
  | CompareNode
  | LogicNode
  | CoalesceNode
  | IfNode
  | TableNode
  | CallNode
  | MatchNode
  | FailNode
  | SkipNode
  | TryNode
  | InvokeNode
  | LookupNode
  | UnknownExpression;

interface Node {
  readonly typed: Typed;
  readonly span: Span;
}

export interface LiteralExpression extends Node {
  readonly kind: 'literal';
  readonly value: Value;
  /** The literal in the type of its own, where it has taken another one. */
  readonly written?: LiteralExpression;
}

/** The row of a source by its position; the record's own row comes after all sources. */
export interface SlotExpression extends Node {
  readonly kind: 'slot';
  readonly slot: number;
  readonly name: string;
}

export interface FieldExpression extends Node {
  readonly kind: 'field';
  readonly target: Expression;
  readonly name: string;
  /** Position in the target record's fields. */
  readonly index: number;
}

/**
 * One field of each element of a list of rows, in order: `o.line_items.price`. Nulls are left out, as SQL's aggregates do,
 * and a field that is a list itself gives its elements.
 */
export interface ElementsExpression extends Node {
  readonly kind: 'elements';
  readonly target: Expression;
  readonly name: string;
  /** Position in the fields of the elements. */
  readonly index: number;
}

/** Gives the same value in a wider type, or in a narrower one where the message is rejected if it does not fit. */
export interface ConvertExpression extends Node {
  readonly kind: 'convert';
  readonly operand: Expression;
  readonly from: Type;
  readonly to: Type;
}

export interface UnaryNode extends Node {
  readonly kind: 'not' | 'negate';
  readonly operand: Expression;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** Both operands and the result are of one number domain: int, bigint, decimal or float. Lifts null. */
export interface ArithmeticNode extends Node {
  readonly kind: 'arithmetic';
  readonly operator: ArithmeticOperator;
  readonly domain: 'int' | 'bigint' | 'decimal' | 'float';
  readonly left: Expression;
  readonly right: Expression;
}

/** Equality is total: null equals null only. An ordering has operands that are never null. */
export interface CompareNode extends Node {
  readonly kind: 'compare';
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=';
  /** The common type of the operands. */
  readonly operands: Type;
  readonly left: Expression;
  readonly right: Expression;
}

export interface LogicNode extends Node {
  readonly kind: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}

export interface CoalesceNode extends Node {
  readonly kind: 'coalesce';
  readonly left: Expression;
  readonly right: Expression;
}

export interface IfNode extends Node {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

/** All rows that a message writes to a table; only in tests. */
export interface TableNode extends Node {
  readonly kind: 'table';
  readonly table: string;
  /** Its position among the tables of the program, which is its slot in the frame of a test. */
  readonly slot: number;
}

export interface CallNode extends Node {
  readonly kind: 'call';
  readonly callee: string;
  readonly arguments: readonly Expression[];
}

/** The value of the first arm whose pattern is the subject's value. Without `otherwise` every value has an arm. */
export interface MatchNode extends Node {
  readonly kind: 'match';
  readonly subject: Expression;
  readonly arms: readonly MatchArmNode[];
  readonly otherwise?: Expression;
}

export interface MatchArmNode {
  readonly pattern: Value;
  readonly value: Expression;
}

/** Rejects the message. */
export interface FailNode extends Node {
  readonly kind: 'fail';
  readonly reason: Expression;
}

/** Drops the row that is being derived. */
export interface SkipNode extends Node {
  readonly kind: 'skip';
}

/** The operand; the fallback where the operand rejects the message. */
export interface TryNode extends Node {
  readonly kind: 'try';
  readonly operand: Expression;
  readonly fallback: Expression;
}

/** What a call needs of a declared function. */
export interface Callable {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly row: Typed }[];
  readonly body: Expression;
}

/** A call of a function that the program declares. Its body is an expression over its parameters' slots. */
export interface InvokeNode extends Node {
  readonly kind: 'invoke';
  readonly called: Callable;
  readonly arguments: readonly Expression[];
  /** Where the caller's frame has what `meta` names. */
  readonly metaSlot: number;
}

/** The row of a lookup by its key, null where there is none. */
export interface LookupNode extends Node {
  readonly kind: 'lookup';
  readonly lookup: { readonly name: string; readonly rows: ReadonlyMap<Value, readonly Value[]> };
  readonly key: Expression;
}

/** Stands where an error was reported. */
export interface UnknownExpression extends Node {
  readonly kind: 'unknown';
}

export function unknown(span: Span): Expression {
  return { kind: 'unknown', span, typed: UNKNOWN };
}

/** Calls `visit` for the expression and everything in it, outermost first. */
export function walk(expression: Expression, visit: (node: Expression) => void): void {
  visit(expression);
  if (expression.kind === 'slot' || expression.kind === 'literal') return;
  if (expression.kind === 'field') return walk(expression.target, visit);
  for (const child of children(expression)) walk(child, visit);
}

/** The parts of an expression, in a fixed order, without the body of a function that it calls. */
export function children(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'slot':
    case 'table':
    case 'skip':
    case 'unknown':
      return [];
    case 'match':
      return [
        node.subject,
        ...node.arms.map((arm) => arm.value),
        ...(node.otherwise === undefined ? [] : [node.otherwise]),
      ];
    case 'lookup':
      return [node.key];
    case 'fail':
      return [node.reason];
    case 'try':
      return [node.operand, node.fallback];
    case 'invoke':
      return node.arguments;
    case 'field':
    case 'elements':
      return [node.target];
    case 'convert':
    case 'not':
    case 'negate':
      return [node.operand];
    case 'arithmetic':
    case 'compare':
    case 'and':
    case 'or':
    case 'coalesce':
      return [node.left, node.right];
    case 'if':
      return [node.condition, node.then, node.otherwise];
    case 'call':
      return node.arguments;
  }
}
