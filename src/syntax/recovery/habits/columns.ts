import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved, word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import { beginsStoreItem } from '../items.ts';
import type { Fix } from '../stuck.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf } from './habit.ts';
import { beginsMember, inStore, written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** The word that stands between an item of a store and its columns. */
const BETWEEN: ReadonlyMap<TokenType | undefined, string> = new Map([
  [word.key, ''],
  [word.unique, ''],
  [word.index, ''],
  [word.upsert, 'on'],
  [word.prune, 'by'],
]);

/** What people write there instead. */
const JOINS = new Set([':', '=', 'on', 'by', 'for', 'of', 'columns', 'fields']);

/** `key: id`, `index on (email)`, `upsert (id)`, `unique [a, b]`. */
export const itemColumns: Habit = (place) => {
  const { tokens, at } = place;
  const item = itemAt(place);
  if (item === undefined || !inStore(place) || !beginsMember(place)) return undefined;
  const { name, wanted } = item;
  let next = at + 1;
  while (JOINS.has(tokens[next]?.image.toLowerCase() ?? '') || isKeyWord(tokens, next, name)) next += 1;
  // `index by_time on (sent_at)`: an index has no name here.
  if (isNamed(tokens, next, name)) next += tokens[next + 1]?.tokenType === word.on ? 2 : 1;
  const columns = columnsAt(place, next);
  if (columns === undefined) return undefined;
  const between = tokens.slice(at + 1, next).map(({ image }) => image);
  const right = between.join(' ') === wanted;
  // Columns without parentheses alone are known already.
  const sorted = tokens.slice(next, columns.last).some(({ image }) => /^(?:asc|desc)$/i.test(image));
  if (right && tokens[next]?.tokenType !== t.LeftSquare && !sorted) return undefined;
  const head = wanted === '' ? name : `${name} ${wanted}`;
  return rewrite(place, {
    ...{ from: at, last: columns.last, text: `${head} (${columns.text})` },
    code: between.includes('on') ? FOREIGN_SYNTAX : MISSING_WORD,
    message: `the columns of \`${name}\` stand in parentheses right after \`${head}\``,
    label: labelOf(between, wanted, tokens[next]),
  });
};

/** Whether a name of the item stands before its columns. */
function isNamed(tokens: readonly IToken[], at: number, item: string): boolean {
  if (!/^(?:index|unique|key)$/.test(item) || !isName(tokens[at]) || beginsStoreItem(tokens, at))
    return false;
  const open = tokens[at + 1]?.tokenType === word.on ? at + 2 : at + 1;
  return tokens[open]?.tokenType === t.LeftParen;
}

/** `upsert on key (id)`, `unique index (id)`. */
function isKeyWord(tokens: readonly IToken[], at: number, item: string): boolean {
  const token = tokens[at];
  if (item === 'unique' && at > 0) return token?.tokenType === word.index || token?.tokenType === word.key;
  return item === 'upsert' && token?.tokenType === word.key && tokens[at - 1]?.tokenType === word.on;
}

function labelOf(between: readonly string[], wanted: string, first: IToken | undefined): string {
  const extra = between.find((each) => each !== wanted);
  if (extra !== undefined) return `\`${extra}\` is not needed`;
  if (first?.tokenType === t.LeftSquare) return 'in brackets';
  return wanted === '' ? 'an index has no order' : `without \`${wanted}\``;
}

function itemAt({ tokens, at }: Place): { readonly name: string; readonly wanted: string } | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  const wanted = BETWEEN.get(token.tokenType);
  if (wanted !== undefined) return { name: token.image, wanted };
  const key = /^(?:primary_?key|pk)$/i.test(token.image);
  return key ? { name: 'key', wanted: '' } : undefined;
}

