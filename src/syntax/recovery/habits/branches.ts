import type { TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { reserved } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf } from './habit.ts';
import { beginsValue, endsOperand, inMatch, lastOfLine, pathFrom, written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** `if c: a else: b` of Python. */
export const ifColon: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[at]?.tokenType !== reserved.if) return undefined;
  const end = lastOfLine(place, at);
  const indexOf = (type: TokenType, from: number): number =>
    tokens.findIndex(({ tokenType }, index) => index > from && index <= end && tokenType === type);
  const colon = indexOf(t.Colon, at);
  const other = indexOf(reserved.else, at);
  if (colon < at + 2 || other < colon + 2 || indexOf(reserved.then, at) >= 0) return undefined;
  const last = tokens[other + 1]?.tokenType === t.Colon ? other + 1 : other;
  const [condition, value] = [written(place, at + 1, colon - 1), written(place, colon + 1, other - 1)];
  return rewrite(place, {
    ...{ from: at, last, text: `if ${condition} then ${value} else`, code: FOREIGN_SYNTAX },
    message: 'the values of an `if` come after `then` and `else`, without `:`',
    label: 'as in Python',
  });
};

/** `elif c then`, `elseif c then`. */
export const elseIf: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || !/^(?:elif|elseif|elsif)$/i.test(token.image)) return undefined;
  if (!endsOperand(tokens[at - 1])) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text: 'else if', code: FOREIGN_SYNTAX },
    message: `another condition comes after \`else if\`, found \`${token.image}\``,
    label: /^elif$/i.test(token.image) ? 'as in Python' : 'as in other languages',
  });
};

/** `if c then a else b end`. */
export const ifEnd: Habit = (place) => {
  const { file, tokens, at } = place;
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token === undefined || before === undefined || !/^(?:end|fi|endif)$/i.test(token.image))
    return undefined;
  if (next?.tokenType === t.Colon || next?.tokenType === t.Equal || !endsOperand(before)) return undefined;
  const first = tokens.findLast(({ tokenType }, index) => index < at && tokenType === reserved.if);
  if (first === undefined || !sameLine(file, first.startOffset, token.startOffset)) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text: '', code: FOREIGN_SYNTAX },
    message: `an \`if\` has no \`${token.image}\``,
    label: 'as in SQL',
    help: 'leave it out',
  });
};

/** `switch p.state {`, `when (p.state) {`. */
export const switchWord: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || !/^(?:switch|case|when|select)$/i.test(token.image)) return undefined;
  if (!beginsValue(tokens, at)) return undefined;
  const last = tokens[at + 1]?.tokenType === t.LeftParen ? closeOf(tokens, at + 1) : pathFrom(tokens, at + 1);
  if (last === undefined || last < 0 || tokens[last + 1]?.tokenType !== t.LeftCurly) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text: 'match', code: FOREIGN_SYNTAX },
    message: 'a choice between values is a `match`',
    label: 'as in other languages',
  });
};

/** `match p.state with {`. */
export const matchWith: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || tokens[at + 1]?.tokenType !== t.LeftCurly) return undefined;
  if (!/^(?:with|of|do|in|on|:|->)$/.test(token.image)) return undefined;
  let start = at - 1;
  while (start > 0 && endsPath(tokens, start)) start -= 1;
  if (tokens[start]?.tokenType !== reserved.match) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text: '', code: FOREIGN_SYNTAX },
    message: 'the arms of a `match` follow its value at once',
    label: `\`${token.image}\` is not needed`,
    help: 'leave it out',
  });
};

function endsPath(tokens: Place['tokens'], at: number): boolean {
  return /^(?:\w+|\.|\?\.|\(|\))$/.test(tokens[at]?.image ?? '') && tokens[at]?.tokenType !== reserved.match;
}

/** `A | B -> x`, `A, B -> x`: several patterns of one arm. */
export const manyPatterns: Habit = (place) => {
  const { file, tokens, at } = place;
  if (!isName(tokens[at]) || !inMatch(place)) return undefined;
  const patterns: string[] = [];
  let index = at;
  for (;;) {
    const last = pathFrom(tokens, index);
    if (last === undefined || patterns.length > MAX_PATTERNS) return undefined;
    patterns.push(written(place, index, last));
    const [end, next] = [tokens[last], tokens[last + 1]];
    if (end === undefined || next === undefined) return undefined;
    index = last + 1;
    if (next.tokenType === t.Arrow) break;
    const bar = /^\s*\|\s*$/.test(file.text.slice(end.startOffset + end.image.length, next.startOffset));
    if (!bar && next.tokenType !== t.Comma && next.tokenType !== reserved.or) return undefined;
    if (!bar) index += 1;
  }
  const value = tokens[index + 1]?.tokenType === t.TextLiteral ? index + 1 : pathFrom(tokens, index + 1);
  const number = tokens[index + 1]?.tokenType === t.NumberLiteral ? index + 1 : value;
  if (patterns.length < 2 || number === undefined) return undefined;
  const shown = written(place, index + 1, number);
  return rewrite(place, {
    ...{ from: at, last: number, code: FOREIGN_SYNTAX },
    text: patterns.map((pattern) => `${pattern} -> ${shown}`).join('  '),
    message: 'an arm of a `match` has one value before its `->`',
    label: 'several values',
  });
};

/** Nobody writes more of them. */
const MAX_PATTERNS = 20;
