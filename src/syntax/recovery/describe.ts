import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../../grammar/tokens.ts';
import type { Expected } from '../../../grammar/expectation.ts';

/** A token as a noun phrase for messages; nothing stands for the end. */
export function describeToken(token: IToken | undefined): string {
  if (token === undefined) return 'the end';
  switch (token.tokenType) {
    case t.Identifier:
      return `the name \`${shorten(token.image)}\``;
    case t.TextLiteral:
      return `the text ${shorten(token.image)}`;
    case t.NumberLiteral:
      return `the number ${shorten(token.image)}`;
    case t.DurationLiteral:
      return `the duration \`${token.image}\``;
    case t.SizeLiteral:
      return `the size \`${token.image}\``;
    default:
      return `\`${shorten(token.image)}\``;
  }
}

function shorten(image: string): string {
  return image.length <= 30 ? image : `${image.slice(0, 28)}…`;
}

/** Rules whose first tokens all begin an expression. */
const VALUE_RULES = new Set(['primary', 'call', 'match', 'sign', 'negation', 'condition']);

const OPERATOR_RULES = new Set([
  ...['disjunction', 'conjunction', 'comparison', 'fallback', 'sum', 'product', 'step'],
]);

/** Signs inside a literal, which do not begin one. */
const LITERAL_SIGNS = new Set<TokenType>([t.Range, t.Comma, t.RightSquare]);

/** What a name means in a rule. */
const NAMES: Readonly<Record<string, string>> = {
  field: 'a field',
  type: 'a type',
  attribute: "an attribute's name",
  names: 'a column',
  enumMember: 'a member',
  setting: 'a setting',
  parameter: 'a parameter',
  spread: 'the name of a shape or of a source',
  upsert: 'a field',
  ref: 'the name of an entity',
  given: 'the name of an entity',
  step: 'the name of a field',
  store: "the table's name",
  expect: 'a table',
};

/** Nobody wants to read more words of what could stand at a place. */
const MANY = 6;
const STORE_RULES = new Set(['key', 'unique', 'ref', 'index', 'prune', 'delete', 'duplicates']);
const MEMBER_RULES = new Set(['refused', 'spread', 'check', 'ordered', 'signed']);

/** True where an expression may begin. */
export function expectsValue(expected: readonly Expected[]): boolean {
  return expected.some(({ type, rule }) => type === t.LeftParen && rule === 'primary');
}

/** True right behind an operand, where an operator could follow. */
export function expectsOperator(expected: readonly Expected[]): boolean {
  return expected.some(({ type }) => type === t.reserved.and);
}

export function isOperator({ type, rule }: Expected): boolean {
  return OPERATOR_RULES.has(rule) || (rule === 'call' && type === t.LeftParen);
}

/** What could stand at a place, as one phrase: "a type", "`,` or `)`". */
export function describeExpected(expected: readonly Expected[]): string {
  const solid = expected.filter((option) => !isOperator(option));
  const phrases = new Set((solid.length > 0 ? solid : expected).map((option) => phraseOf(option, expected)));
  if (phrases.has('a declaration')) return 'a declaration';
  return oneOf([...phrases]);
}

function phraseOf({ type, rule }: Expected, all: readonly Expected[]): string {
  if (expectsValue(all) && VALUE_RULES.has(rule)) return 'an expression';
  if (isOperator({ type, rule })) return 'an operator';
  if (rule === 'literal' && !LITERAL_SIGNS.has(type)) return 'a value';
  if (rule === 'pattern') return 'a value to match';
  if (rule === 'json') return 'a JSON value';
  if (all.length > MANY && STORE_RULES.has(rule)) return 'an item of the `store`';
  if (all.length > MANY && MEMBER_RULES.has(rule) && type !== t.RightCurly) return 'a field';
  if (type === t.Identifier) return NAMES[rule] ?? 'a name';
  if (type === t.word.pipeline && all.length > 5) return 'a declaration';
  return labelOf(type);
}

/** The token as the language writes it: in backticks, unless it is a kind of token. */
export function labelOf(type: TokenType): string {
  switch (type) {
    case t.TextLiteral:
      return 'text in double quotes';
    case t.NumberLiteral:
      return 'a number';
    case t.DurationLiteral:
      return 'a duration';
    case t.Identifier:
      return 'a name';
    default:
      return `\`${type.LABEL ?? type.name}\``;
  }
}

/** "a, b or c". */
export function oneOf(phrases: readonly string[]): string {
  if (phrases.length < 2) return phrases[0] ?? 'nothing more';
  return `${phrases.slice(0, -1).join(', ')} or ${phrases.at(-1)}`;
}
