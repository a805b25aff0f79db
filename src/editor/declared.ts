import type { FieldModel, Program, RecordModel, StoreModel } from '../model/program.ts';
import { tableId, tableName, type WrittenTable } from '../model/table-name.ts';
import { describe, type Type } from '../model/type.ts';
import type { Name } from '../syntax/name.ts';
import type {
  DeriveTree,
  EntityTree,
  EnumTree,
  FieldTree,
  FileTree,
  FunctionTree,
  LookupTree,
  SecretTree,
  ShapeTree,
  SourceTree,
  StreamTree,
  TypeTree,
} from '../syntax/tree.ts';
import { spanText } from '../text/source.ts';
import { columnText } from './column-text.ts';
import type { Known, NamedSymbol, SymbolKind } from './symbol.ts';
import { OTHER } from './symbol.ts';

export type RecordTree = ShapeTree | EntityTree | DeriveTree | LookupTree;

export interface RecordEntry {
  readonly symbol: NamedSymbol;
  readonly tree: RecordTree;
  /** Absent for a lookup, and for a second declaration of a name. */
  readonly model?: RecordModel;
}

export interface EnumEntry {
  readonly symbol: NamedSymbol;
  readonly members: ReadonlyMap<string, NamedSymbol>;
}

export interface FunctionEntry {
  readonly symbol: NamedSymbol;
  readonly tree: FunctionTree;
}

export interface StreamEntry {
  readonly symbol: NamedSymbol;
  readonly subjects: ReadonlyMap<string, NamedSymbol>;
}

export interface TableEntry extends WrittenTable {
  readonly symbol: NamedSymbol;
  readonly record: string;
}

/** Everything that a program declares, by name. Of two declarations of a name the first counts. */
export interface Declared {
  readonly records: ReadonlyMap<string, RecordEntry>;
  readonly enums: ReadonlyMap<string, EnumEntry>;
  readonly functions: ReadonlyMap<string, FunctionEntry>;
  readonly secrets: ReadonlyMap<string, { readonly symbol: NamedSymbol }>;
  readonly streams: ReadonlyMap<string, StreamEntry>;
  readonly tables: readonly TableEntry[];
  /** The fields of a record: its own, and what its spreads bring, which keep the symbol that they have there. */
  readonly fieldsOf: (record: string) => ReadonlyMap<string, NamedSymbol>;
  /** The type of a field of a record. */
  readonly fieldType: (record: string, field: string) => Known;
  readonly typeOf: (tree: TypeTree) => Known;
}

/** Collects the declarations of a file, with the types that the program gave them. */
export function declaredIn(files: readonly FileTree[], program: Program): Declared {
  const records = new Map<string, RecordEntry>();
  const enums = new Map<string, EnumEntry>();
  const functions = new Map<string, FunctionEntry>();
  const secrets = new Map<string, { readonly symbol: NamedSymbol }>();
  const streams = new Map<string, StreamEntry>();
  const tables: TableEntry[] = [];
  const models = new Map(
    [...program.shapes, ...program.entities, ...program.derivations].map((each) => [each.name, each]),
  );
  for (const declaration of files.flatMap((file) => file.declarations))
    switch (declaration.kind) {
      case 'shape':
      case 'entity':
      case 'derive':
      case 'lookup': {
        if (records.has(declaration.name.text)) break;
        const model = models.get(declaration.name.text);
        records.set(declaration.name.text, {
          symbol: recordSymbol(declaration),
          tree: declaration,
          ...(model === undefined ? {} : { model }),
        });
        break;
      }
      case 'enum':
        if (!enums.has(declaration.name.text)) enums.set(declaration.name.text, enumEntry(declaration));
        break;
      case 'fn':
        if (!functions.has(declaration.name.text))
          functions.set(declaration.name.text, {
            symbol: made('function', declaration.name, () => headOf(declaration), declaration.doc),
            tree: declaration,
          });
        break;
      case 'secret':
        if (!secrets.has(declaration.name.text))
          secrets.set(declaration.name.text, { symbol: secretSymbol(declaration) });
        break;
      case 'stream':
        if (!streams.has(declaration.name.text)) streams.set(declaration.name.text, streamEntry(declaration));
        break;
      case 'pipeline':
      case 'import':
      case 'role':
      case 'test':
    }
  for (const [record, { tree }] of records)
    if (tree.kind !== 'lookup')
      for (const member of tree.members)
        if (member.kind === 'store') {
          const written = { schema: member.schema?.text, table: member.table.text };
          const signature = (): string => `store ${tableName(written)} of ${record}`;
          const symbol = made('table', member.table, signature, member.doc);
          if (!tables.some((each) => tableId(each) === tableId(written)))
            tables.push({ ...written, symbol, record });
        }
  const fields = fieldTables(records, program.storeOf);
  const knownType = (name: string): Known =>
    enums.has(name) ? { kind: 'enum', name } : records.has(name) ? { kind: 'record', name } : OTHER;
  return {
    records,
    enums,
    functions,
    secrets,
    streams,
    tables,
    fieldsOf: fields,
    fieldType: (record, field) => {
      const entry = records.get(record);
      const model = entry?.model?.fields.find((each) => each.name === field);
      if (model !== undefined) return knownOf(model.type.type);
      const tree = entry === undefined ? undefined : ownField(entry.tree, field);
      return tree?.type === undefined ? OTHER : wrapped(tree.type, knownType(tree.type.name.text));
    },
    typeOf: (tree) => wrapped(tree, knownType(tree.name.text)),
  };
}

