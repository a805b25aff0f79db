import type { Span } from '../text/source.ts';
import type { Name } from './name.ts';

/* Literals: in settings, attributes and expressions. */

export type LiteralTree =
  | NumberLiteral
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  | DurationLiteral
  | { readonly kind: 'size'; readonly bytes: number; readonly span: Span }
  | {
      readonly kind: 'range';
      readonly from: DurationLiteral;
      readonly to: DurationLiteral;
      readonly span: Span;
    }
  /** A bare word, as in `on_poison: halt`; only where a setting's or attribute's value stands. */
  | { readonly kind: 'word'; readonly value: string; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly LiteralTree[]; readonly span: Span };

export interface NumberLiteral {
  readonly kind: 'number';
  /** As written, with a leading `-` where there is one: digits are never lost. */
  readonly text: string;
  readonly span: Span;
}

export interface DurationLiteral {
  readonly kind: 'duration';
  readonly milliseconds: number;
  readonly span: Span;
}

/* Expressions. */

export type ExpressionTree =
  | Exclude<LiteralTree, { kind: 'word' | 'list' | 'range' | 'size' }>
  | NameExpression
  | MemberExpression
  | IndexExpression
  | CallExpression
  | UnaryExpression
  | BinaryExpression
  | IfExpression
  | MatchExpression
  | MissingExpression;

export interface NameExpression {
  readonly kind: 'name';
  readonly name: Name;
  readonly span: Span;
}

export interface MemberExpression {
  readonly kind: 'member';
  readonly target: ExpressionTree;
  readonly name: Name;
  /** `?.` */
  readonly optional: boolean;
  readonly span: Span;
}

export interface IndexExpression {
  readonly kind: 'index-of';
  readonly target: ExpressionTree;
  readonly index: ExpressionTree;
  readonly span: Span;
}

export interface CallExpression {
  readonly kind: 'call';
  readonly callee: Name;
  readonly arguments: readonly ExpressionTree[];
  readonly span: Span;
}

export interface UnaryExpression {
  readonly kind: 'unary';
  readonly operator: 'not' | '-';
  readonly operand: ExpressionTree;
  readonly span: Span;
}

export type BinaryOperator =
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '??'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: ExpressionTree;
  readonly right: ExpressionTree;
  readonly span: Span;
}

export interface IfExpression {
  readonly kind: 'if';
  readonly condition: ExpressionTree;
  readonly then: ExpressionTree;
  readonly otherwise: ExpressionTree;
  readonly span: Span;
}

export interface MatchExpression {
  readonly kind: 'match';
  readonly subject: ExpressionTree;
  readonly arms: readonly MatchArm[];
  readonly otherwise?: ExpressionTree;
  readonly span: Span;
}

export interface MatchArm {
  /** A literal or an enum member (`Status.Open`). */
  readonly pattern: ExpressionTree;
  readonly value: ExpressionTree;
  readonly span: Span;
}

/** Stands where the parser found no expression; only inside a broken declaration. */
export interface MissingExpression {
  readonly kind: 'missing';
  readonly span: Span;
}
