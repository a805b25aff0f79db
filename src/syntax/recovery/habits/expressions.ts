import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved, word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { FOREIGN_COMMENT } from '../../codes/words.ts';
import { sameLine } from '../../layout.ts';
import { isName } from '../../is-name.ts';
import { asText } from '../as-text.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf, touches } from './habit.ts';

/** `if (c) { a } else { b }`. */
export const ifWithBraces: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[at]?.tokenType !== reserved.if) return undefined;
  const open = tokens.findIndex(
    ({ tokenType }, index) => index > at && (tokenType === t.LeftCurly || tokenType === reserved.then),
  );
  const brace = tokens[open];
  if (brace?.tokenType !== t.LeftCurly) return undefined;
  const close = closeOf(tokens, open);
  const [other, second] = [tokens[close + 1], tokens[close + 2]];
  if (close < 0 || other?.tokenType !== reserved.else || second?.tokenType !== t.LeftCurly) return undefined;
  const end = closeOf(tokens, close + 2);
  if (end < 0) return undefined;
  const [yes, no] = [
    spanText(spanOf(place, open + 1, close - 1)),
    spanText(spanOf(place, close + 3, end - 1)),
  ];
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, open, end),
      'the values of an `if` come after `then` and `else`, without braces',
      {
        label: 'as in TypeScript',
        help: `write \`then ${yes} else ${no}\``,
      },
    ),
    from: open,
    to: end + 1,
    insert: [
      inPlaceOf(brace, reserved.then),
      ...tokens.slice(open + 1, close),
      other,
      ...tokens.slice(close + 3, end),
    ],
    sure: true,
  };
};

/** `case when c then a else b end` of SQL. */
export const caseWhen: Habit = (place) => {
  const { tokens, at } = place;
  const [first, when] = [tokens[at], tokens[at + 1]];
  if (first?.image.toLowerCase() !== 'case' || when?.tokenType !== word.when) return undefined;
  const last = tokens.findIndex(({ image }, index) => index > at && image.toLowerCase() === 'end');
  if (last < 0) return undefined;
  const inner = tokens.slice(at + 2, last);
  const insert = inner.flatMap((token) =>
    token.tokenType === word.when
      ? [inPlaceOf(token, reserved.else), inPlaceOf(token, reserved.if)]
      : [token],
  );
  const text = spanText(spanOf(place, at + 2, last - 1)).replaceAll(/\bwhen\b/g, 'else if');
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      '`case` is written with `if`, `then` and `else`',
      {
        label: 'as in SQL',
        help: `write \`if ${text}\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [inPlaceOf(first, reserved.if), ...insert],
    sure: true,
  };
};

/** `a || b` of SQL, where one of them is a text for certain: with others it may be the `or` of TypeScript. */
export const joinedTexts: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[at]?.tokenType !== mistakes.orOr) return undefined;
  const from = operandBefore(tokens, at);
  if (from === undefined) return undefined;
  let to = at;
  for (;;) {
    const end = operandAfter(tokens, to + 1);
    if (end === undefined) return undefined;
    to = end;
    if (tokens[to]?.tokenType !== mistakes.orOr) break;
  }
  // An operator that binds more tightly would be cut in two.
  if (OPERATORS.has(tokens[from - 1]?.tokenType) || OPERATORS.has(tokens[to]?.tokenType)) return undefined;
  const operands = tokens.slice(from, to);
  const texts = new Set(
    tokens.flatMap(({ tokenType, image }, index) =>
      image === 'text' && tokens[index - 1]?.tokenType === t.Colon && tokenType !== t.TextLiteral
        ? [tokens[index - 2]?.image]
        : [],
    ),
  );
  if (!operands.some((token) => token.tokenType === t.TextLiteral || texts.has(token.image)))
    return undefined;
  const [first, last] = [tokens[from], tokens[to - 1]];
  if (first === undefined || last === undefined) return undefined;
  const parts = partsOf(place, from, to);
  const text = parts.map(({ text: part }) => part).join(', ');
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, from, to - 1),
      '`||` is not an operator: `concat` joins texts',
      {
        label: 'as in SQL',
        help: `write \`concat(${text})\``,
      },
    ),
    from,
    to,
    insert: [
      emptyAt(first.startOffset, t.Identifier, 'concat'),
      emptyAt(first.startOffset, t.LeftParen),
      ...parts.flatMap(({ tokens: part, sign }) => [
        ...part,
        ...(sign === undefined ? [] : [inPlaceOf(sign, t.Comma)]),
      ]),
      emptyAt(endOf(last), t.RightParen),
    ],
    sure: true,
  };
};

