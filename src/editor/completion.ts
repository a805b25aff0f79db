import {
  Arrow,
  Colon,
  contextualWords,
  Equal,
  EqualEqual,
  Identifier,
  NotEqual,
  reservedWords,
  word,
} from '../../grammar/tokens.ts';
import { settingTables, type Setting } from '../model/settings.ts';
import { tableName } from '../model/table-name.ts';
import type { Declaration, SourceTree } from '../syntax/tree.ts';
import { rejectionCodes } from '../types/rejection-codes.ts';
import { attributeDocs } from './attribute-docs.ts';
import {
  builtinAttributes,
  builtinFunctions,
  builtinMeta,
  builtinSettings,
  builtinTypes,
} from './builtin.ts';
import { chainBefore, chainEnding, cursorAt, openNames, type Chain, type Cursor } from './cursor.ts';
import type { Completion, Completions } from './completions.ts';
import { aliasName, knownOf, type Declared } from './declared.ts';
import type { Document } from './document.ts';
import { elementOf, memberOf, plainName, type Alias, type Scope } from './expression-names.ts';
import { keywordDocs } from './keyword-docs.ts';
import { fixedAt, PLACEHOLDER } from './fixed.ts';
import { argumentAt, builtinSchemes } from './signature-names.ts';
import { jsonCompletions } from './json-completion.ts';
import { pathCompletions } from './path-completion.ts';
import type { ListFolder } from './paths.ts';
import { OTHER, type Known, type NamedSymbol } from './symbol.ts';

/** Everything that may stand at an offset: words of the grammar, and names that mean something there. */
export function completionsAt(document: Document, offset: number, list: ListFolder = () => []): Completions {
  const inText = pathCompletions(document, offset, list) ?? jsonCompletions(document, offset);
  if (inText !== undefined) return inText;
  const typed = cursorAt(document, offset);
  if (typed === undefined) return { start: offset, items: [] };
  const { cursor, declared } = fixedAt(document, typed) ?? { cursor: typed, declared: document.declared() };
  const items = new Map<string, Completion>();
  const add = (item: Completion): void => void (items.has(item.label) || items.set(item.label, item));
  const rules = new Set<string>();
  for (const { type, rule } of cursor.expected) if (type === Identifier) rules.add(rule);
  for (const rule of rules) for (const item of namesIn(rule, cursor, declared)) add(item);
  for (const each of wordsOf(cursor)) add(keyword(each));
  items.delete(PLACEHOLDER);
  return { start: cursor.start, items: [...items.values()] };
}

const WORDS: ReadonlySet<string> = new Set([...contextualWords, ...reservedWords]);

/** Words that begin a member which only an entity may have. */
const OF_MESSAGES: ReadonlySet<string> = new Set(['ordered', 'signed', 'on_refused']);

function wordsOf({ expected, before }: Cursor): readonly string[] {
  // A scheme takes names of its own.
  if (argumentAt(before) !== undefined) return [];
  // The grammar has one kind of body; these are about messages.
  const inEntity = before[0]?.tokenType === word.entity;
  return expected
    .map(({ type }) => type.LABEL ?? '')
    .filter((label) => WORDS.has(label) && (inEntity || !OF_MESSAGES.has(label)));
}

function keyword(word: string): Completion {
  const doc = keywordDocs.get(word);
  return { label: word, kind: 'keyword', detail: '', ...(doc === undefined ? {} : { doc }) };
}

function item(symbol: NamedSymbol, insert?: string): Completion {
  return {
    label: symbol.name,
    kind: symbol.kind,
    detail: symbol.signature(),
    ...(symbol.doc === undefined ? {} : { doc: symbol.doc }),
    ...(insert === undefined ? {} : { insert }),
  };
}

/** The names that a rule of the grammar takes at the cursor. */
function namesIn(rule: string, cursor: Cursor, declared: Declared): readonly Completion[] {
  const { declaration, before } = cursor;
  const owner = declaration !== undefined && 'name' in declaration ? declaration.name.text : '';
  switch (rule) {
    case 'type':
      return [...builtinTypes.values(), ...symbols(declared.enums), ...recordsOf(declared, 'shape')].map(
        (each) => item(each),
      );
    case 'attribute':
      return attributeDocs
        .filter(({ on }) => (on === 'entity') === (cursor.depth === 0))
        .flatMap(({ name, form }) => {
          const symbol = builtinAttributes.get(name);
          return symbol === undefined ? [] : [item(symbol, form)];
        });
    case 'path':
    case 'step':
      return pathNames(cursor, declared);
    case 'primary':
    case 'call':
      return expressionItems(cursor, declared);
    case 'names':
      return columns(cursor, owner, declared);
    case 'upsert':
      return [...declared.fieldsOf(owner).values()].map((each) => item(each));
    case 'ref':
      return symbols(declared.records)
        .filter(({ name }) => declared.tables.some(({ record }) => record === name))
        .map((each) => item(each));
    case 'spread':
      return [...aliasesOf(cursor, declared)]
        .map(([name, { symbol }]) => ({ ...item(symbol), label: name }))
        .concat(recordsOf(declared, 'shape').map((each) => item(each)));
    case 'link':
    case 'given':
      return recordsOf(declared, 'entity').map((each) => item(each));
    case 'expect':
      return before.at(-1)?.image === 'rejected' ? codeItems : tableItems(declared);
    case 'setting':
      return settingNames(cursor);
    case 'signed':
      return [...builtinSchemes.values()].map((each) => item(each, `${each.name}(`));
    case 'literal':
      return signatureArguments(cursor, declared) ?? settingWords(cursor);
    default:
      return [];
  }
}

