import type { EnumModel, FieldModel, Program, RecordModel, StoreModel } from '../../model/program.ts';
import { tableName } from '../../model/table-name.ts';
import type { RecordType, Type } from '../../model/type.ts';
import type { ColumnType } from '../../types/column-type.ts';
import { isRefusal, type JsonValue } from '../../types/value.ts';
import { propertyName, typeNames, type TypeNames } from './names.ts';

/**
 * TypeScript declarations of a pipeline: its enums, the messages that it takes, and the rows that it writes, as
 * `nomnom eval` prints them: `bigint` and `decimal` are strings there, and may be numbers in a message.
 */
export function typescriptText(program: Program): string {
  const names = typeNames(program);
  const shapes = shapesIn(program);
  const parts = [
    `// The messages and rows of the pipeline ${program.name}, as \`nomnom types\` prints them.`,
    ...program.enums.map((model) => enumText(model, names)),
    ...[...shapes, ...program.entities].map((record) => messageText(record, names)),
    ...program.stores.map((store) => rowText(store, names)),
    indexText(
      'Every message by the name of its entity.',
      names.messages,
      program.entities.map(({ name }) => [name, names.record(name)]),
    ),
    indexText(
      'Every row by the name of its table.',
      names.rows,
      program.stores.map((store) => [tableName(store), names.row(store)]),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Shapes that stand in messages; others only lend their fields. */
function shapesIn(program: Program): readonly RecordModel[] {
  const used = new Set<RecordType>();
  const visit = (type: Type): void => {
    if (type.kind === 'list') return visit(type.element);
    if (type.kind !== 'record' || used.has(type.of)) return;
    used.add(type.of);
    for (const { type: inner } of type.of.fields) visit(inner.type);
  };
  for (const entity of program.entities) for (const { type } of entity.fields) visit(type.type);
  return program.shapes.filter((shape) => used.has(shape));
}

function enumText({ name, members, tree }: EnumModel, names: TypeNames): string {
  const values = members.map(({ value }) => JSON.stringify(value));
  return `${docText(tree.doc, '')}export type ${names.record(name)} = ${values.length === 0 ? 'never' : values.join(' | ')};`;
}

function messageText(record: RecordModel, names: TypeNames): string {
  const head = docText(record.doc, '');
  const name = names.record(record.name);
  // Such a body is not JSON.
  if (record.fields.some(({ origin }) => origin.kind === 'body'))
    return `${head}export type ${name} = string;`;
  const root: PathNode = { children: new Map() };
  for (const field of record.fields) place(field, root);
  return `${head}export interface ${name} ${objectText(root, names, '')}`;
}

/** The keys of a message: fields may read from paths, which make objects in objects. */
interface PathNode {
  readonly children: Map<string, PathNode>;
  field?: FieldModel;
}

function place(field: FieldModel, root: PathNode): void {
  if (field.origin.kind !== 'json') return;
  let node = root;
  for (const key of field.origin.path) {
    const next: PathNode = node.children.get(key) ?? { children: new Map() };
    node.children.set(key, next);
    node = next;
  }
  node.field = field;
}

function objectText({ children }: PathNode, names: TypeNames, indent: string): string {
  const inner = `${indent}  `;
  const lines = [...children].map(([key, node]) => {
    const optional = isOptional(node) ? '?' : '';
    const doc = docText(node.field?.doc, inner);
    return `${doc}${inner}readonly ${propertyName(key)}${optional}: ${nodeText(node, names, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

function isOptional({ field, children }: PathNode): boolean {
  const own =
    field === undefined ||
    field.type.nullable ||
    (field.origin.kind === 'json' && field.origin.default !== undefined);
  return own && [...children.values()].every(isOptional);
}

function nodeText(node: PathNode, names: TypeNames, indent: string): string {
  const { field, children } = node;
  const object = children.size === 0 ? undefined : objectText(node, names, indent);
  if (field === undefined) return object ?? 'unknown';
  const own = typeText(field.type.type, names, ({ typescript }) => typescript);
  const both = object === undefined ? own : `${parenthesized(own)} & ${object}`;
  return field.type.nullable ? orNull(both) : both;
}

function rowText(store: StoreModel, names: TypeNames): string {
  const { record, columns } = store;
  const lines = columns.map(({ name, doc, type }) => {
    const text = typeText(type.type, names, rowType);
    return `${docText(doc, '  ')}  readonly ${propertyName(name)}: ${type.nullable ? orNull(text) : text};\n`;
  });
  const doc = docText(record.doc ?? `A row of the table ${tableName(store)}.`, '');
  return `${doc}export interface ${names.row(store)} {\n${lines.join('')}}`;
}

/** What a type looks like in a row: of several forms that a message may have, the one that is printed. */
function rowType({ typescript, examples, decoder, toJson }: ColumnType): string {
  if (!typescript.includes('|')) return typescript;
  const [example] = examples.accepted;
  if (example === undefined) return typescript;
  const value = decoder(example.parameters ?? [])(JSON.parse(example.json) as JsonValue);
  return isRefusal(value) ? typescript : typeof toJson(value);
}

function typeText(type: Type, names: TypeNames, scalar: (column: ColumnType) => string): string {
  switch (type.kind) {
    case 'scalar':
      return scalar(type.column);
    case 'enum':
    case 'record':
      return names.record(type.of.name);
    case 'list':
      return `readonly ${parenthesized(typeText(type.element, names, scalar))}[]`;
    case 'null':
    case 'unknown':
      throw new Error(`a field of an accepted program has no type ${type.kind}`);
  }
}

function parenthesized(type: string): string {
  return type.includes(' ') ? `(${type})` : type;
}

function orNull(type: string): string {
  return type === 'unknown' ? type : `${type} | null`;
}

function indexText(doc: string, name: string, entries: readonly (readonly [string, string])[]): string {
  const lines = entries.map(([key, type]) => `  readonly ${propertyName(key)}: ${type};\n`);
  return `/** ${doc} */\nexport interface ${name} {\n${lines.join('')}}`;
}

function docText(doc: string | undefined, indent: string): string {
  if (doc === undefined) return '';
  const lines = doc.replaceAll('*/', '*\u200B/').split('\n');
  if (lines.length === 1) return `${indent}/** ${lines[0] ?? ''} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}
