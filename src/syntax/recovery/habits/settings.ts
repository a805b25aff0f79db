import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { BAD_NUMBER } from '../../codes/words.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import { withUnit } from '../bad-number.ts';
import type { Fix } from '../stuck.ts';
import type { Habit, Place } from './habit.ts';
import { rewrite } from './rewrite.ts';

const SETTINGS = new Set<TokenType | undefined>([word.stream, word.role, word.pipeline]);

/** `7 days`, `10 GB`. */
export const unitApart: Habit = (place) => {
  const { file, tokens, at } = place;
  const [number, unit, next] = tokens.slice(at, at + 3);
  if (number?.tokenType !== t.NumberLiteral || !isName(unit)) return undefined;
  if (!sameLine(file, number.startOffset, unit.startOffset)) return undefined;
  if (next?.tokenType === t.Colon || next?.tokenType === t.Equal || next?.tokenType === t.LeftParen)
    return undefined;
  const text = withUnit(number.image, unit.image);
  if (text === undefined) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 1, text, code: BAD_NUMBER },
    message: `a ${text.endsWith('B') ? 'size' : 'duration'} is one word, without a blank`,
    label: 'a number and a unit apart',
  });
};

/** `1s-1m`, `[1s, 1m]`, `1s to 1m`. */
export const rangeSign: Habit = (place) => {
  const { tokens, at } = place;
  if (!SETTINGS.has(tokens[0]?.tokenType) || tokens[at - 1]?.tokenType !== t.Colon) return undefined;
  const opens = tokens[at]?.tokenType === t.LeftSquare || tokens[at]?.tokenType === t.LeftParen;
  const from = opens ? at + 1 : at;
  const [low, sign, high, close] = tokens.slice(from, from + 4);
  if (sign?.tokenType === t.Range) return unitOnce(place);
  if (low?.tokenType !== t.DurationLiteral || sign === undefined) return undefined;
  if (!/^(?:-|:|,|\.\.\.|->|to|until|and|\/)$/.test(sign.image) || high?.tokenType !== t.DurationLiteral)
    return undefined;
  const closes = close?.tokenType === t.RightSquare || close?.tokenType === t.RightParen;
  if (opens !== closes) return undefined;
  return rewrite(place, {
    ...{ from: at, last: from + (opens ? 3 : 2), text: `${low.image}..${high.image}` },
    code: FOREIGN_SYNTAX,
    message: 'a range of durations is written with `..`',
    label: opens ? 'in brackets' : `with \`${sign.image}\``,
  });
};

/** `1..60s` and `1s..60`: a unit that is said once. */
function unitOnce(place: Place): Fix | undefined {
  const { tokens, at } = place;
  const [low, high] = [tokens[at], tokens[at + 2]];
  if (low === undefined || high === undefined) return undefined;
  const numbers = [low, high].filter(({ tokenType }) => tokenType === t.NumberLiteral).length;
  const unit = /[a-z]+$/.exec(low.tokenType === t.DurationLiteral ? low.image : high.image)?.[0];
  // `1s .. 1 m` has its unit apart.
  if (numbers !== 1 || unit === undefined || isUnit(tokens[at + 3])) return undefined;
  const full = [low, high].map(({ image }) => (/[a-z]$/.test(image) ? image : `${image}${unit}`));
  return rewrite(place, {
    ...{ from: at, last: at + 2, text: full.join('..'), code: BAD_NUMBER },
    message: 'a range of durations has a unit on both sides',
    label: 'one side without a unit',
  });
}

function isUnit(token: IToken | undefined): boolean {
  return token !== undefined && withUnit('1', token.image) !== undefined;
}
