import type { IToken } from 'chevrotain';
import {
  contextualWords,
  DurationLiteral,
  NumberLiteral,
  reservedWords,
  SizeLiteral,
  TextLiteral,
  tokenize,
} from '../../grammar/tokens.ts';
import type { Span } from '../text/source.ts';
import type { Document } from './document.ts';
import type { Occurrence, SymbolKind } from './symbol.ts';
import { eachPart } from './tree-parts.ts';

/** The kinds in the order of their numbers in the protocol: it is fixed, for editors keep the numbers. */
export const tokenTypes = [
  ...['namespace', 'type', 'enum', 'enumMember', 'class', 'struct', 'function', 'parameter', 'variable'],
  ...['property', 'decorator', 'event', 'keyword', 'string', 'number', 'comment'],
] as const;
export const tokenModifiers = ['declaration', 'defaultLibrary', 'documentation'] as const;

export type TokenType =
  | 'namespace'
  | 'type'
  | 'enum'
  | 'enumMember'
  | 'class'
  | 'struct'
  | 'function'
  | 'parameter'
  | 'variable'
  | 'property'
  | 'decorator'
  | 'event'
  | 'keyword'
  | 'string'
  | 'number'
  | 'comment';

export interface SemanticToken {
  readonly start: number;
  readonly end: number;
  readonly type: TokenType;
  readonly modifiers: readonly (typeof tokenModifiers)[number][];
}

const typeOfSymbol: Readonly<Record<SymbolKind, TokenType>> = {
  pipeline: 'namespace',
  enum: 'enum',
  'enum member': 'enumMember',
  shape: 'struct',
  entity: 'class',
  'derived entity': 'class',
  lookup: 'class',
  function: 'function',
  parameter: 'parameter',
  alias: 'variable',
  field: 'property',
  table: 'struct',
  secret: 'variable',
  scheme: 'function',
  stream: 'namespace',
  subject: 'event',
  role: 'namespace',
  setting: 'property',
  type: 'type',
  attribute: 'decorator',
};

/** What each word of a stretch is, in its order; no two overlap, and none is longer than a line. */
export function semanticTokens(
  document: Document,
  { start, end }: Pick<Span, 'start' | 'end'>,
): readonly SemanticToken[] {
  const isIn = (token: Pick<SemanticToken, 'start' | 'end'>): boolean =>
    token.start < end && start < token.end;
  const { tokens, docs, comments } = tokenize(document.file.text);
  const named = document.occurrences().map(nameToken).filter(isIn);
  const names = namesOf(document, start, end);
  const words = tokens
    .flatMap((token) => (names.has(token.startOffset) ? [] : wordToken(token)))
    .filter(isIn);
  const remarks = [...docs.map(docToken), ...comments.map(commentToken)].filter(isIn);
  return withoutOverlaps([...named, ...words, ...remarks]);
}

function nameToken({ span, symbol, declares }: Occurrence): SemanticToken {
  return {
    start: span.start,
    end: span.end,
    type: typeOfSymbol[symbol.kind],
    modifiers: declares ? ['declaration'] : symbol.declaration === undefined ? ['defaultLibrary'] : [],
  };
}

/** Where names stand that mean nothing: they are no keywords, whatever they are called. */
function namesOf({ parsed }: Document, start: number, end: number): ReadonlySet<number> {
  const names = new Set<number>();
  for (const declaration of parsed.tree.declarations)
    if (declaration.span.start < end && start < declaration.span.end)
      eachPart(declaration, (part) => {
        if ('text' in part && part.kind === undefined) names.add(part.span.start);
        return true;
      });
  return names;
}

const KEYWORDS: ReadonlySet<string> = new Set([...contextualWords, ...reservedWords]);

function wordToken({ tokenType, image, startOffset }: IToken): readonly SemanticToken[] {
  const type =
    tokenType === TextLiteral
      ? 'string'
      : tokenType === NumberLiteral || tokenType === DurationLiteral || tokenType === SizeLiteral
        ? 'number'
        : KEYWORDS.has(tokenType.LABEL ?? '')
          ? 'keyword'
          : undefined;
  return type === undefined
    ? []
    : [{ start: startOffset, end: startOffset + image.length, type, modifiers: [] }];
}

function commentToken({ startOffset, image }: IToken): SemanticToken {
  return { start: startOffset, end: startOffset + image.length, type: 'comment', modifiers: [] };
}

function docToken(token: IToken): SemanticToken {
  return { ...commentToken(token), modifiers: ['documentation'] };
}

/** Where a name stands in a text, as a key of JSON does, the text is cut around it. */
function withoutOverlaps(tokens: readonly SemanticToken[]): readonly SemanticToken[] {
  const kept: SemanticToken[] = [];
  const sorted = tokens.toSorted((left, right) => left.start - right.start || right.end - left.end);
  for (const token of sorted) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= token.start) {
      kept.push(token);
      continue;
    }
    kept.pop();
    const around = [{ ...last, end: token.start }, token, { ...last, start: Math.min(token.end, last.end) }];
    kept.push(...around.filter((each) => each.start < each.end));
  }
  return kept;
}