/** Behind `expect rejected`. */
const codeItems: readonly Completion[] = Object.entries(rejectionCodes).map(([label, doc]) => ({
  label,
  kind: 'value',
  detail: '',
  doc,
}));

function symbols(entries: ReadonlyMap<string, { readonly symbol: NamedSymbol }>): readonly NamedSymbol[] {
  return [...entries.values()].map(({ symbol }) => symbol);
}

function recordsOf(declared: Declared, ...kinds: readonly string[]): readonly NamedSymbol[] {
  return [...declared.records.values()]
    .filter(({ tree }) => kinds.includes(tree.kind))
    .map(({ symbol }) => symbol);
}

/** Behind a dot what the chain before it has; else the first name of a source, a subject or a pattern. */
function pathNames(cursor: Cursor, declared: Declared): readonly Completion[] {
  const { declaration, before, depth } = cursor;
  const chain = chainBefore(before);
  if (declaration?.kind === 'role') {
    const subjects = (stream: string): readonly NamedSymbol[] => [
      ...(declared.streams.get(stream)?.subjects.values() ?? []),
    ];
    if (chain !== undefined) return subjects(chain.head).map((each) => item(each));
    return symbols(declared.streams).flatMap((stream) => [
      ...subjects(stream.name).map((each) => ({ ...item(each), label: `${stream.name}.${each.name}` })),
      item(stream),
    ]);
  }
  if (chain !== undefined) return members(chainType(chain, cursor, declared), declared);
  if (declaration?.kind === 'derive' && depth === 0)
    return [
      ...[...aliasesOf(cursor, declared)].map(([name, { symbol }]) => ({ ...item(symbol), label: name })),
      ...recordsOf(declared, 'entity', 'derive')
        .filter(({ name }) => name !== declaration.name.text)
        .map((each) => item(each)),
    ];
  // A pattern of a match: a member with its enum.
  return [...declared.enums.values()].flatMap(({ symbol, members }) => [
    item(symbol),
    ...[...members.values()].map((each) => ({ ...item(each), label: `${symbol.name}.${each.name}` })),
  ]);
}

function members(type: Known, declared: Declared): readonly Completion[] {
  // A dot on a list reads the field of all its elements.
  if (type.kind === 'list') return members(type.element, declared);
  const found =
    type.kind === 'record'
      ? declared.fieldsOf(type.name)
      : type.kind === 'enum'
        ? declared.enums.get(type.name)?.members
        : type.kind === 'meta'
          ? builtinMeta
          : undefined;
  return [...(found?.values() ?? [])].map((each) => item(each));
}

function chainType(chain: Chain, cursor: Cursor, declared: Declared): Known {
  const scope = scopeOf(cursor, declared);
  const called = declared.functions.get(chain.head)?.tree.result;
  const head = chain.call
    ? called === undefined
      ? OTHER
      : declared.typeOf(called)
    : plainName(chain.head, scope, declared).type;
  return chain.steps.reduce(
    (type, step) => (step.kind === 'index' ? elementOf(type) : memberOf(type, step.name, declared).type),
    head,
  );
}

function scopeOf(cursor: Cursor, declared: Declared): Scope {
  const { declaration } = cursor;
  const aliases = aliasesOf(cursor, declared);
  if (declaration?.kind === 'test') return { aliases, tables: true };
  const isRecord =
    declaration?.kind === 'derive' || declaration?.kind === 'entity' || declaration?.kind === 'shape';
  return isRecord ? { aliases, own: declaration.name.text } : { aliases };
}

/** The sources of the derivation, or the parameters of the function, that the cursor is in. */
function aliasesOf({ declaration }: Cursor, declared: Declared): ReadonlyMap<string, Alias> {
  const aliases = new Map<string, Alias>();
  if (declaration?.kind === 'fn')
    for (const { name, type } of declaration.parameters) {
      const signature = (): string => `${name.text}: ${type.name.text}`;
      const symbol: NamedSymbol = { kind: 'parameter', name: name.text, signature };
      aliases.set(name.text, { symbol, row: declared.typeOf(type) });
    }
  if (declaration?.kind !== 'derive') return aliases;
  const model = declared.records.get(declaration.name.text)?.model;
  declaration.sources.forEach((source, at) => {
    const name = aliasName(source);
    if (name === undefined || name.text === '') return;
    const row = model?.sources[at]?.row.type;
    const symbol: NamedSymbol = { kind: 'alias', name: name.text, signature: () => sourceText(source) };
    aliases.set(name.text, { symbol, row: row === undefined ? OTHER : knownOf(row) });
  });
  return aliases;
}

