import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved, word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { TYPE_ORDER } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf, touches } from './habit.ts';

/** `note?: text` of TypeScript. */
export const optionalName: Habit = (place) => {
  const { tokens, at } = place;
  const [name, question, colon, type] = tokens.slice(at, at + 4);
  if (!isName(name) || question?.tokenType !== t.Question || colon?.tokenType !== t.Colon) return undefined;
  if (!isName(type)) return undefined;
  const last = endOfType(place, at + 3);
  const span = spanOf(place, at, last);
  const own = spanText(spanOf(place, at + 3, last));
  const nullable = own.endsWith('?') ? own : `${own}?`;
  const end = tokens[last] ?? type;
  return {
    finding: finding(TYPE_ORDER, span, `the \`?\` of \`${name.image}\` goes after its type`, {
      label: 'in the wrong place',
      help: `write \`${name.image}: ${nullable}\``,
    }),
    from: at,
    to: last + 1,
    insert: [
      ...[name, colon, ...tokens.slice(at + 3, last + 1)],
      ...(nullable === own ? [] : [emptyAt(endOf(end), t.Question)]),
    ],
    sure: true,
  };
};

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
  if (!angled && !squared) return undefined;
  return {
    finding: finding(
      TYPE_ORDER,
      spanOf(place, at, at + 3),
      'a list is written with `[]` after the type of its elements',
      {
        label: squared ? 'as in Python' : name.image === 'List' ? 'as in Java' : 'as in TypeScript',
        help: `write \`${element.image}[]\``,
      },
    ),
    from: at,
    to: at + 4,
    insert: [element, emptyAt(endOf(element), t.LeftSquare), emptyAt(endOf(element), t.RightSquare)],
    sure: true,
  };
};

/** `text!` of GraphQL. */
export const neverNull: Habit = (place) => {
  const { file, tokens, at } = place;
  const [bang, before] = [tokens[at], tokens[at - 1]];
  if (bang?.tokenType !== mistakes.bang || !touches(before, bang)) return undefined;
  const next = tokens[at + 1];
  if (
    next !== undefined &&
    next.tokenType !== t.RightCurly &&
    next.tokenType !== t.At &&
    sameLine(file, bang.startOffset, next.startOffset)
  )
    return undefined;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, at),
      'a type has no `!`: without `?` a value is never null',
      {
        label: 'as in GraphQL',
        help: 'leave it out',
      },
    ),
    from: at,
    to: at + 1,
    insert: [],
    sure: true,
  };
};

/** `int not null` of SQL. */
export const notNull: Habit = (place) => {
  const { tokens, at } = place;
  const before = tokens[at - 1];
  if (tokens[at]?.tokenType !== reserved.not || tokens[at + 1]?.tokenType !== reserved.null) return undefined;
  if (before === undefined || before.image.toLowerCase() === 'is') return undefined;
  if (!endsType(place, at - 1) && !endsAttribute(place, at - 1)) return undefined;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, at + 1),
      'a field without `?` is never null, so it takes no `not null`',
      {
        label: 'as in SQL',
        help: 'leave `not null` out',
      },
    ),
    from: at,
    to: at + 2,
    insert: [],
    sure: true,
  };
};

/** `text null` and `text? null` of SQL. */
export const nullWord: Habit = (place) => {
  const { file, tokens, at } = place;
  const [before, nothing] = [tokens[at - 1], tokens[at]];
  if (nothing?.tokenType !== reserved.null || before === undefined || !endsType(place, at - 1))
    return undefined;
  if (!/^[ \t]*$/.test(file.text.slice(endOf(before), nothing.startOffset))) return undefined;
  if (before.tokenType === t.Question)
    return {
      finding: finding(
        FOREIGN_SYNTAX,
        spanOf(place, at, at),
        'a field with `?` may be null, so it takes no `null`',
        { label: 'as in SQL', help: 'leave `null` out' },
      ),
      from: at,
      to: at + 1,
      insert: [],
      sure: true,
    };
  const colon = tokens.findLastIndex(({ tokenType }, index) => index < at && tokenType === t.Colon);
  return {
    finding: finding(FOREIGN_SYNTAX, spanOf(place, colon + 1, at), 'a type that may be null ends in `?`', {
      label: 'as in SQL',
      help: `write \`${spanText(spanOf(place, colon + 1, at - 1))}?\``,
    }),
    from: at,
    to: at + 1,
    insert: [inPlaceOf(nothing, t.Question)],
    sure: true,
  };
};

/** `text | null` of TypeScript: the `|` is no token, but stands between the two. */
export const orNull: Habit = (place) => {
  const { file, tokens, at } = place;
  const [type, nothing] = [tokens[at], tokens[at + 1]];
  if (!isName(type) || tokens[at - 1]?.tokenType !== t.Colon) return undefined;
  const empty = nothing?.tokenType === reserved.null || nothing?.image === 'undefined';
  if (
    nothing === undefined ||
    !empty ||
    !/^\s*\|\s*$/.test(file.text.slice(endOf(type), nothing.startOffset))
  )
    return undefined;
  return {
    finding: finding(FOREIGN_SYNTAX, spanOf(place, at, at + 1), 'a type that may be null ends in `?`', {
      label: 'as in TypeScript',
      help: `write \`${type.image}?\``,
    }),
    from: at,
    to: at + 2,
    insert: [type, inPlaceOf(nothing, t.Question)],
    sure: true,
  };
};

