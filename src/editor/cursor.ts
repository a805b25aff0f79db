import type { IToken } from 'chevrotain';
import { advance, begin, expectedIn, type Expected } from '../../grammar/expectation.ts';
import {
  Comma,
  Dot,
  Identifier,
  LeftCurly,
  LeftParen,
  LeftSquare,
  QuestionDot,
  RightCurly,
  RightParen,
  RightSquare,
  tokenize,
} from '../../grammar/tokens.ts';
import { chunksOf } from '../syntax/chunks.ts';
import type { Declaration } from '../syntax/tree.ts';
import type { Document } from './document.ts';

/** Where something is being typed, from the words before it: the text around it may well be faulty. */
export interface Cursor {
  /** Where the word at the cursor begins. */
  readonly start: number;
  /** The words of the declaration before that. */
  readonly before: readonly IToken[];
  readonly expected: readonly Expected[];
  /** The declaration that the cursor is in. */
  readonly declaration?: Declaration;
  /** The braces that are open. */
  readonly depth: number;
}

/** Nothing inside texts and comments. */
export function cursorAt(document: Document, offset: number): Cursor | undefined {
  const { file, parsed } = document;
  const typed = /[A-Za-z_][A-Za-z0-9_]*$/.exec(file.text.slice(Math.max(0, offset - 200), offset));
  const start = offset - (typed?.[0].length ?? 0);
  // What follows cannot change what is expected here.
  const head = { name: file.name, text: file.text.slice(0, start) };
  const { tokens, docs, comments } = tokenize(head.text);
  const lineStart = head.text.lastIndexOf('\n', start - 1) + 1;
  if ([...docs, ...comments].some((each) => each.startOffset >= lineStart)) return undefined;
  const last = tokens.at(-1);
  if (last?.tokenType.name === 'OpenText' && last.startOffset >= lineStart) return undefined;
  const chunk = chunksOf(head, tokens).at(-1);
  const before = chunk?.tokens ?? [];
  const first = before[0]?.startOffset;
  const declaration = parsed.tree.declarations.find(({ span }) => span.start === first);
  return {
    start,
    before,
    expected: expectedIn(before.reduce(stay, begin('file'))),
    ...(declaration === undefined ? {} : { declaration }),
    depth: before.reduce(
      (depth, { tokenType }) => depth + (tokenType === LeftCurly ? 1 : tokenType === RightCurly ? -1 : 0),
      0,
    ),
  };
}

/** A word that fits nowhere is passed over: a fault earlier in the declaration does not end all help. */
function stay(state: ReturnType<typeof begin>, token: IToken): ReturnType<typeof begin> {
  const next = advance(state, token);
  return next.length === 0 ? state : next;
}

/** `a.b[c].d` in front of a dot, from its beginning. */
export interface Chain {
  readonly head: string;
  /** The head is called. */
  readonly call: boolean;
  readonly steps: readonly Step[];
}

type Step = { readonly kind: 'member'; readonly name: string } | { readonly kind: 'index' };

/** The chain before the dot that is the last word, if there is one. */
export function chainBefore(tokens: readonly IToken[]): Chain | undefined {
  return isDot(tokens.at(-1)) ? chainEnding(tokens, tokens.length - 2) : undefined;
}

/** The chain whose last word is at an index. */
export function chainEnding(tokens: readonly IToken[], last: number): Chain | undefined {
  const steps: Step[] = [];
  let at = last;
  for (;;) {
    const token = tokens[at];
    if (token?.tokenType === RightSquare) {
      at = opening(tokens, at, LeftSquare, RightSquare) - 1;
      steps.unshift({ kind: 'index' });
      continue;
    }
    const call = token?.tokenType === RightParen;
    const name = call ? tokens[opening(tokens, at, LeftParen, RightParen) - 1] : token;
    if (name === undefined || !isName(name)) return undefined;
    at = tokens.indexOf(name);
    if (call || !isDot(tokens[at - 1])) return { head: name.image, call, steps };
    steps.unshift({ kind: 'member', name: name.image });
    at -= 2;
  }
}

function isDot(token: IToken | undefined): boolean {
  return token?.tokenType === Dot || token?.tokenType === QuestionDot;
}

function isName({ tokenType }: IToken): boolean {
  return tokenType === Identifier || tokenType.CATEGORIES?.includes(Identifier) === true;
}

function opening(
  tokens: readonly IToken[],
  close: number,
  open: IToken['tokenType'],
  shut: IToken['tokenType'],
): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    const type = tokens[at]?.tokenType;
    if (type === shut) depth += 1;
    if (type === open) depth -= 1;
    if (depth === 0) return at;
  }
  return 0;
}

/** The names before the cursor in the parentheses that are open, and the words before them, the last first. */
export function openNames(tokens: readonly IToken[]): {
  readonly names: readonly string[];
  readonly at: number;
} {
  const names: string[] = [];
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const token = tokens[at];
    if (token === undefined || token.tokenType === LeftParen) return { names, at };
    if (token.tokenType !== Comma) names.push(token.image);
  }
  return { names, at: -1 };
}