/** The columns that begin at an index, in brackets or without any. */
function columnsAt(place: Place, at: number): { readonly text: string; readonly last: number } | undefined {
  const { file, tokens } = place;
  const opens = tokens[at]?.tokenType;
  if (opens === t.LeftParen || opens === t.LeftSquare) {
    const close = closeOf(tokens, at);
    const names = tokens
      .slice(at + 1, close)
      .filter(({ tokenType, image }) => tokenType !== t.Comma && !/^(?:asc|desc)$/i.test(image));
    if (close < 0 || names.length === 0 || !names.every(isName)) return undefined;
    return { text: names.map(({ image }) => image).join(', '), last: close };
  }
  const [before, first] = [tokens[at - 1], tokens[at]];
  if (!isName(first) || before === undefined || beginsStoreItem(tokens, at)) return undefined;
  if (!sameLine(file, before.startOffset, first.startOffset)) return undefined;
  let last = at;
  while (tokens[last + 1]?.tokenType === t.Comma && isName(tokens[last + 2])) last += 2;
  // `key: text(40)` is a column that is called so.
  return tokens[last + 1]?.tokenType === t.LeftParen ? undefined : { text: written(place, at, last), last };
}

/** Signs and words between the columns of a `ref` and its target. */
const TARGETS = new Set(['->', '=>', ':', '=', 'to', 'references', 'of']);

/** `ref account_id -> Account.id`, `ref (account_id) -> Account`. */
export const looseRef: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[at]?.tokenType !== word.ref || !inStore(place) || !beginsMember(place)) return undefined;
  const own = columnsAt(place, at + 1);
  if (own === undefined) return undefined;
  const signed = TARGETS.has(tokens[own.last + 1]?.image.toLowerCase() ?? '');
  const name = own.last + (signed ? 2 : 1);
  const target = tokens[name];
  if (!isName(target) || beginsStoreItem(tokens, name)) return undefined;
  const [next, column] = [tokens[name + 1]?.tokenType, tokens[name + 2]];
  const dotted = next === t.Dot && isName(column);
  const other = next === t.LeftParen ? columnsAt(place, name + 1) : undefined;
  if (next === t.LeftParen && other === undefined) return undefined;
  const columns = dotted ? column.image : (other?.text ?? keyOf(place, target.image, own.text));
  const text = `(${own.text}) -> ${target.image} (${columns})`;
  const last = dotted ? name + 2 : (other?.last ?? name);
  const parentheses = tokens[at + 1]?.tokenType === t.LeftParen;
  if (parentheses && other !== undefined && signed) return undefined;
  return rewrite(place, {
    ...{ from: at + 1, last, text, code: MISSING_WORD },
    ...wordingOf(parentheses, signed, dotted || other !== undefined, target.image),
  });
};

function wordingOf(own: boolean, signed: boolean, columns: boolean, target: string) {
  if (own && !signed) return { message: 'a `ref` points to its entity with `->`', label: 'without `->`' };
  if (own && !columns)
    return {
      message: 'a `ref` names the columns that it points to, in parentheses',
      label: `without the columns of ${target}`,
    };
  return {
    message: 'the columns of a `ref` stand in parentheses, on both sides of the `->`',
    label: 'not in parentheses',
  };
}

/** The key of the store that an entity has in this file. */
function keyOf({ file }: Place, entity: string, fallback: string): string {
  const body = new RegExp(`\\b(?:entity|derive)\\s+${entity}\\b[\\s\\S]*?\\bkey\\s*\\(([^)]*)\\)`).exec(
    file.whole ?? file.text,
  );
  return body?.[1]?.trim() ?? fallback;
}

/** `newest(version)`, `newest version`, `add total`, `keep (total)`: what follows the columns of an `upsert`. */
export const upsertAction: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (token === undefined || tokens[at - 1]?.tokenType !== t.RightParen || !inStore(place)) return undefined;
  const meant = ACTIONS.get(token.image.toLowerCase());
  if (meant !== undefined)
    return rewrite(place, {
      ...{ from: at, last: at, text: meant, code: FOREIGN_SYNTAX },
      message: `\`${token.image}\` is not an action of \`upsert\``,
      label: 'as in other languages',
    });
  const second = tokens[at + 1];
  if (second !== undefined && PLAIN.has(token.tokenType) && isAction(tokens, at + 1))
    return rewrite(place, {
      ...{ from: at, last: at + 1, text: token.image, code: FOREIGN_SYNTAX },
      message: `an \`upsert\` has one action, found \`${token.image}\` and \`${second.image}\``,
      label: 'two actions',
      help: `write \`${token.image}\` or \`${second.image}\``,
    });
  if (token.tokenType === word.newest) return newestBy(place);
  if (token.tokenType === word.add) {
    const joined = JOINS.has(next?.image ?? '');
    const columns = columnsAt(place, at + (joined ? 2 : 1));
    if (columns === undefined || (!joined && next?.tokenType === t.LeftParen)) return undefined;
    return rewrite(place, {
      ...{ from: at, last: columns.last, text: `add (${columns.text})`, code: MISSING_WORD },
      message: 'the columns of `add` stand in parentheses',
      label: 'not in parentheses',
    });
  }
  const close = PLAIN.has(token.tokenType) && next?.tokenType === t.LeftParen ? closeOf(tokens, at + 1) : -1;
  if (close < 0) return undefined;
  return rewrite(place, {
    ...{ from: at, last: close, text: token.image, code: FOREIGN_SYNTAX },
    message: `\`${token.image}\` takes no columns: it is said of the whole row`,
    label: 'with columns',
  });
};

