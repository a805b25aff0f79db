import type { IToken, TokenType } from 'chevrotain';
import type { Expected } from '../../../grammar/expectation.ts';
import * as t from '../../../grammar/tokens.ts';
import { reserved, word } from '../../../grammar/tokens.ts';
import type { SourceFile } from '../../text/source.ts';
import { isName } from '../is-name.ts';
import { beginsLine, indentOf } from '../layout.ts';

/*
 * Items are what stands in the braces of a declaration or of a store: fields, checks, settings, keys and so on.
 * Nothing separates them, so in a faulty text their beginnings are told by words and by layout.
 */

type BlockKind = 'members' | 'enum' | 'lookup' | 'settings' | 'test' | 'store';

interface Block {
  readonly kind: BlockKind;
  /** The index of its `{`. */
  readonly open: number;
}

/** A range of tokens, the end excluded. */
export interface Item {
  readonly from: number;
  readonly to: number;
}

const BLOCKS: ReadonlyMap<TokenType | undefined, BlockKind> = new Map([
  [word.pipeline, 'settings'],
  [word.stream, 'settings'],
  [word.role, 'settings'],
  [word.enum, 'enum'],
  [word.lookup, 'lookup'],
  [word.test, 'test'],
  [word.shape, 'members'],
  [word.entity, 'members'],
  [word.derive, 'members'],
]);

/** Words that begin an item of a store, and the token that must follow. */
const STORE_WORDS: ReadonlyMap<TokenType, readonly TokenType[]> = new Map([
  [word.key, [t.LeftParen]],
  [word.unique, [t.LeftParen]],
  [word.upsert, [word.on, t.LeftParen]],
  [word.ref, [t.LeftParen]],
  [word.index, [t.LeftParen]],
  [word.prune, [word.by, t.LeftParen]],
  [word.delete, [word.when]],
  [word.duplicates, [word.first, word.last, word.add, word.newest]],
]);

const LINK_WORDS = new Set<TokenType>([word.subject, word.publish, word.consume, word.dead_letter]);

/** Whether a token begins an item of a store, wherever it stands. */
export function beginsStoreItem(tokens: readonly IToken[], at: number): boolean {
  const [token, next] = [tokens[at], tokens[at + 1]];
  return (
    token !== undefined &&
    next !== undefined &&
    STORE_WORDS.get(token.tokenType)?.includes(next.tokenType) === true
  );
}

/** Whether what may come next includes the beginning of an item, so that the token there is one of its own. */
export function expectsItem(expected: readonly Expected[], token?: IToken): boolean {
  return expected.some(({ type, rule }) => {
    const names = type === t.Identifier && (rule === 'field' || rule === 'setting' || rule === 'enumMember');
    const words = STORE_WORDS.has(type) || LINK_WORDS.has(type) || ITEM_WORDS.has(type);
    if (token === undefined) return names || words;
    return names ? isName(token) : words && token.tokenType === type;
  });
}

/** Whether a token can only begin the next item: who left out such a word wrote something else. */
export function beginsItem({ type }: Expected): boolean {
  return STORE_WORDS.has(type) || LINK_WORDS.has(type) || (ITEM_WORDS.has(type) && type !== t.Spread);
}

const ITEM_WORDS = new Set<TokenType>([
  ...[word.check, word.ordered, word.signed, word.store, word.given, word.expect, t.Spread],
]);

/** The item at a place, without the braces around it; nothing outside of braces. */
export function itemAround(
  file: SourceFile,
  tokens: readonly IToken[],
  at: number,
  fresh: boolean,
): Item | undefined {
  const block = blockAround(tokens, at);
  if (block === undefined) return undefined;
  const starts = itemStarts(file, tokens, block);
  const close = closeOf(tokens, block.open);
  const next = starts.find((start) => start > at) ?? close;
  if (fresh) return { from: at, to: next };
  const from = starts.findLast((start) => start < at) ?? block.open + 1;
  return { from, to: starts.includes(at) || at >= close ? at : next };
}

/** Whether a token begins an item of the block that it lies in. */
export function startsItem(file: SourceFile, tokens: readonly IToken[], at: number): boolean {
  const block = blockAround(tokens, at);
  return block !== undefined && isStart(file, tokens, at, block.kind);
}

