import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import type { Habit } from './habit.ts';
import { closeOf } from './habit.ts';
import { written } from './places.ts';
import { rewrite } from './rewrite.ts';
import { endOfType } from './end-of-type.ts';

/** `fn tidy s: text -> text = …`: without parentheses. */
export const bareParameters: Habit = (place) => {
  const { tokens, at } = place;
  if (at !== 2 || tokens[0]?.tokenType !== word.fn || !isName(tokens[1]) || !isName(tokens[2]))
    return undefined;
  const arrow = tokens.findIndex(({ tokenType }) => tokenType === t.Arrow);
  if (tokens[3]?.tokenType !== t.Colon || arrow < 4) return undefined;
  return rewrite(place, {
    ...{ from: 2, last: arrow - 1, text: `(${written(place, 2, arrow - 1)})`, code: MISSING_WORD },
    message: 'the parameters of a function stand in parentheses',
    label: 'not in parentheses',
  });
};

/** `fn tidy(text? s)`, `fn tidy(s: text = "")`: a parameter of another language. */
export const otherParameter: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[0]?.tokenType !== word.fn || tokens[2]?.tokenType !== t.LeftParen) return undefined;
  const close = closeOf(tokens, 2);
  if (at < 3 || at >= close) return undefined;
  const token = tokens[at];
  if (token?.tokenType === t.Equal)
    return rewrite(place, {
      ...{ from: at, last: at + 1, text: '', code: FOREIGN_SYNTAX },
      message: 'a parameter has no default: each call gives a value for it',
      label: 'as in TypeScript',
      help: 'leave it out',
    });
  const begins = tokens[at - 1]?.tokenType === t.LeftParen || tokens[at - 1]?.tokenType === t.Comma;
  if (!begins || !isName(token)) return undefined;
  const type = endOfType(place, at);
  const [name, next] = [tokens[type + 1], tokens[type + 2]];
  if (!isName(name) || (next?.tokenType !== t.Comma && next?.tokenType !== t.RightParen)) return undefined;
  if (!TYPES.test(token.image)) return undefined;
  return rewrite(place, {
    ...{ from: at, last: type + 1, text: `${name.image}: ${written(place, at, type)}`, code: FOREIGN_SYNTAX },
    message: 'the type of a parameter comes after its name and a `:`',
    label: 'the type comes first',
  });
};

const TYPES = /^(?:text|string|int|bigint|decimal|float|bool|boolean|date|time|timestamp|uuid|json|bytes)$/i;

/** `entity Order extends Base {`. */
export const inheritance: Habit = (place) => {
  const { tokens, at } = place;
  const [kind, name, sign, base, open] = tokens;
  if (at !== 2 || !/^(?:entity|shape)$/.test(kind?.image ?? '') || name === undefined) return undefined;
  if (!/^(?:extends|implements|includes|:)$/.test(sign?.image ?? '') || !isName(base)) return undefined;
  if (open?.tokenType !== t.LeftCurly) return undefined;
  return rewrite(place, {
    ...{ from: 2, last: 4, text: `{ ...${base.image}`, code: FOREIGN_SYNTAX },
    message: `the fields of a shape are taken over with \`...\``,
    label: 'as in TypeScript',
  });
};

/** `port: env("PORT")`: a value that is not in the file. */
export const settingCall: Habit = (place) => {
  const { tokens, at } = place;
  const [name, open] = [tokens[at], tokens[at + 1]];
  if (!/^(?:role|stream|pipeline)$/.test(tokens[0]?.image ?? '') || tokens[at - 1]?.tokenType !== t.Colon)
    return undefined;
  const close = isName(name) && open?.tokenType === t.LeftParen ? closeOf(tokens, at + 1) : -1;
  if (close < 0) return undefined;
  return rewrite(place, {
    ...{ from: at, last: close, text: name?.image ?? '', code: FOREIGN_SYNTAX },
    message: 'the value of a setting stands in the file: it is not computed',
    label: 'a call',
    help: 'write the value, such as `8080`, `30s` or `true`',
    sure: false,
  });
};

/** `a ** 2`. */
export const power: Habit = (place) => {
  const { tokens, at } = place;
  const [first, second, exponent] = tokens.slice(at, at + 3);
  if (first?.tokenType !== t.Star || second?.tokenType !== t.Star || exponent?.image !== '2')
    return undefined;
  let from = at - 1;
  while (isName(tokens[from]) && tokens[from - 1]?.tokenType === t.Dot) from -= 2;
  const value = written(place, from, at - 1);
  return rewrite(place, {
    ...{ from, last: at + 2, text: `${value} * ${value}`, code: FOREIGN_SYNTAX },
    message: '`**` is not an operator',
    label: 'as in Python',
  });
};
