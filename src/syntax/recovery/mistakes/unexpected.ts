import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { contextualWords, word } from '../../../../grammar/tokens.ts';
import type { CodeDescription } from '../../../diagnostics/diagnostic.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { CLOSES_NOTHING, UNEXPECTED, UNKNOWN_KEYWORD } from '../../codes/structure.ts';
import { describeExpected, describeToken } from '../describe.ts';
import { expectsItem } from '../items.ts';
import { isName } from '../../is-name.ts';
import type { Fix, Stuck } from '../stuck.ts';
import { fits, placeOf } from '../stuck.ts';
import { emptyAt, endOf } from '../virtual.ts';

/** What is none of the known mistakes: says what could stand here, and drops what stands here instead. */
export function unexpected(stuck: Stuck): Fix {
  const [description, message, label] = wordingOf(stuck);
  return {
    finding: finding(description, placeOf(stuck), message, { label, help: helpOf(stuck) }),
    ...dropped(stuck),
    sure: false,
  };
}

const OPENERS = new Set<TokenType>([t.LeftCurly, t.LeftParen, t.LeftSquare]);
const CLOSERS = new Set<TokenType>([t.RightCurly, t.RightParen, t.RightSquare]);

function wordingOf({ found, before, at, expected, complete }: Stuck): [CodeDescription, string, string] {
  const what = describeToken(found);
  if (found !== undefined && CLOSERS.has(found.tokenType) && (complete || expectsItem(expected))) {
    return [CLOSES_NOTHING, `this ${what} closes nothing`, 'no open bracket'];
  }
  if (at === 0 && isName(found)) {
    return [UNKNOWN_KEYWORD, `expected a declaration, found ${what}`, 'expected a declaration here'];
  }
  if (found?.tokenType === t.Range && before?.tokenType === t.NumberLiteral) {
    return [
      UNEXPECTED,
      'expected a duration before `..`, found a number',
      'the range has no duration before it',
    ];
  }
  const wanted = complete ? 'a declaration' : describeExpected(expected);
  if (found === undefined) {
    const after = before === undefined ? '' : ` after ${describeToken(before)}`;
    return [UNEXPECTED, `expected ${wanted}${after}, found nothing more`, `expected ${wanted} here`];
  }
  const code = expectsItem(expected) && isName(found) && !complete ? UNKNOWN_KEYWORD : UNEXPECTED;
  return [code, `expected ${wanted}, found ${what}`, `expected ${wanted} here`];
}

function helpOf({ found, before, expected, complete }: Stuck): string | undefined {
  if (found !== undefined && CLOSERS.has(found.tokenType) && (complete || expectsItem(expected)))
    return 'leave it out';
  if (found?.tokenType === t.Range && before?.tokenType === t.NumberLiteral) {
    return 'write two durations, for example `1s..1m`';
  }
  if (found?.tokenType === t.NumberLiteral && before?.tokenType === t.Dot) {
    return `write a digit before the point: \`0.${found.image}\``;
  }
  return undefined;
}

/** The smallest part that can go: the token alone, the item around it, the header, or all of it. */
function dropped(stuck: Stuck): Pick<Fix, 'from' | 'to' | 'insert'> {
  const { tokens, at, item, found, complete, expected } = stuck;
  if (complete) return { from: at, to: tokens.length, insert: [] };
  // What begins no item is mostly one that lost its beginning: the rest of it would make no sense.
  const lost = expectsItem(expected) && item !== undefined && !CLOSERS.has(found?.tokenType ?? t.At);
  const opens = OPENERS.has(found?.tokenType ?? t.At);
  const next = tokens[at + 1];
  if (!lost && !opens && found !== undefined && next !== undefined && fits(stuck, next)) {
    return { from: at, to: at + 1, insert: [] };
  }
  return droppedItem(tokens, item, at);
}

/** Leaves out an item, or makes the least header that the declaration can have. */
export function droppedItem(
  tokens: readonly IToken[],
  item: Stuck['item'],
  at: number,
): Pick<Fix, 'from' | 'to' | 'insert'> {
  if (item !== undefined && item.to > item.from) return { ...item, insert: [] };
  const body = tokens.findIndex((token, index) => index >= at && token.tokenType === t.LeftCurly);
  const header = body < 0 ? undefined : leastHeader(tokens);
  if (header === undefined) return { from: 0, to: tokens.length, insert: [] };
  return { from: 0, to: body, insert: header };
}

const KNOWN: ReadonlySet<string> = new Set(contextualWords);

function leastHeader(tokens: readonly IToken[]): readonly IToken[] | undefined {
  const [keyword, second] = tokens;
  if (keyword === undefined || !KNOWN.has(keyword.image)) return undefined;
  const offset = endOf(keyword);
  const name = isName(second) ? second : emptyAt(offset, t.Identifier, '');
  const text =
    tokens.find((token) => token.tokenType === t.TextLiteral) ?? emptyAt(offset, t.TextLiteral, '""');
  switch (keyword.tokenType) {
    case word.derive:
      return [keyword, name, emptyAt(endOf(name), word.from), emptyAt(endOf(name), t.Identifier, '')];
    case word.test:
      return [keyword, text];
    case word.lookup:
      return [keyword, name, text];
    case word.fn:
    case word.import:
      return undefined;
    default:
      return [keyword, name];
  }
}
