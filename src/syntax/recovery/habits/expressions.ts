import * as t from '../../../../grammar/tokens.ts';
import { reserved, word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { FOREIGN_COMMENT } from '../../codes/words.ts';
import { sameLine } from '../../layout.ts';
import { inPlaceOf } from '../virtual.ts';
import type { Habit } from './habit.ts';
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
      'the values of an `if` stand behind `then` and `else`, without braces',
      {
        label: 'in braces',
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
