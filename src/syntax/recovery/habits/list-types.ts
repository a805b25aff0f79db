import * as t from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { TYPE_ORDER } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import { endOfType } from './end-of-type.ts';
import { beginsLine } from '../../layout.ts';
import type { Habit } from './habit.ts';
import { spanOf } from './habit.ts';

/** `?text` and `[]text`: what goes behind a type before it. */
export const signBeforeType: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[at - 1]?.tokenType !== t.Colon) return undefined;
  const list = tokens[at]?.tokenType === t.LeftSquare && tokens[at + 1]?.tokenType === t.RightSquare;
  if (!list && tokens[at]?.tokenType !== t.Question) return undefined;
  const from = at + (list ? 2 : 1);
  if (!isName(tokens[from])) return undefined;
  const last = endOfType(place, from);
  const sign = list ? '[]' : '?';
  const own = spanText(spanOf(place, from, last));
  const signs = tokens.slice(at, from);
  return {
    finding: finding(TYPE_ORDER, spanOf(place, at, last), `\`${sign}\` goes after the type`, {
      label: 'in the wrong order',
      help: `write \`${own}${sign}\``,
    }),
    from: at,
    to: last + 1,
    insert: [...tokens.slice(from, last + 1), ...signs.map((token) => inPlaceOf(token, token.tokenType))],
    sure: true,
  };
};

/** `int[][]`. */
export const listOfLists: Habit = (place) => {
  const { tokens, at } = place;
  const types = tokens.slice(at + 1, at + 5).map(({ tokenType }) => tokenType);
  const signs = [t.LeftSquare, t.RightSquare, t.LeftSquare, t.RightSquare];
  const name = tokens[at];
  if (!isName(name) || tokens[at - 1]?.tokenType !== t.Colon) return undefined;
  if (!signs.every((sign, index) => types[index] === sign)) return undefined;
  const element = tokens[at + 5]?.tokenType === t.LeftSquare ? 'json' : `${name.image}[]`;
  return {
    finding: finding(TYPE_ORDER, spanOf(place, at, at + 4), 'a list of lists is not a type', {
      label: `the elements of this list would be ${element}`,
      help: 'write `json`, or make the inner list a field of a `shape`',
    }),
    from: at,
    to: at + 5,
    insert: [inPlaceOf(name, t.Identifier, 'json')],
    sure: true,
  };
};

/** `text[10]`. */
export const sizedList: Habit = (place) => {
  const { tokens, at } = place;
  const [name, open, size, close] = tokens.slice(at, at + 4);
  if (!isName(name) || tokens[at - 1]?.tokenType !== t.Colon || open?.tokenType !== t.LeftSquare)
    return undefined;
  if (size?.tokenType !== t.NumberLiteral || close?.tokenType !== t.RightSquare) return undefined;
  const field = tokens[at - 2]?.image ?? '…';
  return {
    finding: finding(TYPE_ORDER, spanOf(place, at, at + 3), 'the length of a list is not part of its type', {
      label: `${size.image} elements`,
      help:
        name.image === 'text'
          ? `write \`text[]\` for a list of texts, or \`text(${size.image})\` for one text of at most ${size.image} characters`
          : `write \`${name.image}[]\`; \`check count(${field}) <= ${size.image}\` limits its length`,
    }),
    from: at,
    to: at + 4,
    insert: [name, open, close],
    sure: true,
  };
};

const LISTS = new Set(['array', 'list', 'set', 'vec', 'repeated']);

/** `Array<text>`. */
export const genericList: Habit = (place) => {
  const { tokens, at } = place;
  const [name, open, element, close] = tokens.slice(at, at + 4);
  if (!isName(name) || !LISTS.has(name.image.toLowerCase()) || !isName(element)) return undefined;
  const angled = open?.tokenType === t.Less && close?.tokenType === t.Greater;
  const squared = open?.tokenType === t.LeftSquare && close?.tokenType === t.RightSquare;
  // `list(text` that the next line goes on behind.
  const isOpen = open?.tokenType === t.LeftParen && close !== undefined && beginsLine(place.file, close);
  if (!angled && !squared && !isOpen) return undefined;
  const last = isOpen ? at + 2 : at + 3;
  return {
    finding: finding(
      TYPE_ORDER,
      spanOf(place, at, last),
      'a list is written with `[]` after the type of its elements',
      {
        label: isOpen
          ? 'not a type'
          : squared
            ? 'as in Python'
            : name.image === 'List'
              ? 'as in Java'
              : 'as in TypeScript',
        help: `write \`${element.image}[]\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [element, emptyAt(endOf(element), t.LeftSquare), emptyAt(endOf(element), t.RightSquare)],
    sure: true,
  };
};
