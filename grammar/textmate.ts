import type { TokenType } from 'chevrotain';
import * as t from './tokens.ts';
import { reservedWords } from './tokens.ts';

/** One rule of a TextMate grammar; only the keys that editors know. */
interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
  readonly include?: string;
}

type Captures = Readonly<Record<string, { readonly name: string }>>;

const NAME = `(?:${source(t.Identifier)})`;
/** A word is a keyword where no `:` or `=` follows: a field may have its name. */
const NO_FIELD = '(?!\\s*(?::|=(?!=)))';

const KEYWORD = 'keyword.other.nom';
const DECLARATION = 'storage.type.nom';
const TYPE_NAME = 'entity.name.type.nom';
const FIELD = 'variable.other.member.nom';
const VARIABLE = 'variable.other.nom';

function source(type: TokenType): string {
  return type.PATTERN instanceof RegExp ? type.PATTERN.source : '';
}

function words(...list: readonly string[]): string {
  return `\\b(${list.join('|')})\\b`;
}

function named(...names: readonly string[]): Captures {
  return Object.fromEntries(names.map((name, at) => [String(at + 1), { name }]));
}

function include(...names: readonly string[]): readonly Rule[] {
  return names.map((name) => ({ include: `#${name}` }));
}

/** `word NAME` and all up to the brace that opens the body. */
function header(begin: string, captures: Captures, ...inner: readonly Rule[]): Rule {
  return { begin, beginCaptures: captures, end: '(?=\\{)', patterns: [...include('comment'), ...inner] };
}

/** A block with braces of its own. */
function block(begin: string, captures: Captures, ...inner: readonly Rule[]): Rule {
  return {
    begin: `${begin}\\s*(?=\\{)`,
    beginCaptures: captures,
    end: '(?<=\\})',
    patterns: [{ begin: '\\{', end: '\\}', patterns: [...include('comment'), ...inner] }],
  };
}

const logic = ['and', 'or', 'not'] as const;
const constants = ['true', 'false', 'null'] as const;
const control = reservedWords.filter((word) => ![...logic, ...constants].some((other) => other === word));

const declarations: readonly Rule[] = [
  { match: `${words('pipeline')}\\s+(${NAME})`, captures: named(DECLARATION, 'entity.name.namespace.nom') },
  { match: `${words('import')}(?=\\s*")`, captures: named('keyword.control.import.nom') },
  block(
    `${words('enum')}\\s+(${NAME})`,
    named(DECLARATION, TYPE_NAME),
    { match: NAME, name: 'variable.other.enummember.nom' },
    ...include('text'),
  ),
  header(`${words('entity', 'shape')}(?=\\s+(?:@|${NAME}))`, named(DECLARATION), ...include('attribute'), {
    match: NAME,
    name: TYPE_NAME,
  }),
  header(
    `${words('derive')}\\s+(${NAME})`,
    named(DECLARATION, TYPE_NAME),
    { match: words('from', 'each', 'optional', 'as', 'where'), name: KEYWORD },
    ...include('expression'),
  ),
  header(`${words('lookup')}\\s+(${NAME})`, named(DECLARATION, TYPE_NAME), ...include('text')),
  { match: `${words('secret')}\\s+(${NAME})`, captures: named(DECLARATION, 'variable.other.constant.nom') },
  { match: `${words('fn')}\\s+(${NAME})`, captures: named(DECLARATION, 'entity.name.function.nom') },
  block(
    `${words('stream')}\\s+(${NAME})`,
    named(DECLARATION, TYPE_NAME),
    { match: `${words('subject')}\\s+(${NAME})`, captures: named(KEYWORD, VARIABLE) },
    ...include('setting', 'value'),
  ),
  block(
    `${words('role')}\\s+(${NAME})`,
    named(DECLARATION, TYPE_NAME),
    // A word as the value of a setting, `on_refused: dead_letter`, is none.
    {
      match: `(${NAME})\\s*(:)\\s*${words('dead_letter')}`,
      captures: named('variable.other.setting.nom', 'punctuation.separator.nom', VARIABLE),
    },
    { match: `${words('publish', 'consume', 'dead_letter', 'only')}${NO_FIELD}`, name: KEYWORD },
    ...include('setting', 'value'),
  ),
  block(
    `${words('test')}\\s*(${source(t.TextLiteral)})`,
    named(DECLARATION, 'string.quoted.double.nom'),
    { match: `${words('given')}\\s+(${NAME})`, captures: named(KEYWORD, TYPE_NAME) },
    { match: `${words('expect')}\\s+${words('rejected')}`, captures: named(KEYWORD, KEYWORD) },
    { match: words('expect'), name: KEYWORD },
    ...include('json', 'expression'),
  ),
  {
    begin: '\\{',
    end: '\\}',
    patterns: include('comment', 'member', 'expression'),
  },
];

