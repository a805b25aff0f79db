import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved, word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD, WRONG_SIGN } from '../../codes/structure.ts';
import { foreignTypes } from '../../foreign-types.ts';
import { isName } from '../../is-name.ts';
import { beginsLine, sameLine } from '../../layout.ts';
import type { Habit } from './habit.ts';
import { closeOf } from './habit.ts';
import { beginsMember, depthAt, inMembers, lastOfLine, pathFrom, written } from './places.ts';
import { rewrite } from './rewrite.ts';

const WORDS: ReadonlyMap<string, string> = new Map([
  ...['let', 'const', 'var'].map((each) => [each, 'TypeScript'] as const),
  ...[['val', 'Kotlin'] as const, ['set', 'SQL'] as const, ['def', 'Python'] as const],
  ...['local', 'column', 'field', 'define'].map((each) => [each, 'other languages'] as const),
]);

/** `let mail = lower(c.email)` among the fields. */
export const letField: Habit = (place) => {
  const { file, tokens, at } = place;
  const [first, name, sign] = tokens.slice(at, at + 3);
  const language = WORDS.get(first?.image.toLowerCase() ?? '');
  if (language === undefined || first === undefined || !isName(name) || !inMembers(place)) return undefined;
  if (sign?.tokenType !== t.Equal || !sameLine(file, first.startOffset, name.startOffset)) return undefined;
  if (depthAt(place) !== 1 || !beginsMember(place)) return undefined;
  const kind = tokens[0]?.tokenType === word.derive ? 'a derivation' : `an ${tokens[0]?.image ?? 'entity'}`;
  return rewrite(place, {
    ...{ from: at, last: at + 1, text: name.image, code: FOREIGN_SYNTAX },
    message: `${kind.replace('an shape', 'a shape')} has no \`${first.image}\`: every line is a field, and a field can use another`,
    label: `as in ${language}`,
    help: `write \`${name.image}\`; it becomes a column`,
  });
};

/** `o.id as order_id` of SQL among the fields. */
export const selectAs: Habit = (place) => {
  const { file, tokens, at } = place;
  const first = tokens[at];
  if (first === undefined || !inMembers(place) || depthAt(place) !== 1) return undefined;
  if (!beginsLine(file, first) && tokens[at - 1]?.tokenType !== t.LeftCurly) return undefined;
  const select = first.image.toLowerCase() === 'select' && isName(tokens[at + 1]) ? 1 : 0;
  const end = lastOfLine(place, at + select);
  let as = at + select + 1;
  while (as < end && !/^(?:as|->)$/i.test(tokens[as]?.image ?? '')) as += 1;
  const name = tokens[as + 1];
  if (as >= end || !isName(name)) return undefined;
  const next = tokens[as + 2];
  const ends = next === undefined || as + 1 === end || next.tokenType === t.Comma;
  if (!ends || tokens[at + 1]?.tokenType === t.Equal || tokens[at + 1]?.tokenType === t.Colon)
    return undefined;
  return rewrite(place, {
    ...{ from: at, last: as + 1, code: FOREIGN_SYNTAX },
    text: `${name.image} = ${written(place, at + select, as - 1)}`,
    message: 'the name of a field comes before its value',
    label: 'as in SQL',
  });
};

/** `order_id => o.id`, `order_id <- o.id`. */
export const fieldSign: Habit = (place) => {
  const { file, tokens, at } = place;
  const [name, sign, second] = tokens.slice(at, at + 3);
  if (!isName(name) || sign === undefined || !inMembers(place) || depthAt(place) !== 1) return undefined;
  if (!beginsLine(file, name) && tokens[at - 1]?.tokenType !== t.LeftCurly) return undefined;
  const back = sign.tokenType === t.Less && second?.tokenType === t.Minus;
  const fat = sign.tokenType === mistakes.fatArrow || sign.tokenType === t.Arrow;
  const go = sign.tokenType === mistakes.colonEqual;
  if (!back && !fat && !go) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + (back ? 2 : 1), text: `${name.image} =`, code: WRONG_SIGN },
    message: `a field has \`=\` before its value, found \`${back ? '<-' : sign.image}\``,
    label: 'expected `=` here',
  });
};

/** `o.id` alone on a line of a derivation, as SQL and others take a column. */
export const bareColumn: Habit = (place) => {
  const { file, tokens, at } = place;
  const first = tokens[at];
  if (tokens[0]?.tokenType !== word.derive || !isName(first) || depthAt(place) !== 1) return undefined;
  if (!beginsLine(file, first)) return undefined;
  const last = pathFrom(tokens, at);
  if (last === undefined || last === at) return undefined;
  const next = tokens[last + 1];
  const ends =
    next === undefined ||
    next.tokenType === t.Comma ||
    !sameLine(file, first.startOffset, next.startOffset) ||
    next.tokenType === t.RightCurly;
  const name = tokens[last]?.image ?? '';
  const path = written(place, at, last);
  if (!ends) return undefined;
  return rewrite(place, {
    ...{ from: at, last, text: `${name} = ${path}`, code: WRONG_SIGN },
    message: 'a field of a derivation has a name, a `=` and a value',
    label: 'a value without a name',
  });
};

/** `pos: item.pos`, `pos: lower(x)`, `pos: 3`: a value where a type would stand. */
export const valueAsType: Habit = (place) => {
  const { tokens, at } = place;
  const [name, colon, first, next, third] = tokens.slice(at, at + 5);
  if (!isName(name) || colon?.tokenType !== t.Colon || first === undefined) return undefined;
  const kind = tokens[0]?.image ?? '';
  if (
    !/^(?:entity|shape|derive)$/.test(kind) ||
    depthAt(place) !== 1 ||
    tokens[at - 1]?.tokenType === t.At ||
    tokens[at - 1]?.tokenType === t.Dot
  )
    return undefined;
  const dotted = isName(first) && next?.tokenType === t.Dot && isName(third);
  const typed =
    foreignTypes.has(first.image.toLowerCase()) ||
    first.tokenType === word.enum ||
    /^(?:text|decimal|int|bigint)$/.test(first.image);
  const called =
    !typed &&
    isName(first) &&
    next?.tokenType === t.LeftParen &&
    third?.tokenType !== t.NumberLiteral &&
    closeOf(tokens, at + 3) > 0;
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
