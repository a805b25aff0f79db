import type { IToken, TokenType } from 'chevrotain';
import { Lexer, createToken } from './chevrotain.ts';

/* The words of the language. Order matters: the lexer takes the first pattern that matches. */

/** Any name. Every contextual keyword is also a name, by its category. */
export const Identifier = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  label: 'name',
});

/** Words that can never be a name. */
export const reservedWords = [
  'and',
  'or',
  'not',
  'if',
  'then',
  'else',
  'match',
  'true',
  'false',
  'null',
] as const;

/** Words that mean something in their place only: a field may have any of these names. */
export const contextualWords = [
  ...[
    'pipeline',
    'import',
    'enum',
    'shape',
    'entity',
    'derive',
    'lookup',
    'fn',
    'secret',
    'stream',
    'role',
    'test',
  ],
  ...[
    'from',
    'each',
    'optional',
    'as',
    'where',
    'check',
    'ordered',
    'signed',
    'on_refused',
    'answer',
    'store',
    'existing',
  ],
  ...['key', 'unique', 'nulls', 'equal', 'upsert', 'on', 'replace', 'keep', 'merge', 'newest', 'by', 'add'],
  ...['ref', 'soft', 'index', 'prune', 'delete', 'when', 'duplicates', 'first', 'last'],
  ...['subject', 'publish', 'consume', 'only', 'dead_letter', 'given', 'expect', 'rejected'],
] as const;

export type ContextualWord = (typeof contextualWords)[number];

/** The words that begin a declaration. */
export const declarationWords = [
  'pipeline',
  'import',
  'enum',
  'shape',
  'entity',
  'derive',
  'lookup',
  'fn',
  'secret',
  'stream',
  'role',
  'test',
] as const satisfies readonly ContextualWord[];

function tokenName(word: string): string {
  return word
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function wordTokens<W extends string>(
  words: readonly W[],
  contextual: boolean,
): Readonly<Record<W, TokenType>> {
  const entries = words.map((word) => [
    word,
    createToken({
      name: tokenName(word),
      pattern: word,
      label: word,
      longer_alt: Identifier,
      ...(contextual ? { categories: Identifier } : {}),
    }),
  ]);
  return Object.fromEntries(entries) as Record<W, TokenType>;
}

export const reserved = wordTokens(reservedWords, false);
export const word = wordTokens(contextualWords, true);

export const TextLiteral = createToken({
  name: 'TextLiteral',
  pattern: /"[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"/,
  label: 'text in double quotes',
});
export const SizeLiteral = createToken({
  name: 'SizeLiteral',
  pattern: /[0-9]+(?:KB|MB|GB)(?![A-Za-z0-9_])/,
  label: 'size',
});
export const DurationLiteral = createToken({
  name: 'DurationLiteral',
  pattern: /[0-9]+(?:ms|[smhd])(?![A-Za-z0-9_])/,
  label: 'duration',
});
/** As in JSON, without a sign. */
export const NumberLiteral = createToken({
  name: 'NumberLiteral',
  pattern: /(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_]|\.[0-9])/,
  label: 'number',
});

/** Stands where an expression is missing. No text is read as one: only error recovery puts it in. */
export const MissingExpression = createToken({
  name: 'MissingExpression',
  pattern: Lexer.NA,
  categories: Identifier,
  label: 'expression',
});

function sign(
  name: string,
  pattern: string | RegExp,
  label = typeof pattern === 'string' ? pattern : name,
): TokenType {
  return createToken({ name, pattern, label });
}

export const LeftCurly = sign('LeftCurly', '{');
export const RightCurly = sign('RightCurly', '}');
export const LeftParen = sign('LeftParen', '(');
export const RightParen = sign('RightParen', ')');
export const LeftSquare = sign('LeftSquare', '[');
export const RightSquare = sign('RightSquare', ']');
export const Comma = sign('Comma', ',');
export const Colon = sign('Colon', ':');
export const At = sign('At', '@');
export const Spread = sign('Spread', '...');
export const Range = sign('Range', '..');
export const Dot = sign('Dot', '.');
export const QuestionQuestion = sign('QuestionQuestion', '??');
/** Not where a spread follows a nullable type: `note: text?...More`. */
export const QuestionDot = sign('QuestionDot', /\?\.(?!\.)/, '?.');
export const Question = sign('Question', '?');
export const Arrow = sign('Arrow', '->');
export const EqualEqual = sign('EqualEqual', '==');
export const NotEqual = sign('NotEqual', '!=');
export const LessEqual = sign('LessEqual', '<=');
export const GreaterEqual = sign('GreaterEqual', '>=');
export const Less = sign('Less', '<');
export const Greater = sign('Greater', '>');
export const Equal = sign('Equal', '=');
export const Plus = sign('Plus', '+');
export const Minus = sign('Minus', '-');
export const Star = sign('Star', '*');
export const Slash = sign('Slash', '/');
export const Percent = sign('Percent', '%');

