import type { TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf } from './habit.ts';
import { BEFORE_VALUE, endsOperand, inMatch, lastOfLine, pathFrom, written } from './places.ts';
import { rewrite } from './rewrite.ts';

const COMPARES = new Set<TokenType | undefined>([
  ...[t.EqualEqual, t.NotEqual, t.Less, t.LessEqual, t.Greater, t.GreaterEqual],
  ...[mistakes.strictEqual, mistakes.strictNotEqual],
]);

/** `!r.faulty`, `!contains(a, b)`, `!(a and b)`. */
export const bangBefore: Habit = (place) => {
  const { tokens, at } = place;
  const next = tokens[at + 1];
  if (tokens[at]?.tokenType !== mistakes.bang || next === undefined || endsOperand(tokens[at - 1]))
    return undefined;
  const path = pathFrom(tokens, at + 1);
  const open = path === undefined ? at + 1 : path + 1;
  const called = tokens[open]?.tokenType === t.LeftParen ? closeOf(tokens, open) : -1;
  const last = called > 0 ? called : (path ?? -1);
  if (last < 0) return undefined;
  const value = written(place, at + 1, last);
  // `not` takes the whole comparison, `!` only what stands beside it.
  const text = COMPARES.has(tokens[last + 1]?.tokenType) ? `(not ${value})` : `not ${value}`;
  const inner = path === undefined ? at : last;
  return rewrite(place, {
    ...{ from: at, last: inner, text: inner === at ? 'not' : text, code: FOREIGN_SYNTAX },
    message: '`!` is not an operator',
    label: 'as in TypeScript',
  });
};

/** `"fire" if r.celsius > 100 else "hot"`. */
export const pythonIf: Habit = (place) => {
  const { file, tokens, at } = place;
  const [token, before] = [tokens[at], tokens[at - 1]];
  if (token?.tokenType !== reserved.if || before === undefined || !endsOperand(before)) return undefined;
  if (!sameLine(file, before.startOffset, token.startOffset)) return undefined;
  const start = startOfValue(place);
  const end = lastOfLine(place, at);
  const other = tokens.findIndex(
    ({ tokenType }, index) => index > at && index < end && tokenType === reserved.else,
  );
  const then = tokens.findIndex(
    ({ tokenType }, index) => index > at && index < end && tokenType === reserved.then,
  );
  if (start === undefined || other <= at + 1 || then >= 0) return undefined;
  const last = endOfValue(place, other + 1, end);
  const [value, condition, rest] = [
    written(place, start, at - 1),
    written(place, at + 1, other - 1),
    written(place, other + 1, last),
  ];
  return rewrite(place, {
    ...{ from: start, last, text: `if ${condition} then ${value} else ${rest}`, code: FOREIGN_SYNTAX },
    message: 'the condition of an `if` comes before its values',
    label: 'as in Python',
  });
};

/** The index at which the value before a place begins. */
function startOfValue({ tokens, at }: Place): number | undefined {
  let depth = 0;
  for (let index = at - 1; index > 0; index -= 1) {
    const type = tokens[index]?.tokenType;
    if (type === t.RightParen || type === t.RightSquare) depth += 1;
    if (depth === 0 && BEFORE_VALUE.has(type)) return index + 1 < at ? index + 1 : undefined;
    if (type === t.LeftParen || type === t.LeftSquare) depth -= 1;
    if (depth < 0 || type === t.LeftCurly) return undefined;
  }
  return undefined;
}

/** The index of the last token of a value that begins at an index: up to a comma that no parentheses hold. */
function endOfValue({ tokens }: Place, from: number, end: number): number {
  let depth = 0;
  for (let index = from; index <= end; index += 1) {
    const type = tokens[index]?.tokenType;
    if (type === t.LeftParen) depth += 1;
    if (type === t.RightParen) depth -= 1;
    if (depth < 0 || (depth === 0 && type === t.Comma)) return index - 1;
    const next = tokens[index + 1];
    if (isName(tokens[index + 1]) && index + 2 <= end) {
      const sign = tokens[index + 2]?.tokenType;
      if (next !== undefined && (sign === t.Equal || sign === t.Colon)) return index;
    }
  }
  return end;
}

/** `case Method.Card ->`, `when Method.Card ->` in a `match`. */
export const caseArm: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || !/^(?:case|when)$/i.test(token.image)) return undefined;
  if (tokens[at - 1]?.tokenType === reserved.match || !inMatch(place)) return undefined;
  const next = tokens[at + 1];
  const last = next?.tokenType === t.TextLiteral ? at + 1 : pathFrom(tokens, at + 1);
  const sign = last === undefined ? undefined : tokens[last + 1];
  if (last === undefined || sign === undefined || !/^(?:->|=>|:|then)$/.test(sign.image)) return undefined;
  return rewrite(place, {
    ...{ from: at, last: last + 1, text: `${written(place, at + 1, last)} ->`, code: FOREIGN_SYNTAX },
    message: `an arm of a \`match\` has no \`${token.image}\``,
    label: 'as in other languages',
  });
};

/** `default: "x"`, `_ => "x"`, `otherwise -> "x"`, `else: "x"` in a `match`. */
export const otherwiseArm: Habit = (place) => {
  const { tokens, at } = place;
  const [token, sign] = [tokens[at], tokens[at + 1]];
  if (token === undefined || sign === undefined || !inMatch(place)) return undefined;
  const rest = /^(?:default|otherwise|_|any|others?|\*)$/i.test(token.image);
  if (!rest && token.tokenType !== reserved.else) return undefined;
  const arrow = sign.tokenType === t.Arrow;
  // `else =>` has the one fault that the other arms have.
  if (!/^(?:->|=>|:|=)$/.test(sign.image) || (!rest && (arrow || sign.image === '=>'))) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 1, text: 'else ->', code: FOREIGN_SYNTAX },
    message: 'the last arm of a `match` is `else ->`',
    label: 'as in other languages',
  });
};