const PLAIN: ReadonlySet<TokenType> = new Set([word.keep, word.replace, word.merge]);

/** Whether another action stands at an index that needs nothing behind it. */
function isAction(tokens: readonly IToken[], at: number): boolean {
  const token = tokens[at];
  return token !== undefined && PLAIN.has(token.tokenType) && tokens[at + 1]?.tokenType !== t.LeftParen;
}

/** What people call the actions of an `upsert`. */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ...['latest', 'last', 'greatest', 'highest', 'max', 'newer'].map((each) => [each, 'newest'] as const),
  ...['ignore', 'skip', 'nothing', 'first', 'oldest'].map((each) => [each, 'keep'] as const),
  ...['overwrite', 'update', 'set', 'override'].map((each) => [each, 'replace'] as const),
  ...['patch', 'partial', 'combine'].map((each) => [each, 'merge'] as const),
  ...['sum', 'plus', 'increment', 'accumulate'].map((each) => [each, 'add'] as const),
]);

function newestBy(place: Place): Fix | undefined {
  const { tokens, at } = place;
  let name = at + 1;
  while (JOINS.has(tokens[name]?.image ?? '') || tokens[name]?.tokenType === t.LeftParen) name += 1;
  const column = tokens[name];
  if (!isName(column) || beginsStoreItem(tokens, name)) return undefined;
  const last = tokens[name + 1]?.tokenType === t.RightParen ? name + 1 : name;
  if (name === at + 2 && last === name && tokens[at + 1]?.tokenType === word.by) return undefined;
  return rewrite(place, {
    ...{ from: at, last, text: `newest by ${column.image}`, code: MISSING_WORD },
    message: 'the column of `newest` stands behind `by`, without parentheses',
    label: 'expected `newest by` and a column',
  });
}

const CONDITIONS = new Set(['if', 'where', 'on', ':', '=', 'unless', 'with', 'rows']);

/** `delete if gone`, `delete gone`. */
export const deleteWhen: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next, third] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (token?.tokenType !== word.delete || next === undefined || !inStore(place)) return undefined;
  if (next.tokenType === word.when || !beginsMember(place)) return undefined;
  const other = CONDITIONS.has(next.image.toLowerCase()) && next.image.toLowerCase() !== 'unless';
  const doubled = other && third?.tokenType === word.when;
  const negated = next.tokenType === reserved.not || next.tokenType === mistakes.bang;
  const bare = negated || isName(next);
  if (!other && !bare) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + (doubled ? 2 : other ? 1 : 0), text: 'delete when', code: MISSING_WORD },
    message: 'a row is deleted by `delete when` and a condition',
    label: 'expected `delete when` here',
  });
};

/** `ref (a) -> B (c) optional`. */
export const otherSoft: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || !/^(?:optional|nullable|lazy|weak|deferred|nocheck)$/i.test(token.image))
    return undefined;
  const before = tokens[at - 1];
  if (before?.tokenType !== t.RightParen || !inStore(place)) return undefined;
  const open = tokens.findLastIndex(({ tokenType }, index) => index < at && tokenType === t.LeftParen);
  if (tokens[open - 2]?.tokenType !== t.Arrow) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at, text: 'soft', code: FOREIGN_SYNTAX },
    message: 'a `ref` whose target may be missing is `soft`',
    label: 'as in other languages',
  });
};