/* What people write by habit and the language does not have: read as one word, so that it gets one finding. */
export const mistakes = {
  foreignName: sign(
    'ForeignName',
    /[A-Za-z0-9_]*[\u00AA-\u1FFF\u2C00-\u2DFF\u3040-\uD7FF\uF900-\uFDFF][A-Za-z0-9_\u00AA-\u1FFF\u2C00-\u2DFF\u3040-\uD7FF\uF900-\uFDFF]*/,
  ),
  blockComment: sign('BlockComment', /\/\*[\s\S]*?\*\//),
  openComment: sign('OpenComment', /\/\*[\s\S]*/),
  hashComment: sign('HashComment', /#[^\n\r]*/),
  openText: sign('OpenText', /"[^\n\r]*/),
  singleQuoted: sign(
    'SingleQuoted',
    /'[^'\n\r]*'?|`[^`\n\r]*`?|\u2018[^\u2019\n\r]*\u2019?|[\u201C\u201D][^\u201C\u201D\n\r]*[\u201C\u201D]?/,
  ),
  badNumber: sign('BadNumber', /[0-9][A-Za-z0-9_]*(?:\.[0-9][A-Za-z0-9_]*)*/),
  strictEqual: sign('StrictEqual', '==='),
  strictNotEqual: sign('StrictNotEqual', '!=='),
  lessGreater: sign('LessGreater', '<>'),
  fatArrow: sign('FatArrow', '=>'),
  colonEqual: sign('ColonEqual', ':='),
  andAnd: sign('AndAnd', '&&'),
  orOr: sign('OrOr', '||'),
  bang: sign('Bang', '!'),
  semicolon: sign('Semicolon', ';'),
} as const;

const WhiteSpace = createToken({ name: 'WhiteSpace', pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED });
/** `///`; four slashes are a plain comment. */
const DocComment = createToken({ name: 'DocComment', pattern: /\/\/\/(?!\/)[^\n\r]*/, group: 'docs' });
const Comment = createToken({ name: 'Comment', pattern: /\/\/[^\n\r]*/, group: 'comments' });

function byLengthDescending(left: TokenType, right: TokenType): number {
  return (right.LABEL?.length ?? 0) - (left.LABEL?.length ?? 0);
}

/** Every token that a rule of the grammar may take. */
export const grammarTokens: readonly TokenType[] = [
  // Longer words first, or `nulls` would be read as the beginning `null` of a name.
  ...[...Object.values<TokenType>(reserved), ...Object.values<TokenType>(word)].sort(byLengthDescending),
  ...[Identifier, MissingExpression, TextLiteral, SizeLiteral, DurationLiteral, NumberLiteral],
  ...[LeftCurly, RightCurly, LeftParen, RightParen, LeftSquare, RightSquare, Comma, Colon, At],
  ...[Spread, Range, Dot, QuestionQuestion, QuestionDot, Question, Arrow],
  ...[EqualEqual, NotEqual, LessEqual, GreaterEqual, Less, Greater, Equal, Plus, Minus, Star, Slash, Percent],
];

const { strictEqual, strictNotEqual, lessGreater, fatArrow, colonEqual, blockComment, openComment } =
  mistakes;

/** Every token, in the order in which the lexer tries them. */
export const lexerTokens: readonly TokenType[] = [
  ...[WhiteSpace, DocComment, Comment, blockComment, openComment, mistakes.foreignName],
  ...[strictEqual, strictNotEqual, lessGreater, fatArrow, colonEqual],
  ...grammarTokens,
  ...[mistakes.openText, mistakes.singleQuoted, mistakes.badNumber, mistakes.hashComment],
  ...[mistakes.andAnd, mistakes.orOr, mistakes.bang, mistakes.semicolon],
];

/** Characters that begin no token. */
export interface StrayText {
  readonly start: number;
  readonly end: number;
}

export interface Tokens {
  readonly tokens: IToken[];
  /** The `///` comments, in order. */
  readonly docs: readonly IToken[];
  /** The other comments, in order. */
  readonly comments: readonly IToken[];
  readonly strays: readonly StrayText[];
}

function makeLexer(validate: boolean): InstanceType<typeof Lexer> {
  return new Lexer([...lexerTokens], {
    positionTracking: 'onlyOffset',
    ensureOptimizations: true,
    skipValidations: !validate,
  });
}

let lexer: InstanceType<typeof Lexer> | undefined;

/** Splits any text into tokens; never fails. */
export function tokenize(text: string): Tokens {
  lexer ??= makeLexer(false);
  const result = lexer.tokenize(text);
  return {
    tokens: result.tokens,
    docs: result.groups['docs'] ?? [],
    comments: result.groups['comments'] ?? [],
    strays: result.errors.map(({ offset, length }) => ({ start: offset, end: offset + length })),
  };
}

/** Builds the lexer with Chevrotain's own validation, which throws on a bad definition. For tests: it is slow. */
export function validateTokens(): void {
  makeLexer(true);
}
