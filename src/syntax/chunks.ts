import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../grammar/tokens.ts';
import { contextualWords, declarationWords, word } from '../../grammar/tokens.ts';
import { closest } from '../diagnostics/suggest.ts';
import type { SourceFile } from '../text/source.ts';
import { isName } from './is-name.ts';
import { beginsLine, indentOf } from './layout.ts';
import { foreignWords } from './foreign-words.ts';

/** The tokens of one declaration, or what stands before the first. */
export interface Chunk {
  readonly tokens: readonly IToken[];
  /** The offsets between which everything belongs to the chunk. */
  readonly start: number;
  readonly end: number;
}

const DECLARES = new Map<TokenType, readonly TokenType[]>([
  [word.pipeline, []],
  [word.import, [t.TextLiteral]],
  [word.enum, [t.LeftCurly]],
  [word.shape, [t.LeftCurly]],
  [word.entity, [t.LeftCurly, t.At]],
  [word.derive, [word.from]],
  [word.lookup, [t.TextLiteral]],
  [word.fn, [t.LeftParen]],
  [word.secret, []],
  [word.stream, [t.LeftCurly]],
  [word.role, [t.LeftCurly]],
  [word.test, [t.TextLiteral]],
]);

const NO_NAME = new Set<TokenType>([word.import, word.test]);
const KNOWN: ReadonlySet<string> = new Set(contextualWords);

/**
 * Splits a file into its declarations, so that no error of one reaches the next. A declaration begins
 * where no brace is open, or at the very beginning of a line: there a brace was forgotten before it.
 */
export function chunksOf(file: SourceFile, tokens: readonly IToken[]): readonly Chunk[] {
  const starts: number[] = [];
  let depth = 0;
  tokens.forEach((token, at) => {
    const line = beginsLine(file, token);
    const margin = line && indentOf(file, token.startOffset) === 0;
    const free = depth === 0 && (line || tokens[at - 1]?.tokenType === t.RightCurly);
    if (at === 0 || margin || free) {
      const certain = declares(tokens, at);
      if (certain || (margin && (looksLikeDeclaration(tokens, at) || (depth === 0 && begins(tokens, at))))) {
        starts.push(at);
        depth = 0;
      }
    }
    if (token.tokenType === t.LeftCurly) depth += 1;
    else if (token.tokenType === t.RightCurly) depth = Math.max(depth - 1, 0);
  });
  if (starts[0] !== 0) starts.unshift(0);
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? tokens.length;
    return {
      tokens: tokens.slice(from, to),
      start: index === 0 ? 0 : (tokens[from]?.startOffset ?? 0),
      end: tokens[to]?.startOffset ?? file.text.length,
    };
  });
}

/** A declaration's word with what has to follow it. */
function declares(tokens: readonly IToken[], at: number): boolean {
  const [token, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (token === undefined) return false;
  const marks = DECLARES.get(token.tokenType);
  if (marks === undefined) return false;
  if (NO_NAME.has(token.tokenType)) return second?.tokenType === t.TextLiteral;
  if (!isName(second)) return false;
  return marks.length === 0
    ? second.tokenType !== word.as
    : third !== undefined && marks.includes(third.tokenType);
}

/** `entitty Order {`, and any other word where a declaration's should stand. */
function looksLikeDeclaration(tokens: readonly IToken[], at: number): boolean {
  const [token, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (token?.tokenType !== t.Identifier || KNOWN.has(token.image)) return false;
  if (foreignWords.has(token.image.toLowerCase()) && isName(second) && third?.tokenType !== t.Colon)
    return true;
  const text = second?.tokenType === t.TextLiteral;
  if (text && foreignWords.get(token.image.toLowerCase())?.begins === 'test') return true;
  if (isName(second) && third?.tokenType === t.LeftCurly) return true;
  return (text || isName(second)) && closest(token.image, declarationWords) !== undefined;
}

/** A declaration's word, whatever comes of it. */
function begins(tokens: readonly IToken[], at: number): boolean {
  const type = tokens[at]?.tokenType;
  const next = tokens[at + 1]?.tokenType;
  return type !== undefined && DECLARES.has(type) && next !== t.Colon && next !== t.Equal && next !== word.as;
}