function sourceText({ span }: SourceTree): string {
  return span.file.text.slice(span.start, span.end);
}

const META_ITEM: Completion = {
  label: 'meta',
  kind: 'value',
  detail: [...builtinMeta.keys()].join(', '),
  doc: 'What is known of the message besides its body.',
};

/** As a test calls them. */
function tableItems({ tables }: Declared): readonly Completion[] {
  return tables.map((table) => ({ ...item(table.symbol), label: tableName(table) }));
}

function expressionItems(cursor: Cursor, declared: Declared): readonly Completion[] {
  const scope = scopeOf(cursor, declared);
  const own = scope.own === undefined ? [] : [...declared.fieldsOf(scope.own).values()];
  return [
    ...wantedMembers(cursor, declared),
    ...[...scope.aliases].map(([name, { symbol }]) => ({ ...item(symbol), label: name })),
    ...own.map((each) => item(each)),
    ...(scope.tables === true ? tableItems(declared) : []),
    ...symbols(declared.functions).map((each) => item(each)),
    ...[...symbols(declared.enums), ...recordsOf(declared, 'lookup')].map((each) => item(each)),
    ...(scope.tables === true ? [] : [META_ITEM]),
    ...[...builtinFunctions.values()].map((each) => item(each)),
  ];
}

/** Behind `==`, and where a field of an enum gets its value: the members of that enum, with its name. */
function wantedMembers(cursor: Cursor, declared: Declared): readonly Completion[] {
  const wanted = wantedEnum(cursor, declared);
  const entry = wanted === undefined ? undefined : declared.enums.get(wanted);
  return [...(entry?.members.values() ?? [])].map((each) => ({
    ...item(each),
    label: `${entry?.symbol.name}.${each.name}`,
  }));
}

function wantedEnum(cursor: Cursor, declared: Declared): string | undefined {
  const { before } = cursor;
  const last = before.at(-1)?.tokenType;
  if (last === Equal) {
    const at = before.findLastIndex(({ tokenType }) => tokenType === Colon);
    // `status: Status = `, with a `?` or not.
    const written = before.length - at <= 4 ? before[at + 1]?.image : undefined;
    return at < 0 || written === undefined || !declared.enums.has(written) ? undefined : written;
  }
  if (last !== EqualEqual && last !== NotEqual) return undefined;
  const chain = chainEnding(before, before.length - 2);
  const type = chain === undefined ? OTHER : chainType(chain, cursor, declared);
  return type.kind === 'enum' ? type.name : undefined;
}

/** In the parentheses of a store: its columns, or those of the target behind `->`, each once. */
function columns(cursor: Cursor, owner: string, declared: Declared): readonly Completion[] {
  const { names, at } = openNames(cursor.before);
  const target = cursor.before[at - 2]?.tokenType === Arrow ? cursor.before[at - 1]?.image : undefined;
  return [...declared.fieldsOf(target ?? owner).values()]
    .filter(({ name }) => !names.includes(name))
    .map((each) => item(each));
}

function settingNames({ declaration }: Cursor): readonly Completion[] {
  if (declaration === undefined || !hasSettings(declaration)) return [];
  const written = new Set(declaration.settings.map(({ name }) => name.text));
  return [...builtinSettings[declaration.kind].values()]
    .filter(({ name }) => !written.has(name))
    .map((each) => item(each, `${each.name}: `));
}

function hasSettings(
  declaration: Declaration,
): declaration is Extract<Declaration, { readonly kind: keyof typeof settingTables }> {
  return Object.hasOwn(settingTables, declaration.kind);
}

/** In the parentheses of `signed by`: secrets first, then the words that the scheme takes. */
function signatureArguments({ before }: Cursor, declared: Declared): readonly Completion[] | undefined {
  const place = argumentAt(before);
  if (place?.kind === 'secret') return symbols(declared.secrets).map((each) => item(each));
  return place && wordsTaken(place.parameter?.takes ?? '', place.parameter?.name ?? '');
}

/** The words that a setting takes: `storage: memory`. */
function settingWords({ declaration, before }: Cursor): readonly Completion[] {
  const name = before.at(-2)?.image ?? '';
  const settings: Readonly<Record<string, unknown>> =
    declaration !== undefined && hasSettings(declaration) ? settingTables[declaration.kind] : {};
  const takes = Object.hasOwn(settings, name) ? (settings[name] as Setting<unknown>).takes : '';
  return wordsTaken(takes, name);
}

function wordsTaken(takes: string, name: string): readonly Completion[] {
  const words = /^one of (.*)$/.exec(takes)?.[1]?.split(', ') ?? [];
  return words.map((label) => ({ label, kind: 'value', detail: `${name}: ${label}` }));
}
