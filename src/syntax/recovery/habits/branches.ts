import type { TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { reserved } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { foreignTypes } from '../../foreign-types.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf } from './habit.ts';
import { beginsValue, depthAt, endsOperand, inMatch, lastOfLine, pathFrom, written } from './places.ts';
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

/** `pos: item.pos`, `pos: lower(x)`, `pos: 3`: a value where a type would stand. */
export const valueAsType: Habit = (place) => {
  const { tokens, at } = place;
  const [name, colon, first, next, third] = tokens.slice(at, at + 5);
  if (!isName(name) || colon?.tokenType !== t.Colon || first === undefined) return undefined;
  const kind = tokens[0]?.image ?? '';
  if (!/^(?:entity|shape|derive)$/.test(kind) || depthAt(place) !== 1 || tokens[at - 1]?.tokenType === t.At)
    return undefined;
  const dotted = isName(first) && next?.tokenType === t.Dot && isName(third);
  const typed =
    foreignTypes.has(first.image.toLowerCase()) || /^(?:text|decimal|int|bigint)$/.test(first.image);
  const called =
    !typed && isName(first) && next?.tokenType === t.LeftParen && third?.tokenType !== t.NumberLiteral;
  const literal =
    first.tokenType === t.NumberLiteral ||
    first.tokenType === reserved.if ||
    first.tokenType === reserved.match;
  if (!dotted && !(called && isName(third)) && !literal) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 1, text: `${name.image} =`, code: MISSING_WORD },
    message: 'a field has `=` before its value; after `:` stands its type',
    label: 'expected `=` here',
  });
};

const CHECKS = /^(?:assert|validate|constraint|require|requires|ensure|rule|invariant|verify)$/i;

/** `assert rev >= 0`, `check(rev >= 0, "too low")`, `check "too low" rev >= 0`. */
export const checkForm: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (token === undefined || next === undefined || !/^(?:entity|shape|derive)$/.test(tokens[0]?.image ?? ''))
    return undefined;
  if (CHECKS.test(token.image) && at > 2 && next.tokenType !== t.Colon && next.tokenType !== t.Equal)
    return rewrite(place, {
      ...{ from: at, last: at, text: 'check', code: FOREIGN_SYNTAX },
      message: 'a rule for the values of a message is a `check`',
      label: 'as in other languages',
    });
  if (token.image !== 'check') return undefined;
  const close = next.tokenType === t.LeftParen ? closeOf(tokens, at + 1) : -1;
  if (tokens[close - 1]?.tokenType === t.TextLiteral && tokens[close - 2]?.tokenType === t.Comma) {
    const text = `check ${written(place, at + 2, close - 3)} ${tokens[close - 1]?.image ?? ''}`;
    return rewrite(place, {
      ...{ from: at, last: close, text, code: FOREIGN_SYNTAX },
      message: 'a `check` is no call: its message follows its condition',
      label: 'in parentheses',
    });
  }
  const value = tokens[at + 2];
  const starts = value !== undefined && (value.tokenType === reserved.not || isName(value));
  if (next.tokenType !== t.TextLiteral || !starts || value.image === 'check') return undefined;
  const last = lastOfLine(place, at);
  if (last < at + 3 || tokens[at + 3]?.tokenType === t.Colon || tokens[at + 3]?.tokenType === t.Equal)
    return undefined;
  return rewrite(place, {
    ...{ from: at, last, code: FOREIGN_SYNTAX },
    text: `check ${written(place, at + 2, last)} ${next.image}`,
    message: 'the message of a `check` comes after its condition',
    label: 'in the wrong order',
  });
};