/** `status: "open" | "closed"` and `status: enum("open", "closed")`. */
export const inlineEnum: Habit = (place) => {
  const { file, tokens, at } = place;
  const name = tokens[at - 2];
  if (tokens[at]?.tokenType !== t.TextLiteral || tokens[at - 1]?.tokenType !== t.Colon || !isName(name))
    return undefined;
  let last = at;
  for (;;) {
    const [here, next] = [tokens[last], tokens[last + 1]];
    if (here === undefined || next?.tokenType !== t.TextLiteral) break;
    if (!/^\s*\|\s*$/.test(file.text.slice(endOf(here), next.startOffset))) break;
    last += 1;
  }
  if (last === at) return undefined;
  const members = tokens.slice(at, last + 1).map(({ image }) => image.slice(1, -1));
  const short = members.join('').length <= LONGEST;
  const type = capitalized(name.image);
  const end = endOf(tokens[last] ?? name);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      `the texts of \`${name.image}\` have to be an enum with a name`,
      {
        label: 'as in TypeScript',
        help: short
          ? `declare \`enum ${type} { ${members.map(memberOf).join('  ')} }\` outside, and write \`${name.image}: ${type}\``
          : `declare \`enum ${type} { … }\` outside, and write \`${name.image}: ${type}\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [emptyAt(end, t.Identifier, '')],
    sure: false,
  };
};

/** Nobody wants to read more in a finding. */
const LONGEST = 120;

/** A member that stands for a text: `done`, or `in_progress = "in progress"`. */
function memberOf(text: string): string {
  const name = text.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_') || '_';
  return name === text ? name : `${name} = "${text}"`;
}

/** `customer: { name: text }`. */
export const inlineShape: Habit = (place) => {
  const { tokens, at } = place;
  const name = tokens[at - 2];
  if (tokens[at]?.tokenType !== t.LeftCurly || tokens[at - 1]?.tokenType !== t.Colon || !isName(name))
    return undefined;
  const kind = tokens[0]?.tokenType;
  if (kind !== word.entity && kind !== word.shape && kind !== word.derive) return undefined;
  const close = closeOf(tokens, at);
  if (close < 0) return undefined;
  const list =
    tokens[close + 1]?.tokenType === t.LeftSquare && tokens[close + 2]?.tokenType === t.RightSquare;
  const last = close + (list ? 2 : 0);
  const type = capitalized(name.image);
  const shown = bodyOf(place, at, close);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      `the object \`${name.image}\` has to be a shape with a name`,
      {
        label: 'as in TypeScript',
        help: `declare \`shape ${type} ${shown}\` outside, and write \`${name.image}: ${type}${list ? '[]' : ''}\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [emptyAt(endOf(tokens[last] ?? name), t.Identifier, '')],
    sure: false,
  };
};

/** The fields of an inline object as a shape has them: without separators, on one line. */
function bodyOf(place: Place, open: number, close: number): string {
  const fields = spanText(spanOf(place, open, close))
    .slice(1, -1)
    .split(/[,;\n](?![^(]*\))/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const whole = fields.join('  ');
  return /[{}]|\/\//.test(whole) || whole.length > LONGEST ? '{ … }' : `{ ${whole} }`;
}

/** The index of the last token of a type: `decimal(10, 2)[]?`. */
export function endOfType({ tokens }: Place, at: number): number {
  let last = at;
  if (tokens[last + 1]?.tokenType === t.LeftParen) {
    const close = closeOf(tokens, last + 1);
    if (close > 0) last = close;
  }
  if (tokens[last + 1]?.tokenType === t.LeftSquare && tokens[last + 2]?.tokenType === t.RightSquare)
    last += 2;
  if (tokens[last + 1]?.tokenType === t.Question) last += 1;
  return last;
}

/** Whether the type of a field ends at an index. */
export function endsType(place: Place, at: number): boolean {
  const { file, tokens } = place;
  for (let start = at; start > 1 && start > at - 8; start -= 1) {
    if (tokens[start - 1]?.tokenType !== t.Colon || !isName(tokens[start]) || !isName(tokens[start - 2]))
      continue;
    return (
      endOfType(place, start) === at &&
      sameLine(file, tokens[start]?.startOffset ?? 0, tokens[at]?.startOffset ?? 0)
    );
  }
  return false;
}

/** Whether an attribute with its parentheses ends at an index: `@default("x")`. */
export function endsAttribute({ tokens }: Place, at: number): boolean {
  if (tokens[at]?.tokenType !== t.RightParen) return false;
  let open = at - 1;
  while (open > 0 && tokens[open]?.tokenType !== t.LeftParen) open -= 1;
  return isName(tokens[open - 1]) && tokens[open - 2]?.tokenType === t.At;
}

function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
