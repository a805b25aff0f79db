import type { TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { reserved } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD, TYPE_ORDER } from '../../codes/structure.ts';
import { foreignTypes } from '../../foreign-types.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Habit } from './habit.ts';
import { closeOf } from './habit.ts';
import { inMembers, lastOfLine, written } from './places.ts';
import { rewrite } from './rewrite.ts';
import { endsAttribute, endsType } from './end-of-type.ts';

const LITERALS = new Set<TokenType | undefined>([
  ...[t.TextLiteral, t.NumberLiteral, reserved.true, reserved.false, reserved.null],
]);
const WITH_VALUE = /^(?:default|json)$/i;

/** `@default 3`, `@default: 3`, and `default(3)` without the sign. */
export const looseAttribute: Habit = (place) => {
  const { tokens, at } = place;
  const [first, second, third] = tokens.slice(at, at + 3);
  if (first === undefined || second === undefined || !inMembers(place)) return undefined;
  if (first.tokenType === t.At && WITH_VALUE.test(second.image)) {
    const signed = third?.tokenType === t.Colon || third?.tokenType === t.Equal;
    const value = tokens[at + (signed ? 3 : 2)];
    if (value === undefined || !LITERALS.has(value.tokenType)) return undefined;
    return rewrite(place, {
      ...{ from: at, last: at + (signed ? 3 : 2), text: `@${second.image}(${value.image})` },
      code: MISSING_WORD,
      message: 'the value of an attribute stands in parentheses',
      label: signed ? `with \`${third.image}\`` : 'not in parentheses',
    });
  }
  const behind = endsType(place, at - 1) || endsAttribute(place, at - 1);
  if (!behind || !WITH_VALUE.test(first.image) || second.tokenType !== t.LeftParen) return undefined;
  const close = closeOf(tokens, at + 1);
  if (close < 0) return undefined;
  return rewrite(place, {
    ...{ from: at, last: close, text: `@${written(place, at, close)}`, code: FOREIGN_SYNTAX },
    message: 'an attribute begins with `@`',
    label: 'without `@`',
  });
};

const SIZED = /^(?:text|varchar|char|string|decimal|numeric)$/i;

/** `text 80`, `decimal 8, 2`, `decimal[8, 2]`, `decimal<8, 2>`, `text(max)`: the parameters of a type. */
export const looseParameters: Habit = (place) => {
  const { tokens, at } = place;
  const [type, open, one] = tokens.slice(at, at + 3);
  if (!isName(type) || !SIZED.test(type.image) || tokens[at - 1]?.tokenType !== t.Colon) return undefined;
  if (!inMembers(place) || open === undefined) return undefined;
  const ours = (foreignTypes.get(type.image.toLowerCase()) ?? type.image).replace(/\(.*/, '');
  if (open.tokenType === t.LeftParen && /^max$/i.test(one?.image ?? '')) {
    const close = closeOf(tokens, at + 1);
    if (close !== at + 3) return undefined;
    return rewrite(place, {
      ...{ from: at, last: close, text: 'text', code: TYPE_ORDER },
      message: 'a `text` without a length may be of any length',
      label: 'as in SQL',
    });
  }
  const bracket = /^[[<]$/.test(open.image);
  const from = bracket ? at + 2 : at + 1;
  let last = from;
  while (tokens[last + 1]?.tokenType === t.Comma && tokens[last + 2]?.tokenType === t.NumberLiteral)
    last += 2;
  if (tokens[from]?.tokenType !== t.NumberLiteral) return undefined;
  // `text[10]` is a list with a length.
  if (open.image === '[' && last === from) return undefined;
  const end = bracket ? last + 1 : last;
  if (bracket && !/^[\]>]$/.test(tokens[end]?.image ?? '')) return undefined;
  return rewrite(place, {
    ...{ from: at, last: end, text: `${ours}(${written(place, from, last)})`, code: TYPE_ORDER },
    message: 'the parameters of a type stand in parentheses',
    label: bracket ? 'in other brackets' : 'not in parentheses',
  });
};

const RULES = /^(?:>|>=|<|<=|==|!=|between|in|matches|like)$/i;

/** `rev: int > 0`, `rev: int between 1 and 5`: a rule behind a type. */
export const ruleBehindType: Habit = (place) => {
  const { file, tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || !RULES.test(token.image) || !endsType(place, at - 1) || !inMembers(place))
    return undefined;
  const colon = tokens.findLastIndex(({ tokenType }, index) => index < at && tokenType === t.Colon);
  const [name, next] = [tokens[colon - 1], tokens[at + 1]];
  if (!isName(name) || next === undefined || !sameLine(file, token.startOffset, next.startOffset))
    return undefined;
  const last = lastOfLine(place, at);
  const rule = written(place, at, last);
  const bounds = /^between\s+(\S+)\s+and\s+(\S+)$/i.exec(rule);
  const condition =
    bounds === null
      ? `${name.image} ${rule}`
      : `${bounds[1] ?? ''} <= ${name.image} and ${name.image} <= ${bounds[2] ?? ''}`;
  if (bounds === null && /^[a-z]/i.test(rule)) return undefined;
  return rewrite(place, {
    ...{ from: at, last, text: `check ${condition}`, code: FOREIGN_SYNTAX },
    message: `a rule for \`${name.image}\` is a \`check\``,
    label: 'behind the type',
  });
};
