import type { IToken } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { UNEXPECTED } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { beginsLine, sameLine } from '../../layout.ts';
import { beginsStoreItem } from '../items.ts';
import type { Fix } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';
import { beginsMember, depthAt, inMembers, inStore, lastOfLine, written } from './places.ts';
import { rewrite } from './rewrite.ts';
import { spliced } from '../spliced.ts';

/** `store pages { page: text(40)  key (page) }`: columns declared in a store. */
export const columnInStore: Habit = (place) => {
  const { tokens, at } = place;
  const [name, sign, value] = tokens.slice(at, at + 3);
  if (!isName(name) || !inStore(place) || !beginsMember(place) || beginsStoreItem(tokens, at))
    return undefined;
  if (sign?.tokenType !== t.Colon && sign?.tokenType !== t.Equal) return undefined;
  const store = storeAround(tokens, at);
  if (store < 0 || value === undefined) return undefined;
  const last = lastOfItem(place);
  const listed = value.tokenType === t.LeftSquare || value.tokenType === t.TextLiteral;
  const record = tokens[1]?.image ?? '';
  const declared = isDeclared(tokens, store, name.image);
  const moved = declared || listed ? [] : tokens.slice(at, last + 1);
  const key = declared ? keyOf(tokens, at, last) : [];
  const rest = spliced(tokens, at, last + 1, key);
  return {
    finding: finding(
      UNEXPECTED,
      spanOf(place, at, last),
      `a \`store\` has no columns of its own: its columns are the fields of ${record}`,
      {
        label: listed ? 'not needed' : 'a column in a `store`',
        help: listed
          ? value.tokenType === t.TextLiteral
            ? 'leave it out: the name of the table stands after `store`'
            : 'leave it out: every field is a column'
          : declared
            ? key.length > 0
              ? `write \`key (${name.image})\`: the field \`${name.image}\` is a column already`
              : `leave it out: the field \`${name.image}\` is a column already`
            : `leave it out here, and write \`${written(place, at, last)}\` before the \`store\``,
      },
    ),
    from: 0,
    to: tokens.length,
    insert: [...rest.slice(0, store), ...moved, ...rest.slice(store)],
    sure: true,
  };
};

/** `key (id)`, for a column `id: int primary key`. */
function keyOf(tokens: readonly IToken[], from: number, last: number): readonly IToken[] {
  const at = tokens.findIndex(
    ({ image }, index) => index > from && index < last && image.toLowerCase() === 'primary',
  );
  const [name, primary, key] = [tokens[from], tokens[at], tokens[at + 1]];
  if (name === undefined || primary === undefined || key?.tokenType !== word.key) return [];
  return [
    inPlaceOf(primary, word.key, 'key'),
    inPlaceOf(primary, t.LeftParen, '('),
    inPlaceOf(name, name.tokenType, name.image),
    inPlaceOf(key, t.RightParen, ')'),
  ];
}

/** The index of the word `store` whose braces a place lies in; -1 where there is none. */
function storeAround(tokens: readonly IToken[], at: number): number {
  return tokens.findLastIndex(
    ({ tokenType }, index) => index < at && tokenType === word.store && isName(tokens[index + 1]),
  );
}

/** The index of the last token before the next item of the store, on the same line. */
function lastOfItem(place: Place): number {
  const end = lastOfLine(place, place.at);
  const next = place.tokens.findIndex(
    (_, index) => index > place.at + 1 && index <= end && beginsStoreItem(place.tokens, index),
  );
  return next < 0 ? end : next - 1;
}

function isDeclared(tokens: readonly IToken[], store: number, name: string): boolean {
  return tokens.some(
    ({ image }, index) =>
      index > 1 &&
      index < store &&
      image === name &&
      (tokens[index + 1]?.tokenType === t.Colon || tokens[index + 1]?.tokenType === t.Equal),
  );
}

/** `create table accounts {` and `table accounts {` in the braces of an entity. */
export const tableInEntity: Habit = (place) => {
  const { tokens, at } = place;
  if (!inMembers(place) || depthAt(place) !== 1 || !beginsMember(place)) return undefined;
  let name = at;
  while (/^(?:create|or|replace|temp|temporary|table|if|not|exists|into)$/i.test(tokens[name]?.image ?? ''))
    name += 1;
  const words = tokens.slice(at, name).map(({ image }) => image.toLowerCase());
  const open = tokens[name + 1]?.tokenType === t.Dot ? name + 3 : name + 1;
  if (!words.includes('table') || !isName(tokens[name]) || tokens[open]?.tokenType !== t.LeftCurly)
    return undefined;
  return rewrite(place, {
    ...{ from: at, last: name - 1, text: 'store', code: FOREIGN_SYNTAX },
    message: 'the table of an entity is its `store`',
    label: 'as in SQL',
  });
};

