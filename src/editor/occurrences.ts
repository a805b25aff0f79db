import type { Program, RecordModel } from '../model/program.ts';
import { tablesNamed } from '../model/table-name.ts';
import { describe } from '../model/type.ts';
import type { Name } from '../syntax/name.ts';
import type { NamesTree, StoreItemTree, StoreTree } from '../syntax/store-tree.ts';
import type {
  AttributeTree,
  Declaration,
  DeriveTree,
  FileTree,
  FunctionTree,
  LinkTree,
  MemberTree,
  SettingTree,
  SignedTree,
  TestTree,
  TypeTree,
} from '../syntax/tree.ts';
import { spanText } from '../text/source.ts';
import { builtinAttributes, builtinSettings, builtinTypes } from './builtin.ts';
import { aliasName, type Declared, knownOf, made, type RecordTree } from './declared.ts';
import { jsonKeys } from './json-keys.ts';
import { type Alias, expressionNames, type NamePlaces, type Scope } from './expression-names.ts';
import { builtinSchemes } from './signature-names.ts';
import { OTHER, type NamedSymbol, type Occurrence } from './symbol.ts';

/** Puts an occurrence where the name means something; names that are not declared have none. */
type Put = NamePlaces['put'];

interface Context {
  readonly declared: Declared;
  readonly program: Program;
  readonly put: Put;
}

/** Every place in a file where a name stands that is declared, in the order of the file. */
export function occurrencesIn(file: FileTree, declared: Declared, program: Program): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const put: Put = ({ span }, symbol, json) => {
    if (symbol === undefined || span.start === span.end) return;
    const { declaration } = symbol;
    found.push({
      span,
      symbol,
      declares: declaration?.start === span.start && declaration.file === span.file,
      ...(json === 'message' ? { inMessage: true } : {}),
    });
  };
  for (const declaration of file.declarations) visit(declaration, { declared, program, put });
  return found.sort((left, right) => left.span.start - right.span.start);
}

function visit(tree: Declaration, context: Context): void {
  const { declared, put } = context;
  switch (tree.kind) {
    case 'pipeline':
      put(
        tree.name,
        made('pipeline', tree.name, () => `pipeline ${tree.name.text}`, tree.doc),
      );
      settings(tree.settings, builtinSettings.pipeline, put);
      return;
    case 'import':
      return;
    case 'enum': {
      const entry = declared.enums.get(tree.name.text);
      put(tree.name, entry?.symbol);
      for (const member of tree.members) put(member.name, entry?.members.get(member.name.text));
      return;
    }
    case 'shape':
    case 'entity':
    case 'derive':
      put(tree.name, declared.records.get(tree.name.text)?.symbol);
      if (tree.kind === 'entity') attributes(tree.attributes, put);
      record(tree, context);
      return;
    case 'lookup':
      put(tree.name, declared.records.get(tree.name.text)?.symbol);
      for (const field of tree.fields) member(field, tree, NO_NAMES, context);
      for (const { columns } of tree.keys) columnNames(columns, tree.name.text, context);
      return;
    case 'fn':
      put(tree.name, declared.functions.get(tree.name.text)?.symbol);
      fn(tree, context);
      return;
    case 'secret':
      put(tree.name, declared.secrets.get(tree.name.text)?.symbol);
      return;
    case 'stream': {
      const entry = declared.streams.get(tree.name.text);
      put(tree.name, entry?.symbol);
      for (const { name } of tree.subjects) put(name, entry?.subjects.get(name.text));
      settings(tree.settings, builtinSettings.stream, put);
      return;
    }
    case 'role':
      put(
        tree.name,
        made('role', tree.name, () => `role ${tree.name.text}`, tree.doc),
      );
      for (const each of tree.links) link(each, context);
      settings(tree.settings, builtinSettings.role, put);
      return;
    case 'test':
      test(tree, context);
  }
}

const NO_NAMES: Scope = { aliases: new Map() };

function record(tree: Exclude<RecordTree, { kind: 'lookup' }>, context: Context): void {
  const name = tree.name.text;
  const model = context.declared.records.get(name)?.model;
  const aliases = tree.kind === 'derive' ? sources(tree, model, context) : new Map<string, Alias>();
  if (tree.kind === 'derive' && tree.where !== undefined)
    expressionNames(tree.where, { aliases, own: name }, context);
  for (const each of tree.members) member(each, tree, { aliases, own: name }, context);
}

/** The aliases of a derivation. One that is left out is the last name of the path, and has its symbol. */
function sources(tree: DeriveTree, model: RecordModel | undefined, context: Context): Map<string, Alias> {
  const { declared, put } = context;
  const aliases = new Map<string, Alias>();
  tree.sources.forEach((source, at) => {
    const [head, ...rest] = source.path.parts;
    if (head === undefined) return;
    const before = aliases.get(head.text);
    let symbol = before?.symbol ?? declared.records.get(head.text)?.symbol;
    let row = before?.row ?? (symbol === undefined ? OTHER : { kind: 'record' as const, name: head.text });
    put(head, symbol);
    for (const part of rest) {
      const element = row.kind === 'list' ? row.element : row;
      symbol = element.kind === 'record' ? declared.fieldsOf(element.name).get(part.text) : undefined;
      put(part, symbol);
      row = element.kind === 'record' ? declared.fieldType(element.name, part.text) : OTHER;
    }
    const modelled = model?.sources[at]?.row.type;
    const known = modelled === undefined || modelled.kind === 'unknown' ? row : knownOf(modelled);
    const name = aliasName(source);
    if (name === undefined) return;
    const alias = source.alias;
    if (alias !== undefined) {
      const type = model?.sources[at]?.row;
      const isKnown = type !== undefined && type.type.kind !== 'unknown';
      symbol = made('alias', alias, () => `${spanText(source.span)}${isKnown ? `: ${describe(type)}` : ''}`);
      put(alias, symbol);
    }
    if (symbol !== undefined)
      aliases.set(name.text, { symbol, row: known.kind === 'list' ? known.element : known });
  });
  return aliases;
}