export function made(kind: SymbolKind, name: Name, signature: () => string, doc?: string): NamedSymbol {
  return { kind, name: name.text, declaration: name.span, signature, ...(doc === undefined ? {} : { doc }) };
}

/** The model's type, reduced to what names depend on. */
export function knownOf(type: Type): Known {
  switch (type.kind) {
    case 'record':
      return { kind: 'record', name: type.of.name };
    case 'enum':
      return { kind: 'enum', name: type.of.name };
    case 'list':
      return { kind: 'list', element: knownOf(type.element) };
    default:
      return OTHER;
  }
}

function wrapped(tree: TypeTree, element: Known): Known {
  return tree.list ? { kind: 'list', element } : element;
}

function recordSymbol(tree: RecordTree): NamedSymbol {
  const kind = tree.kind === 'derive' ? 'derived entity' : tree.kind;
  return made(kind, tree.name, () => headOf(tree), tree.doc);
}

/** The declaration up to its body. */
function headOf(tree: RecordTree | FunctionTree): string {
  const text = spanText(tree.span);
  const end = tree.kind === 'fn' ? tree.body.span.start - tree.span.start : text.indexOf('{');
  return (end < 0 ? text : text.slice(0, end)).replace(/\s*=?\s*$/, '').replaceAll(/\s+/g, ' ');
}

function enumEntry(tree: EnumTree): EnumEntry {
  const values = tree.members.map((member) => `"${member.value?.value ?? member.name.text}"`).join(', ');
  const members = new Map<string, NamedSymbol>();
  for (const { name, value, doc } of tree.members) {
    const signature = (): string => `${tree.name.text}.${name.text} = "${value?.value ?? name.text}"`;
    if (!members.has(name.text)) members.set(name.text, made('enum member', name, signature, doc));
  }
  return { symbol: made('enum', tree.name, () => `enum ${tree.name.text} { ${values} }`, tree.doc), members };
}

function secretSymbol({ name, doc }: SecretTree): NamedSymbol {
  const note = (): string =>
    `Comes from the environment variable \`${name.text}\`, or from the file that \`${name.text}_FILE\` names.`;
  return { ...made('secret', name, () => `secret ${name.text}`, doc), note };
}

function streamEntry(tree: StreamTree): StreamEntry {
  const subjects = new Map<string, NamedSymbol>();
  for (const { name, pattern, doc } of tree.subjects) {
    const signature = (): string => `subject ${name.text} = "${pattern.value}"`;
    if (!subjects.has(name.text)) subjects.set(name.text, made('subject', name, signature, doc));
  }
  return { symbol: made('stream', tree.name, () => `stream ${tree.name.text}`, tree.doc), subjects };
}