const member: readonly Rule[] = [
  block(
    `${words('store')}\\s+(${NAME})(?:\\s*\\.\\s*(${NAME}))?(?:\\s+${words('existing')})?`,
    named(KEYWORD, 'entity.name.type.table.nom', 'entity.name.type.table.nom', KEYWORD),
    {
      begin: `${words('delete')}\\s+${words('when')}`,
      beginCaptures: named(KEYWORD, KEYWORD),
      end: '(?=\\b(?:key|unique|ref|index)\\s*\\(|\\b(?:upsert\\s+on|prune\\s+by|duplicates\\s+(?:first|last|add|newest))\\b|\\})',
      patterns: include('comment', 'expression'),
    },
    { begin: '\\(', end: '\\)', patterns: [...include('comment'), { match: NAME, name: FIELD }] },
    { match: `${words('newest')}\\s+${words('by')}\\s+(${NAME})`, captures: named(KEYWORD, KEYWORD, FIELD) },
    {
      match: `${words('duplicates')}\\s+${words('first', 'last', 'add', 'newest')}`,
      captures: named(KEYWORD, KEYWORD),
    },
    {
      match: words(
        ...['key', 'unique', 'nulls', 'equal', 'upsert', 'on', 'replace', 'keep', 'merge', 'add'],
        ...['ref', 'soft', 'index', 'prune', 'by'],
      ),
      name: KEYWORD,
    },
    { match: `(->)\\s*(${NAME})`, captures: named('keyword.operator.nom', TYPE_NAME) },
  ),
  { match: `(\\.\\.\\.)\\s*(${NAME})`, captures: named('keyword.operator.spread.nom', TYPE_NAME) },
  { match: `${words('check')}${NO_FIELD}`, name: KEYWORD },
  {
    begin: `${words('ordered')}\\s+${words('by')}\\s*\\(`,
    beginCaptures: named(KEYWORD, KEYWORD),
    end: '\\)',
    patterns: [...include('comment'), { match: NAME, name: FIELD }],
  },
  {
    match: `${words('signed')}\\s+${words('by')}\\s+(${NAME})(?=\\s*\\()`,
    captures: named(KEYWORD, KEYWORD, 'entity.name.function.nom'),
  },
  {
    match: `${words('on_refused')}\\s*(:)\\s*${words('answer', 'dead_letter')}`,
    captures: named(KEYWORD, 'punctuation.separator.nom', KEYWORD),
  },
  { match: `${words('key')}(?=\\s*\\()`, name: KEYWORD },
  { match: `(${NAME})(?=\\s*(?::|=(?!=)))`, captures: named(FIELD) },
];

const expression: readonly Rule[] = [
  ...include('comment', 'text', 'attribute', 'type', 'number'),
  {
    begin: words('match'),
    beginCaptures: named('keyword.control.nom'),
    end: '\\}',
    patterns: [...include('comment'), { include: '#expression' }],
  },
  { match: words(...control), name: 'keyword.control.nom' },
  { match: words(...logic), name: 'keyword.operator.word.nom' },
  { match: words(...constants), name: 'constant.language.nom' },
  { match: `(\\?\\.|\\.)\\s*(${NAME})`, captures: named('punctuation.accessor.nom', FIELD) },
  { match: `(${NAME})(?=\\s*\\()`, captures: named('entity.name.function.nom') },
  { match: NAME, name: VARIABLE },
  { match: '\\?\\?|->|[=!<>]=|[<>=+\\-*/%?]', name: 'keyword.operator.nom' },
];

const repository: Readonly<Record<string, readonly Rule[]>> = {
  comment: [
    { match: '///(?!/).*$', name: 'comment.line.documentation.nom' },
    { match: '//.*$', name: 'comment.line.double-slash.nom' },
  ],
  text: [
    {
      begin: '"',
      end: '"|$',
      name: 'string.quoted.double.nom',
      patterns: [
        { match: '\\\\(?:["\\\\/bfnrt]|u[0-9A-Fa-f]{4})', name: 'constant.character.escape.nom' },
        { match: '\\\\.', name: 'invalid.illegal.escape.nom' },
        { match: `\\{${NAME}\\}`, name: 'constant.other.placeholder.nom' },
      ],
    },
  ],
  number: [
    { match: source(t.SizeLiteral), name: 'constant.numeric.size.nom' },
    { match: source(t.DurationLiteral), name: 'constant.numeric.duration.nom' },
    { match: source(t.NumberLiteral), name: 'constant.numeric.nom' },
  ],
  attribute: [
    {
      match: `(@)\\s*(${NAME})`,
      captures: named('punctuation.decorator.nom', 'entity.name.function.decorator.nom'),
    },
  ],
  type: [
    { match: `(:)\\s*(${NAME})`, captures: named('punctuation.separator.nom', 'support.type.nom') },
    { match: `(?<=\\))\\s*(->)\\s*(${NAME})`, captures: named('keyword.operator.nom', 'support.type.nom') },
  ],
  setting: [{ match: `(${NAME})(?=\\s*:)`, captures: named('variable.other.setting.nom') }],
  value: [
    ...include('text', 'number'),
    { match: words(...constants), name: 'constant.language.nom' },
    { match: `(\\.)\\s*(${NAME})`, captures: named('punctuation.accessor.nom', VARIABLE) },
    { match: NAME, name: VARIABLE },
  ],
  json: [
    {
      begin: '\\{',
      end: '\\}',
      patterns: [
        ...include('comment'),
        { match: `(${source(t.TextLiteral)})(?=\\s*:)`, captures: named('support.type.property-name.nom') },
        ...include('json'),
      ],
    },
    { begin: '\\[', end: '\\]', patterns: include('comment', 'json') },
    ...include('text', 'number'),
    { match: words(...constants), name: 'constant.language.nom' },
  ],
  member,
  expression,
};

/** The grammar by which editors colour `.nom` files while no server runs, as a TextMate grammar in JSON. */
export function textMateGrammar(): string {
  const grammar = {
    name: 'nomnom',
    scopeName: 'source.nom',
    fileTypes: ['nom'],
    patterns: [...include('comment'), ...declarations, ...include('expression')],
    repository: Object.fromEntries(
      Object.entries(repository).map(([name, patterns]) => [name, { patterns }]),
    ),
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}
