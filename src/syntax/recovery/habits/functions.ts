import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { WRONG_SIGN } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import type { Habit } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';
import { endOfType } from './end-of-type.ts';

/** `fn f(s: text): text { return trim(s) }`. */
export const functionBody: Habit = (place) => {
  const { tokens, at } = place;
  if (at !== 0 || tokens[0]?.tokenType !== word.fn || tokens[2]?.tokenType !== t.LeftParen) return undefined;
  const close = closeOf(tokens, 2);
  const sign = tokens[close + 1];
  if (close < 0 || sign === undefined || !isName(tokens[close + 2])) return undefined;
  if (sign.tokenType !== t.Colon && sign.tokenType !== t.Arrow) return undefined;
  const typed = endOfType(place, close + 2);
  const open = tokens[typed + 1];
  if (open?.tokenType !== t.LeftCurly) return undefined;
  const end = closeOf(tokens, typed + 1);
  if (end < 0) return undefined;
  const start = typed + (tokens[typed + 2]?.image === 'return' ? 3 : 2);
  if (start >= end) return undefined;
  const type = spanText(spanOf(place, close + 2, typed));
  const without = `without braces${start === typed + 3 ? ' and `return`' : ''}`;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, close + 1, end),
      sign.tokenType === t.Arrow
        ? `a function is one expression after \`=\`, ${without}`
        : `a function has its type after \`->\` and one expression after \`=\`, ${without}`,
      {
        label: sign.tokenType === t.Arrow ? 'as in Rust' : 'as in TypeScript',
        help: `write \`-> ${type} = ${spanText(spanOf(place, start, end - 1))}\``,
      },
    ),
    from: close + 1,
    to: end + 1,
    insert: [
      inPlaceOf(sign, t.Arrow),
      ...tokens.slice(close + 2, typed + 1),
      inPlaceOf(open, t.Equal),
      ...tokens.slice(start, end),
    ],
    sure: true,
  };
};

/** `fn f(s) = trim(s)`. */
export const untypedFunction: Habit = (place) => {
  const { tokens, at } = place;
  if (at !== 0 || tokens[0]?.tokenType !== word.fn || tokens[2]?.tokenType !== t.LeftParen) return undefined;
  const close = closeOf(tokens, 2);
  if (close < 0) return undefined;
  const inside = tokens.slice(3, close);
  const untyped = inside.filter(
    (token, index) => isName(token) && isEnd(inside[index + 1]) && isEnd(inside[index - 1]),
  );
  if (untyped.length === 0) return undefined;
  const last = tokens[close];
  const result = tokens[close + 1]?.tokenType === t.Equal;
  const insert = inside.flatMap((token) =>
    untyped.includes(token)
      ? [token, emptyAt(endOf(token), t.Colon), emptyAt(endOf(token), t.Identifier, '')]
      : [token],
  );
  const parameters = spanText(spanOf(place, 3, close - 1))
    .split(',')
    .map((each) => (each.includes(':') ? each.trim() : `${each.trim()}: text`));
  if (last === undefined) return undefined;
  const names = untyped.map(({ image }) => `\`${image}\``).join(', ');
  return {
    finding: finding(
      WRONG_SIGN,
      spanOf(place, 2, close),
      `the parameter${untyped.length === 1 ? '' : 's'} ${names}${result ? ' and the result' : ''} of \`${tokens[1]?.image ?? ''}\` ${untyped.length === 1 && !result ? 'has' : 'have'} no type`,
      {
        label: 'expected a type for each',
        help: `write \`(${parameters.join(', ')})${result ? ' -> text' : ''}\`, with the types you mean`,
      },
    ),
    from: 3,
    to: close + 1,
    insert: [
      ...insert,
      last,
      ...(result ? [emptyAt(endOf(last), t.Arrow), emptyAt(endOf(last), t.Identifier, '')] : []),
    ],
    sure: false,
  };
};

function isEnd(token: { readonly tokenType: unknown } | undefined): boolean {
  return token === undefined || token.tokenType === t.Comma;
}
