import * as t from '../../../../grammar/tokens.ts';
import { mistakes, word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { WRONG_SIGN } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { resultOf, typeOfUse } from '../guessed-type.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf } from './habit.ts';
import { lastOfLine, written } from './places.ts';
import { rewrite } from './rewrite.ts';
import { endOfType } from './end-of-type.ts';

const WORDS = new Set(['const', 'let', 'var', 'val', 'fn', 'function', 'def', 'fun', 'func']);

/** `const clean = (s) => trim(s)`. */
export const arrowFunction: Habit = (place) => {
  const { tokens, at } = place;
  const [first, name, equal, open] = tokens;
  if (at !== 0 || !WORDS.has(first?.image ?? '') || !isName(name) || equal?.tokenType !== t.Equal)
    return undefined;
  const close = open?.tokenType === t.LeftParen ? closeOf(tokens, 3) : isName(open) ? 3 : -1;
  if (close < 0) return undefined;
  const typed = tokens[close + 1]?.tokenType === t.Colon && isName(tokens[close + 2]);
  const result = typed ? endOfType(place, close + 2) : close;
  const arrow = tokens[result + 1];
  if (arrow?.tokenType !== mistakes.fatArrow && arrow?.tokenType !== t.Arrow) return undefined;
  const parameters = parametersOf(place, open?.tokenType === t.LeftParen ? 4 : 3, close, name.image);
  const last = Math.max(lastOfLine(place, result + 2), result + 2);
  const body = written(place, result + 2, last);
  const type = typed ? written(place, close + 2, result) : resultOf(place.file, body, parameters);
  return rewrite(place, {
    ...{ from: 0, last, code: FOREIGN_SYNTAX },
    text: `fn ${name.image}(${parameters.map(({ text }) => text).join(', ')}) -> ${type} = ${body}`,
    message: 'a function is declared with `fn`, with the types of its parameters and of its result',
    label: 'as in TypeScript',
  });
};

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** The parameters between two indexes; those without a type get that of the first value that the file gives them. */
function parametersOf(place: Place, from: number, end: number, fn: string): readonly Parameter[] {
  const inner = from > end ? '' : written(place, from, from === end ? end : end - 1);
  if (inner === ')' || inner === '') return [];
  return inner.split(/,(?![^()]*\))/).map((each, index) => {
    const [name = '', type] = each.split(':').map((part) => part.trim());
    const known = type ?? typeOfUse(place.file, fn, index);
    return { name, type: known, text: `${name}: ${known}` };
  });
}

/** `fn clean(s: text) -> text => trim(s)`, `fn clean(s: text) returns text = trim(s)`. */
export const functionSigns: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (tokens[0]?.tokenType !== word.fn || token === undefined || at < 4) return undefined;
  const close = closeOf(tokens, 2);
  if (/^(?:returns?|gives)$/i.test(token.image) && at === close + 1 && isName(tokens[at + 1]))
    return rewrite(place, {
      ...{ from: at, last: at, text: '->', code: FOREIGN_SYNTAX },
      message: 'the type of a function comes after `->`',
      label: 'as in SQL',
    });
  const typed = tokens[close + 1]?.tokenType === t.Arrow && at === endOfType(place, close + 2) + 1;
  const other = token.tokenType === mistakes.fatArrow || token.tokenType === t.Arrow;
  if (!typed || (!other && token.tokenType !== t.Colon)) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text: '=', code: FOREIGN_SYNTAX },
    message: `the expression of a function comes after \`=\`, found \`${token.image}\``,
    label: 'expected `=` here',
  });
};

/** `fn clean(s: text) = trim(s)`, `fn clean(s: text) => trim(s)`: without a type. */
export const withoutResult: Habit = (place) => {
  const { tokens, at } = place;
  if (at !== 0 || tokens[0]?.tokenType !== word.fn || tokens[2]?.tokenType !== t.LeftParen) return undefined;
  const close = closeOf(tokens, 2);
  const [name, sign] = [tokens[1], tokens[close + 1]];
  if (close < 0 || name === undefined || sign === undefined || tokens[close + 2] === undefined)
    return undefined;
  if (sign.tokenType !== t.Equal && sign.tokenType !== mistakes.fatArrow) return undefined;
  const parameters = parametersOf(place, 3, close, name.image);
  if (close > 3 && !tokens.slice(3, close).some(({ tokenType }) => tokenType === t.Colon)) return undefined;
  const last = lastOfLine(place, close + 2);
  const type = resultOf(place.file, written(place, close + 2, last), parameters);
  return rewrite(place, {
    ...{ from: close + 1, last: close + 1, text: `-> ${type} =`, code: WRONG_SIGN },
    message: `the function \`${name.image}\` has no type after its parameters`,
    label: 'expected `->` and a type here',
  });
};
