import type { IToken } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { WRONG_QUOTES } from '../../codes/words.ts';
import { isName } from '../../is-name.ts';
import { inPlaceOf } from '../virtual.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';
import { rewrite } from './rewrite.ts';

/** `@json(address.zip)` and `@header(x-name)` without quotes. */
export const unquotedPath: Habit = (place) => {
  const { tokens, at } = place;
  const [sign, name, open, first] = tokens.slice(at, at + 4);
  if (sign?.tokenType !== t.At || !isText(name) || open?.tokenType !== t.LeftParen) return undefined;
  const close = closeOf(tokens, at + 2);
  if (first === undefined || !isName(first) || close < 0) return undefined;
  const path = spanText(spanOf(place, at + 3, close - 1));
  if (!/^[\w$.-]+$/.test(path)) return undefined;
  return {
    finding: finding(
      WRONG_QUOTES,
      spanOf(place, at + 3, close - 1),
      name?.image === 'header'
        ? 'the name of a header is a text in double quotes'
        : 'the path of `@json` is a text in double quotes',
      {
        label: 'without quotes',
        help: `write "${path}"`,
      },
    ),
    from: at + 3,
    to: close,
    insert: [inPlaceOf(first, t.TextLiteral, JSON.stringify(path))],
    sure: true,
  };
};

/** Whether an attribute takes a text. */
function isText(name: IToken | undefined): boolean {
  return name?.image === 'json' || name?.image === 'header';
}

/** `@json(name: "n")`, with a name before the value. */
export const namedArgument: Habit = (place) => {
  const { tokens, at } = place;
  const [sign, name, open, label, colon, value] = tokens.slice(at, at + 6);
  if (sign?.tokenType !== t.At || !isName(name) || open?.tokenType !== t.LeftParen || !isName(label))
    return undefined;
  if (colon?.tokenType !== t.Colon && colon?.tokenType !== t.Equal) return undefined;
  if (value === undefined || tokens[at + 6]?.tokenType !== t.RightParen) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 6, text: `@${name.image}(${value.image})`, code: FOREIGN_SYNTAX },
    message: `the value of \`@${name.image}\` has no name before it`,
    label: 'as in other languages',
  });
};

/** `@default(now())` and `@default(autoincrement())` of Prisma. */
export const callAsDefault: Habit = (place) => {
  const { tokens, at } = place;
  const [sign, name, open, callee, call] = tokens.slice(at, at + 5);
  if (sign?.tokenType !== t.At || name?.image !== 'default' || open?.tokenType !== t.LeftParen)
    return undefined;
  if (!isName(callee) || call?.tokenType !== t.LeftParen) return undefined;
  const close = closeOf(tokens, at + 2);
  if (close < 0) return undefined;
  const written = spanText(spanOf(place, at + 3, close - 1));
  const numbers = callee.image === 'autoincrement' || callee.image === 'nextval';
  const attribute = spanText(spanOf(place, at, close));
  const colon = tokens.findLastIndex(({ tokenType }, index) => index < at && tokenType === t.Colon);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, numbers ? at : Math.max(0, colon - 1), close),
      numbers
        ? `nomnom cannot number rows: with \`${written}\`, a message that is delivered twice would get two numbers`
        : `\`@default\` takes a fixed value, found the call \`${written}\``,
      {
        label: numbers && callee.image === 'nextval' ? 'as in SQL' : 'as in Prisma',
        help: numbers
          ? `leave \`${attribute}\` out, so that the message has the number`
          : computedInstead(place, colon, callee.image === 'now' ? 'meta.received_at' : written),
      },
    ),
    from: at,
    to: close + 1,
    insert: [],
    sure: true,
  };
};

/** A computed value that stands in for one which a message leaves out: by itself it would take the place of one that is there. */
function computedInstead(place: Place, colon: number, value: string): string {
  const { file, tokens, at } = place;
  const name = tokens[colon - 1]?.image ?? '…';
  const [type = ''] = file.text.slice(tokens[colon + 1]?.startOffset, tokens[at]?.startOffset).split(/[?@]/);
  return `write \`sent_${name}: ${type.trim()}? @json("${name}")  ${name} = sent_${name} ?? ${value}\`; \`= ${value}\` alone would never read the value of a message`;
}

/** `@@index([id])` of Prisma. */
export const blockAttribute: Habit = (place) => {
  const { tokens, at } = place;
  const [first, second, name, open] = tokens.slice(at, at + 4);
  if (first?.tokenType !== t.At || second?.tokenType !== t.At || !isName(name)) return undefined;
  const close = open?.tokenType === t.LeftParen ? closeOf(tokens, at + 3) : at + 2;
  if (close < 0) return undefined;
  const columns = tokens
    .slice(at + 4, close)
    .filter(isName)
    .map(({ image }) => image);
  const ours = name.image === 'id' ? 'key' : name.image;
  const known = ours === 'key' || ours === 'unique' || ours === 'index';
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, close),
      `\`@@${name.image}\` is not an attribute: keys and indexes go in the \`store\``,
      {
        label: 'as in Prisma',
        help:
          known && columns.length > 0
            ? `leave it out, and write \`${ours} (${columns.join(', ')})\` in the braces of the \`store\``
            : 'leave it out',
      },
    ),
    from: at,
    to: close + 1,
    insert: [],
    sure: true,
  };
};