function member(tree: MemberTree, owner: RecordTree, scope: Scope, context: Context): void {
  const { declared, put } = context;
  const name = owner.name.text;
  switch (tree.kind) {
    case 'field':
      put(tree.name, declared.fieldsOf(name).get(tree.name.text));
      if (tree.type !== undefined) type(tree.type, context);
      attributes(tree.attributes, put);
      if (tree.value !== undefined) expressionNames(tree.value, scope, context);
      return;
    case 'spread':
      put(tree.name, (scope.aliases.get(tree.name.text) ?? declared.records.get(tree.name.text))?.symbol);
      return;
    case 'check':
      expressionNames(tree.condition, scope, context);
      return;
    case 'ordered':
      columnNames(tree.fields, name, context);
      return;
    case 'signed':
      signed(tree, context);
      return;
    case 'refused':
      return;
    case 'store':
      store(tree, name, scope, context);
  }
}

function signed({ scheme, arguments: [secret] }: SignedTree, { declared, put }: Context): void {
  put(scheme, builtinSchemes.get(scheme.text));
  if (secret?.kind === 'word')
    put({ text: secret.value, span: secret.span }, declared.secrets.get(secret.value)?.symbol);
}

function store(tree: StoreTree, owner: string, scope: Scope, context: Context): void {
  const [table] = tablesNamed(context.declared.tables, { schema: tree.schema?.text, table: tree.table.text });
  context.put(tree.table, table?.symbol);
  for (const item of tree.items) storeItem(item, owner, scope, context);
}

function storeItem(item: StoreItemTree, owner: string, scope: Scope, context: Context): void {
  const { declared, put } = context;
  switch (item.kind) {
    case 'key':
    case 'unique':
    case 'index':
    case 'prune':
      columnNames(item.columns, owner, context);
      return;
    case 'upsert':
      columnNames(item.columns, owner, context);
      if (item.action.kind === 'newest')
        put(item.action.by, declared.fieldsOf(owner).get(item.action.by.text));
      if (item.action.kind === 'add') columnNames(item.action.columns, owner, context);
      return;
    case 'ref':
      columnNames(item.columns, owner, context);
      put(item.target, declared.records.get(item.target.text)?.symbol);
      columnNames(item.targetColumns, item.target.text, context);
      return;
    case 'duplicates':
      return;
    case 'delete':
      expressionNames(item.when, scope, context);
  }
}

function columnNames({ names }: NamesTree, owner: string, { declared, put }: Context): void {
  for (const name of names) put(name, declared.fieldsOf(owner).get(name.text));
}

function type(tree: TypeTree, { declared, put }: Context): void {
  const { text } = tree.name;
  put(tree.name, (declared.enums.get(text) ?? declared.records.get(text))?.symbol ?? builtinTypes.get(text));
}

function attributes(trees: readonly AttributeTree[], put: Put): void {
  for (const { name } of trees) put(name, builtinAttributes.get(name.text));
}

function settings(trees: readonly SettingTree[], known: ReadonlyMap<string, NamedSymbol>, put: Put): void {
  for (const { name } of trees) put(name, known.get(name.text));
}

function fn(tree: FunctionTree, context: Context): void {
  const aliases = new Map<string, Alias>();
  for (const parameter of tree.parameters) {
    const symbol = made('parameter', parameter.name, () => signatureOf(parameter.name, parameter.type));
    context.put(parameter.name, symbol);
    type(parameter.type, context);
    aliases.set(parameter.name.text, { symbol, row: context.declared.typeOf(parameter.type) });
  }
  type(tree.result, context);
  expressionNames(tree.body, { aliases }, context);
}

function signatureOf(name: Name, { span }: TypeTree): string {
  return `${name.text}: ${span.file.text.slice(span.start, span.end)}`;
}

function link(tree: LinkTree, { declared, put }: Context): void {
  const [stream, subject] = tree.path.parts;
  const entry = stream === undefined ? undefined : declared.streams.get(stream.text);
  if (stream !== undefined) put(stream, entry?.symbol);
  if (subject !== undefined) put(subject, entry?.subjects.get(subject.text));
  for (const name of tree.only) put(name, declared.records.get(name.text)?.symbol);
}

function test(tree: TestTree, context: Context): void {
  const { declared, put } = context;
  for (const step of tree.steps) {
    if (step.kind === 'given') {
      put(step.entity, declared.records.get(step.entity.text)?.symbol);
      if (step.input.kind === 'json') jsonKeys(step.input, step.entity.text, 'message', context);
    } else if (step.what === 'condition')
      expressionNames(step.condition, { aliases: new Map(), tables: true }, context);
    else if (step.what === 'row') {
      const called = { schema: step.schema?.text, table: step.table.text };
      const [table] = tablesNamed(declared.tables, called);
      put(step.table, table?.symbol);
      if (table !== undefined) jsonKeys(step.row, table.record, 'row', context);
    }
  }
}
