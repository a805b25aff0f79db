import type { IToken } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { articleOf } from '../../../diagnostics/article.ts';
import { declarationWords, word } from '../../../../grammar/tokens.ts';
import { STRAY_CHARACTER, WRONG_QUOTES } from '../../codes/words.ts';
import { isName } from '../../is-name.ts';
import { beginsLine } from '../../layout.ts';
import type { Fix } from '../stuck.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, touches } from './habit.ts';
import { asName, beginsMember, inMembers, written } from './places.ts';
import { rewrite } from './rewrite.ts';
import { endOfType } from './end-of-type.ts';

const DECLARES: ReadonlySet<string> = new Set(declarationWords);

/** `order-id: int`, `order-id = o.id`, `store order-lines {`, `key (order-id)`: a name in which `-` would be minus elsewhere. */
export const hyphenName: Habit = (place) => {
  const { tokens, at } = place;
  const last = lastPart(tokens, at);
  if (last === at || lastPart(tokens, at - 2) > at - 2) return undefined;
  const named = written(place, at, last);
  const name = named.replaceAll('-', '_');
  const field = beginsField(place, last);
  if (!field && !standsForName(place, last)) return undefined;
  const key = field && tokens[last + 1]?.tokenType === t.Colon && tokens[0]?.tokenType !== word.derive;
  if (!key || !inMembers(place)) return hyphened(place, last, name);
  // The key of the message stays what it is.
  const typed = isName(tokens[last + 2]) ? endOfType(place, last + 2) : last + 1;
  const type = written(place, last + 1, typed);
  return hyphened(place, typed, `${name}${type} @json("${named}")`);
};

function hyphened(place: Place, last: number, text: string): Fix {
  return rewrite(place, {
    ...{ from: place.at, last, text, code: STRAY_CHARACTER },
    message: 'a name has no `-`, only letters, digits and `_`',
    label: 'a `-` in a name',
  });
}

/** The index of the last part of `a-b-c`; the index itself where nothing is joined to it. */
function lastPart(tokens: readonly IToken[], at: number): number {
  if (!isName(tokens[at])) return at;
  let last = at;
  while (tokens[last + 1]?.tokenType === t.Minus && isName(tokens[last + 2])) {
    if (!touches(tokens[last], tokens[last + 1]) || !touches(tokens[last + 1], tokens[last + 2])) break;
    last += 2;
  }
  return last;
}

function beginsField(place: Place, last: number): boolean {
  const { file, tokens, at } = place;
  const [first, kind, next] = [tokens[at], tokens[0]?.tokenType, tokens[last + 1]?.tokenType];
  if (at < 2 || first === undefined || kind === word.test) return false;
  if (kind === word.fn) return next === t.Colon;
  if (kind === word.enum || KEYWORDS.has(written(place, at, last).replaceAll('-', '_'))) return true;
  if (next === t.Colon) return beginsMember(place);
  return next === t.Equal && (beginsLine(file, first) || beginsMember(place));
}

const KEYWORDS: ReadonlySet<string> = new Set(['dead_letter', 'on_refused']);

/** `o.order-id`, where the file declares `order-id`: no difference is meant. */
export const hyphenUse: Habit = (place) => {
  const { file, tokens, at } = place;
  const last = lastPart(tokens, at);
  if (last === at || lastPart(tokens, at - 2) > at - 2) return undefined;
  const named = written(place, at, last);
  const declared = new RegExp(`(?:^|[\\s{(,])${named}\\s*[:=](?!=)`);
  if (!declared.test(file.whole ?? file.text)) return undefined;
  return hyphened(place, last, named.replaceAll('-', '_'));
};

/** Words behind which a name has to stand. */
const BEFORE_NAME = new Set([
  ...[word.store, word.from, word.each, word.optional, word.as, word.given, word.publish, word.consume],
  ...[word.dead_letter, word.only, word.subject, t.Spread],
]);