interface Part {
  readonly text: string;
  readonly tokens: readonly IToken[];
  /** The `||` behind it. */
  readonly sign: IToken | undefined;
}

/** The operands between `||`, in `to_text` where they are no texts. */
function partsOf(place: Place, from: number, to: number): readonly Part[] {
  const parts: Part[] = [];
  let start = from;
  for (let index = from; index <= to; index += 1) {
    if (index < to && place.tokens[index]?.tokenType !== mistakes.orOr) continue;
    const own = place.tokens.slice(start, index);
    const [first, last] = [own[0], own.at(-1)];
    const sign = index < to ? place.tokens[index] : undefined;
    const written = spanText(spanOf(place, start, index - 1));
    const text = first?.tokenType === t.TextLiteral ? written : asText(place.file, written);
    start = index + 1;
    if (first === undefined || last === undefined) continue;
    const called =
      text === written
        ? own
        : [
            emptyAt(first.startOffset, t.Identifier, 'to_text'),
            emptyAt(first.startOffset, t.LeftParen),
            ...own,
            emptyAt(endOf(last), t.RightParen),
          ];
    parts.push({ text, tokens: called, sign });
  }
  return parts;
}

const OPERATORS = new Set<TokenType | undefined>([
  ...[t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Dot, t.QuestionQuestion, t.EqualEqual, t.NotEqual],
  ...[t.Less, t.LessEqual, t.Greater, t.GreaterEqual, t.LeftParen],
]);

/** The index at which a text or a path ends that begins at an index. */
function operandAfter(tokens: readonly IToken[], at: number): number | undefined {
  if (tokens[at]?.tokenType === t.TextLiteral) return at + 1;
  if (!isName(tokens[at])) return undefined;
  let end = at + 1;
  while (tokens[end]?.tokenType === t.Dot && isName(tokens[end + 1])) end += 2;
  return end;
}

function operandBefore(tokens: readonly IToken[], end: number): number | undefined {
  if (tokens[end - 1]?.tokenType === t.TextLiteral) return end - 1;
  if (!isName(tokens[end - 1])) return undefined;
  let from = end - 1;
  while (tokens[from - 1]?.tokenType === t.Dot && isName(tokens[from - 2])) from -= 2;
  return from;
}

const CONVERSIONS: ReadonlyMap<string, string> = new Map([
  ['text', 'to_text'],
  ['varchar', 'to_text'],
  ...['int', 'bigint', 'decimal', 'bool', 'date', 'timestamp'].map(
    (type) => [type, `parse_${type}`] as const,
  ),
  ['integer', 'parse_int'],
  ['numeric', 'parse_decimal'],
  ['boolean', 'parse_bool'],
]);

/** `count::text` of Postgres. */
export const doubleColon: Habit = (place) => {
  const { tokens, at } = place;
  const [first, second, type] = tokens.slice(at, at + 3);
  if (first?.tokenType !== t.Colon || second?.tokenType !== t.Colon || !touches(first, second))
    return undefined;
  const from = operandBefore(tokens, at);
  const call = CONVERSIONS.get(type?.image.toLowerCase() ?? '');
  const start = from === undefined ? undefined : tokens[from];
  if (from === undefined || start === undefined || call === undefined || type === undefined) return undefined;
  const value = spanText(spanOf(place, from, at - 1));
  return {
    finding: finding(FOREIGN_SYNTAX, spanOf(place, from, at + 2), '`::` is not an operator', {
      label: 'as in Postgres',
      help: `write \`${call}(${value})\``,
    }),
    from,
    to: at + 3,
    insert: [
      inPlaceOf(start, t.Identifier, call),
      emptyAt(start.startOffset, t.LeftParen),
      ...tokens.slice(from, at),
      inPlaceOf(type, t.RightParen),
    ],
    sure: true,
  };
};

/** `-- what it is` of SQL. */
export const dashComment: Habit = (place) => {
  const { file, tokens, at } = place;
  const [first, second, before] = [tokens[at], tokens[at + 1], tokens[at - 1]];
  if (first?.tokenType !== t.Minus || second?.tokenType !== t.Minus || !touches(first, second))
    return undefined;
  const value = before?.tokenType === t.Equal || before?.tokenType === t.LeftParen;
  if (value && before !== undefined && sameLine(file, before.startOffset, first.startOffset))
    return undefined;
  const end = tokens.findIndex(
    (token, index) => index > at && !sameLine(file, first.startOffset, token.startOffset),
  );
  return {
    finding: finding(FOREIGN_COMMENT, spanOf(place, at, at + 1), 'a comment starts with `//`', {
      label: 'as in SQL',
      help: 'write `//`',
    }),
    from: at,
    to: end < 0 ? tokens.length : end,
    insert: [],
    sure: true,
  };
};