function itemStarts(file: SourceFile, tokens: readonly IToken[], block: Block): readonly number[] {
  const first = tokens[block.open + 1];
  const column = first !== undefined && beginsLine(file, first) ? indentOf(file, first.startOffset) : -1;
  const starts: number[] = [];
  const close = closeOf(tokens, block.open);
  let depth = 0;
  for (let at = block.open + 1; at < close; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (depth === 0) {
      const aligned =
        isName(token) && beginsLine(file, token) && indentOf(file, token.startOffset) === column;
      if (aligned || isStart(file, tokens, at, block.kind)) starts.push(at);
    }
    if (token.tokenType === t.LeftCurly) depth += 1;
    else if (token.tokenType === t.RightCurly) depth -= 1;
  }
  return starts;
}

function isStart(file: SourceFile, tokens: readonly IToken[], at: number, kind: BlockKind): boolean {
  const [before, token, next, third] = [tokens[at - 1], tokens[at], tokens[at + 1], tokens[at + 2]];
  if (token === undefined) return false;
  const { tokenType: type } = token;
  const named = isName(token) && next?.tokenType === t.Colon;
  switch (kind) {
    case 'members': {
      if (type === t.Spread || named) return true;
      if (next?.tokenType === t.Equal && isName(token)) return beginsLine(file, token) || endsOperand(before);
      if (type === word.store && isName(next)) {
        return third?.tokenType === t.LeftCurly || third?.tokenType === t.Dot || beginsLine(file, token);
      }
      if (type === word.ordered || type === word.signed) return next?.tokenType === word.by;
      return type === word.check && beginsLine(file, token);
    }
    case 'lookup':
      return named || (type === word.key && next?.tokenType === t.LeftParen);
    case 'enum':
      return isName(token) && before?.tokenType !== t.Equal && before?.tokenType !== t.Colon;
    case 'settings':
      return named || (LINK_WORDS.has(type) && isName(next));
    case 'test':
      return (type === word.given && isName(next)) || (type === word.expect && next?.tokenType !== t.Colon);
    case 'store':
      return beginsStoreItem(tokens, at);
  }
}

const OPERAND_ENDS = new Set<TokenType>([
  ...[t.Identifier, t.TextLiteral, t.NumberLiteral, t.DurationLiteral],
  ...[t.RightParen, t.RightSquare, t.RightCurly, t.Question, reserved.true, reserved.false, reserved.null],
]);

function endsOperand(token: IToken | undefined): boolean {
  return token !== undefined && OPERAND_ENDS.has(token.tokenType);
}

/** The innermost block with items that is open at a place; the braces of `match` and JSON have none. */
function blockAround(tokens: readonly IToken[], at: number): Block | undefined {
  const open: (Block | undefined)[] = [];
  let matches = 0;
  for (let index = 0; index < Math.min(at, tokens.length); index += 1) {
    const type = tokens[index]?.tokenType;
    if (type === reserved.match) matches += 1;
    else if (type === t.RightCurly) open.pop();
    else if (type === t.LeftCurly) {
      const kind = matches > 0 ? undefined : blockKind(tokens, index, open);
      matches = Math.max(matches - 1, 0);
      open.push(kind === undefined ? undefined : { kind, open: index });
    }
  }
  return open.findLast((block) => block !== undefined);
}

function blockKind(
  tokens: readonly IToken[],
  at: number,
  open: readonly (Block | undefined)[],
): BlockKind | undefined {
  if (open.length === 0) return BLOCKS.get(tokens[0]?.tokenType);
  return open.at(-1)?.kind === 'members' && opensStore(tokens, at) ? 'store' : undefined;
}

/** Whether a `{` is the one of `store name {`, `store schema.name {` or either with `existing`. */
function opensStore(tokens: readonly IToken[], at: number): boolean {
  const end = tokens[at - 1]?.tokenType === word.existing ? at - 1 : at;
  const start = tokens[end - 2]?.tokenType === t.Dot ? end - 4 : end - 2;
  return tokens[start]?.tokenType === word.store;
}

/** The index of the `}` that closes a `{`; the number of tokens where none does. */
export function closeOf(tokens: readonly IToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const type = tokens[at]?.tokenType;
    if (type === t.LeftCurly) depth += 1;
    else if (type === t.RightCurly) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}
