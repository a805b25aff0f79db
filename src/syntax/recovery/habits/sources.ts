import type { TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD, WRONG_SIGN } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, touches } from './habit.ts';
import { pathBefore, pathFrom, written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** Whether a place lies between the name and the braces of a derivation. */
export function inHead({ tokens, at }: Place): boolean {
  if (tokens[0]?.tokenType !== word.derive || at < 2) return false;
  const body = tokens.findIndex(({ tokenType }) => tokenType === t.LeftCurly);
  return body < 0 || at < body;
}

const BEFORE_SOURCE = new Set<TokenType | undefined>([word.from, word.each, word.optional, t.Comma]);

/** `derive Contact = Customer`, `derive Contact of Customer`. */
export const derivedFrom: Habit = (place) => {
  const { tokens, at } = place;
  const sign = tokens[at];
  if (at !== 2 || tokens[0]?.tokenType !== word.derive || !isName(tokens[1]) || sign === undefined)
    return undefined;
  const arrow = sign.tokenType === t.Less && tokens[3]?.tokenType === t.Minus;
  if (!arrow && !/^(?:=|:|:=|->|=>|of|as|on|using|extends|in|by|FROM)$/.test(sign.image)) return undefined;
  const last = arrow ? 3 : 2;
  const next = tokens[last + 1];
  if (!isName(next) || next.tokenType === word.from || next.image.toLowerCase() === 'select')
    return undefined;
  // A `:` mostly touches the name.
  const touching = touches(tokens[1], sign);
  return rewrite(place, {
    ...{ from: touching ? 1 : 2, last, code: WRONG_SIGN },
    text: touching ? `${tokens[1].image} from` : 'from',
    message: `a derivation names its source after \`from\`, found \`${written(place, 2, last)}\``,
    label: 'expected `from` here',
  });
};

/** `each line in o.lines`, `for line of o.lines`. */
export const eachIn: Habit = (place) => {
  const { tokens, at } = place;
  if (!inHead(place) || !/^(?:each|for|foreach|every|unnest)$/i.test(tokens[at]?.image ?? ''))
    return undefined;
  const name = at + (tokens[at + 1]?.tokenType === word.each && isName(tokens[at + 3]) ? 2 : 1);
  const sign = tokens[name + 1];
  if (!isName(tokens[name]) || sign === undefined || !/^(?:in|of|from|:|=)$/i.test(sign.image))
    return undefined;
  const last = pathFrom(tokens, name + 2);
  if (last === undefined) return undefined;
  return rewrite(place, {
    ...{ from: at, last, code: FOREIGN_SYNTAX },
    text: `each ${written(place, name + 2, last)} as ${tokens[name]?.image ?? ''}`,
    message: 'the name of an element comes after its list and `as`',
    label: 'as in other languages',
  });
};

/** `unnest(o.lines) as line` of SQL. */
export const unnest: Habit = (place) => {
  const { tokens, at } = place;
  const name = tokens[at]?.image.toLowerCase() ?? '';
  if (!inHead(place) || !/^(?:unnest|flatten|explode|jsonb?_array_elements)$/.test(name)) return undefined;
  const last = pathFrom(tokens, at + 2);
  if (tokens[at + 1]?.tokenType !== t.LeftParen || last === undefined) return undefined;
  const close = closeOf(tokens, at + 1);
  const each = tokens[at - 1]?.tokenType === word.each;
  if (close !== last + 1) return undefined;
  return rewrite(place, {
    ...{ from: each ? at - 1 : at, last: close, text: `each ${written(place, at + 2, last)}` },
    code: FOREIGN_SYNTAX,
    message: '`each` gives a row for each element of a list',
    label: 'as in SQL',
  });
};

/** `each o.lines[] as line`. */
export const listBrackets: Habit = (place) => {
  const { tokens, at } = place;
  if (!inHead(place) || tokens[at]?.tokenType !== t.LeftSquare) return undefined;
  const from = pathBefore(tokens, at - 1);
  if (from === undefined || tokens[at + 1]?.tokenType !== t.RightSquare) return undefined;
  return rewrite(place, {
    ...{ from, last: at + 1, text: written(place, from, at - 1), code: FOREIGN_SYNTAX },
    message: 'the list after `each` has no `[]`',
    label: 'as in jq',
  });
};

const NO_ALIAS =
  /^(?:as|in|of|on|is|join|inner|left|right|outer|cross|full|where|group|order|having|select)$/i;
const AFTER_SOURCE = new Set<TokenType | undefined>([t.Comma, word.where, t.LeftCurly]);

/** `from Order o`. */
export const aliasWithoutAs: Habit = (place) => {
  const { tokens, at } = place;
  if (!inHead(place) || !BEFORE_SOURCE.has(tokens[at - 1]?.tokenType)) return undefined;
  const mode = tokens[at]?.tokenType;
  // `each as x` reads from a source called `each`.
  if (mode === word.as) return undefined;
  if ((mode === word.each || mode === word.optional) && isName(tokens[at + 1])) return undefined;
  const last = pathFrom(tokens, at);
  const alias = last === undefined ? undefined : tokens[last + 1];
  if (last === undefined || !isName(alias) || NO_ALIAS.test(alias.image)) return undefined;
  const next = tokens[last + 2];
  if (!AFTER_SOURCE.has(next?.tokenType) && !/^(?:join|inner|left)$/i.test(next?.image ?? ''))
    return undefined;
  return rewrite(place, {
    ...{ from: at, last: last + 1, text: `${written(place, at, last)} as ${alias.image}` },
    code: MISSING_WORD,
    message: `\`as\` is missing before \`${alias.image}\``,
    label: 'a source and its name, without `as`',
  });
};
