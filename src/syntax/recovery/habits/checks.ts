import * as t from '../../../../grammar/tokens.ts';
import { reserved, word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf } from './habit.ts';
import { inMembers, lastOfLine, written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** Words between a check and its message. */
const BEFORE_MESSAGE = /^(?:,|:|=|->|=>|else|message|as|or|because|msg)$/;

/** `check celsius >= 0 colder than zero`, `check celsius >= 0, "colder than zero"`. */
export const checkMessage: Habit = (place) => {
  const { file, tokens, at } = place;
  const [before, first] = [tokens[at - 1], tokens[at]];
  if (before === undefined || first === undefined || !inMembers(place)) return undefined;
  const check = checkBefore(tokens, at);
  const start = tokens[check];
  if (start === undefined || tokens[check + 1]?.tokenType === t.Colon) return undefined;
  if (!sameLine(file, start.startOffset, first.startOffset)) return undefined;
  if (isInside(tokens.slice(check, at))) return undefined;
  const [next, third] = [tokens[at + 1], tokens[at + 2]];
  if (
    /^(?:message|msg|error|reason)$/.test(first.image) &&
    /^[:=]$/.test(next?.image ?? '') &&
    third?.tokenType === t.TextLiteral
  )
    return rewrite(place, {
      ...{ from: at, last: at + 2, text: third.image, code: FOREIGN_SYNTAX },
      message: 'the message of a `check` follows its condition at once',
      label: `\`${first.image}${next?.image ?? ''}\` is not needed`,
      help: `write ${third.image}`,
    });
  const sign = BEFORE_MESSAGE.test(first.image);
  if (sign && tokens[at + 1]?.tokenType === t.TextLiteral && first.tokenType !== reserved.or)
    return rewrite(place, {
      ...{ from: at, last: at + 1, text: tokens[at + 1]?.image ?? '""', code: FOREIGN_SYNTAX },
      message: 'the message of a `check` follows its condition at once',
      label: `\`${first.image}\` is not needed`,
      help: `write ${tokens[at + 1]?.image ?? '""'}`,
    });
  return looseWords(place, check);
};

/** The index of the `check` that a place may be in; -1 where there is none near. */
function checkBefore(tokens: Place['tokens'], at: number): number {
  for (let index = at - 2; index >= 0 && index > at - LONGEST_CHECK; index -= 1)
    if (tokens[index]?.tokenType === word.check) return index;
  return -1;
}

/** Nobody writes more tokens in one line. */
const LONGEST_CHECK = 60;

/** Whether a bracket is open at the end of some tokens. */
function isInside(tokens: Place['tokens']): boolean {
  const opens = tokens.filter(({ image }) => /^[([{]$/.test(image)).length;
  return opens !== tokens.filter(({ image }) => /^[)\]}]$/.test(image)).length;
}

function looseWords(place: Place, check: number) {
  const { file, tokens, at } = place;
  const [before, first] = [tokens[at - 1], tokens[at]];
  // A value has to end before the first word, and nothing but words may follow.
  if (!isName(first) || before === undefined || !endsValue(before.tokenType) || at < check + 2)
    return undefined;
  let last = at - 1;
  for (let index = at; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined || !sameLine(file, first.startOffset, token.startOffset)) break;
    const next = tokens[index + 1];
    if (next?.tokenType === t.Colon || next?.tokenType === t.Equal) break;
    if (token.tokenType === word.store && next !== undefined && isName(next)) break;
    if (!/^[A-Za-z_]\w*$/.test(token.image)) {
      if (token.tokenType !== t.RightCurly) return undefined;
      break;
    }
    last = index;
  }
  if (last < at || (last === at && /^(?:is|in|like|between|and|or|not)$/i.test(first.image)))
    return undefined;
  if (/^(?:is|in|like|between|if)$/i.test(first.image)) return undefined;
  const text = JSON.stringify(written(place, at, last));
  return rewrite(place, {
    ...{ from: at, last, text, code: FOREIGN_SYNTAX },
    message: 'the message of a `check` is a text in double quotes',
    label: 'without quotes',
    help: `write ${text}`,
  });
}

const VALUES = new Set([
  ...[t.Identifier, t.NumberLiteral, t.TextLiteral, t.DurationLiteral, t.RightParen, t.RightSquare],
  ...[t.RightCurly, reserved.true, reserved.false, reserved.null],
]);

function endsValue(type: Place['tokens'][number]['tokenType']): boolean {
  return VALUES.has(type);
}

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
