import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { TYPE_ORDER } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import { endOfType, endsType, endsAttribute } from './end-of-type.ts';
import type { Habit } from './habit.ts';
import { spanOf, touches } from './habit.ts';

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