function ownField(tree: RecordTree, name: string): FieldTree | undefined {
  const members = tree.kind === 'lookup' ? tree.fields : tree.members;
  return members.find((member): member is FieldTree => member.kind === 'field' && member.name.text === name);
}

/** Each record's fields, made once when they are first asked for. */
function fieldTables(
  records: ReadonlyMap<string, RecordEntry>,
  storeOf: Program['storeOf'],
): Declared['fieldsOf'] {
  const known = new Map<string, Map<string, NamedSymbol>>();
  const fieldsOf = (record: string): ReadonlyMap<string, NamedSymbol> => {
    const before = known.get(record);
    if (before !== undefined) return before;
    const fields = new Map<string, NamedSymbol>();
    // Kept before it is full: shapes that spread each other in a circle end here.
    known.set(record, fields);
    const entry = records.get(record);
    if (entry === undefined) return fields;
    const { tree, model } = entry;
    for (const member of tree.kind === 'lookup' ? tree.fields : tree.members) {
      if (member.kind === 'spread') {
        const from = spreadRecord(member.name.text, model, records);
        if (from !== undefined)
          for (const [name, symbol] of fieldsOf(from)) if (!fields.has(name)) fields.set(name, symbol);
      }
      if (member.kind === 'field' && !fields.has(member.name.text))
        fields.set(member.name.text, fieldSymbol(member, model, model && storeOf.get(model)));
    }
    return fields;
  };
  return fieldsOf;
}

/** The record whose fields a spread brings: that of an alias before a shape of the same name. */
function spreadRecord(
  name: string,
  model: RecordModel | undefined,
  records: ReadonlyMap<string, RecordEntry>,
): string | undefined {
  const source = model?.sources.find((each) => each.alias === name);
  if (source !== undefined) {
    const row = knownOf(source.row.type);
    return row.kind === 'record' ? row.name : undefined;
  }
  return records.get(name)?.tree.kind === 'shape' ? name : undefined;
}

function fieldSymbol(
  tree: FieldTree,
  model: RecordModel | undefined,
  store: StoreModel | undefined,
): NamedSymbol {
  const signature = (): string => {
    const field = model?.fields.find((each) => each.name === tree.name.text);
    return `${tree.name.text}: ${field === undefined ? writtenType(tree) : typeText(field)}`;
  };
  const note = (): string => fieldNote(tree.name.text, model, store);
  return { ...made('field', tree.name, signature, tree.doc), note };
}

/** Where the value comes from, and the column that it goes to. */
function fieldNote(name: string, model: RecordModel | undefined, store: StoreModel | undefined): string {
  const field = model?.fields.find((each) => each.name === name);
  if (field === undefined) return '';
  const column = columnText(field.type.type);
  const stored =
    store !== undefined && column !== undefined && store.columns.some((each) => each.name === name);
  return [
    ...originText(field),
    ...(stored ? [`Column of \`${tableName(store)}\`: \`${column}\`.`] : []),
    ...(field.pii ? ['Stays out of logs and of the texts of errors.'] : []),
  ].join('\n\n');
}

function originText({ origin }: FieldModel): readonly string[] {
  switch (origin.kind) {
    case 'json':
      return [`Read from the JSON key \`${origin.path.join('.')}\`.`];
    case 'header':
      return [`Read from the header \`${origin.header}\`.`];
    case 'body':
      return ['The request body.'];
    case 'computed':
    case 'missing':
      return [];
  }
}

function typeText(field: FieldModel): string {
  const origin = field.origin.kind === 'computed' && field.tree?.value !== undefined;
  return describe(field.type) + (origin && field.tree?.value ? ` = ${spanText(field.tree.value.span)}` : '');
}

function writtenType(tree: FieldTree): string {
  return tree.type === undefined ? 'unknown' : spanText(tree.type.span);
}

/** The name by which a source is known: its alias, or the last part of its path. */
export function aliasName(tree: SourceTree): Name | undefined {
  return tree.alias ?? tree.path.parts.at(-1);
}