/** `entity Account { … } store accounts { … }`: what belongs in braces, behind them. */
export const behindBraces: Habit = (place) => {
  const { file, tokens, at } = place;
  const first = tokens[at];
  if (!inMembers(place) || depthAt(place) !== 0 || tokens[at - 1]?.tokenType !== t.RightCurly)
    return undefined;
  if (!isName(first) || !beginsLine(file, first)) return undefined;
  // With a `}` too many, that one is the mistake.
  if (depthAt({ ...place, at: tokens.length }) !== 0) return undefined;
  const item = beginsStoreItem(tokens, at);
  const store = first.tokenType === word.store && isName(tokens[at + 1]);
  const field = tokens[at + 1]?.tokenType === t.Colon || tokens[at + 1]?.tokenType === t.Equal;
  const member = store || field || first.tokenType === word.check || first.tokenType === word.ordered;
  if (!item && !member) return undefined;
  const open = tokens.findIndex(({ tokenType }, index) => index > at && tokenType === t.LeftCurly);
  const end = store && open > 0 ? closeOf(tokens, open) : lastOfLine(place, at);
  if (end < 0) return undefined;
  return movedInside(place, end, item);
};

function movedInside(place: Place, end: number, item: boolean): Fix | undefined {
  const { file, tokens, at } = place;
  const [kind, name, first, brace] = [tokens[0], tokens[1], tokens[at], tokens[at - 1]];
  if (kind === undefined || name === undefined || first === undefined || brace === undefined)
    return undefined;
  // An item goes into the braces of the store, which mostly stand last.
  const inner = item && tokens[at - 2]?.tokenType === t.RightCurly ? at - 2 : at - 1;
  const into = inner === at - 2 ? 'its `store`' : name.image;
  const line = sameLine(file, first.startOffset, tokens[end]?.startOffset ?? 0) ? end : at;
  return {
    finding: finding(
      UNEXPECTED,
      spanOf(place, at, first.tokenType === word.store ? at + 1 : line),
      `\`${first.image}\` stands outside of the braces of ${name.image}`,
      {
        label: `not in the ${kind.image}`,
        related: [{ span: spanOf(place, at - 1, at - 1), text: `${name.image} ends here` }],
        help: `move it into the braces of ${into}, before the \`}\``,
      },
    ),
    from: inner,
    to: end + 1,
    insert: [
      ...tokens.slice(at, end + 1),
      ...tokens.slice(inner, at).map((token) => inPlaceOf(token, token.tokenType)),
    ],
    sure: true,
  };
}

/** `store depots ( key (code) )`, `entity Depot ( … )`: what belongs in braces in other brackets. */
export const otherBrackets: Habit = (place) => {
  const { tokens, at } = place;
  const [before, name, open] = [tokens[at - 2], tokens[at - 1], tokens[at]];
  if (open?.tokenType !== t.LeftParen && open?.tokenType !== t.LeftSquare) return undefined;
  const store = before?.tokenType === word.store && at > 3;
  const record = at === 2 && /^(?:entity|shape|stream|role)$/.test(before?.image ?? '');
  if ((!store && !record) || !isName(name)) return undefined;
  const close = closeOf(tokens, at);
  const end = tokens[close];
  if (end === undefined || (record && close < tokens.length - 1)) return undefined;
  return {
    finding: finding(
      UNEXPECTED,
      spanOf(place, at, at),
      `what belongs to \`${name.image}\` goes in braces, found \`${open.image}\``,
      {
        label: 'expected `{` here',
        related: [{ span: spanOf(place, close, close), text: 'expected `}` here' }],
        help: `write \`{\` here, and \`}\` in place of the \`${end.image}\` that closes it`,
      },
    ),
    from: at,
    to: close + 1,
    insert: [inPlaceOf(open, t.LeftCurly), ...tokens.slice(at + 1, close), inPlaceOf(end, t.RightCurly)],
    sure: true,
  };
};