/** Words whose columns stand in parentheses. */
const BEFORE_COLUMNS = new Set([word.key, word.unique, word.index, word.on, word.by, word.add, word.ref]);

function standsForName({ tokens, at }: Place, last: number): boolean {
  if (at === 1 && DECLARES.has(tokens[0]?.image ?? '')) return true;
  // `store shop.order-lines`, and `ORDERS.dead-letter`.
  let from = at;
  while (tokens[from - 1]?.tokenType === t.Dot && isName(tokens[from - 2])) from -= 2;
  const before = tokens[from - 1]?.tokenType;
  if (before === undefined) return false;
  if (BEFORE_NAME.has(before)) return true;
  if (before === t.Arrow && tokens.some(({ tokenType }) => tokenType === word.ref))
    return tokens[last + 1]?.tokenType === t.LeftParen;
  if (before === word.expect) return tokens[last + 1]?.tokenType === t.LeftCurly;
  return isColumn(tokens, at);
}

const LISTED = new Set([t.TextLiteral, t.Comma, t.Minus]);

/** Whether a token is one of the columns in `key (a, b)` or `-> Order (a, b)`. */
export function isColumn(tokens: readonly IToken[], at: number): boolean {
  let open = at - 1;
  while (open > 0 && tokens[open]?.tokenType !== t.LeftParen) {
    const token = tokens[open];
    if (token === undefined || (!LISTED.has(token.tokenType) && !isName(token))) return false;
    open -= 1;
  }
  const before = tokens[open - 1];
  if (before === undefined || closeOf(tokens, open) < 0) return false;
  if (isName(before) && tokens[open - 2]?.tokenType === t.Arrow) return true;
  const target = isName(before) && tokens[open - 2]?.tokenType === t.RightParen;
  return BEFORE_COLUMNS.has(before.tokenType) && !target;
}

/** `pipeline "shop"`, `from "Order"`, `key ("id")`: a name in quotes. */
export const quotedNames: Habit = (place) => {
  const { tokens, at } = place;
  const [token, before] = [tokens[at], tokens[at - 1]];
  if (token?.tokenType !== t.TextLiteral || before === undefined) return undefined;
  const name = token.image.slice(1, -1);
  const declares = at === 1 && DECLARES.has(before.image);
  if (declares && (before.tokenType === word.import || before.tokenType === word.test)) return undefined;
  if (declares && before.tokenType === word.lookup && /\W/.test(name)) return namelessLookup(place, name);
  const path = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(name);
  const source = before.tokenType !== word.from || tokens[0]?.tokenType === word.derive;
  const named = path && BEFORE_NAME.has(before.tokenType) && before.tokenType !== word.store && source;
  const target = before.tokenType === t.Arrow && path && tokens[at + 1]?.tokenType === t.LeftParen;
  const row = before.tokenType === word.expect && path && tokens[at + 1]?.tokenType === t.LeftCurly;
  const column = path && isColumn(tokens, at);
  if (!declares && !named && !target && !row && !column) return undefined;
  const what = declares
    ? `the name of ${article(before.image)}`
    : column
      ? 'a column'
      : `the name after \`${before.image}\``;
  return rewrite(place, {
    ...{ from: at, last: at, text: path ? name : asName(name), code: WRONG_QUOTES },
    message: `${what} has no quotes`,
    label: 'in quotes',
  });
};

function namelessLookup(place: Place, path: string): Fix {
  const file =
    path
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '') ?? 'rows';
  const name = asName(file);
  const text = `${name.charAt(0).toUpperCase()}${name.slice(1)} "${path}"`;
  return rewrite(place, {
    ...{ from: place.at, last: place.at, text, code: WRONG_QUOTES },
    message: 'a lookup has a name before its file',
    label: 'expected a name before this',
    sure: false,
  });
}

function article(kind: string): string {
  const named = kind === 'fn' ? 'function' : kind === 'derive' ? 'derivation' : kind;
  return `${articleOf(named)} ${named}`;
}
