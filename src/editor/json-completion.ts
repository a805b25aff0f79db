import type { IToken } from 'chevrotain';
import {
  Colon,
  Comma,
  Dot,
  LeftCurly,
  LeftSquare,
  RightCurly,
  RightSquare,
  TextLiteral,
  word,
} from '../../grammar/tokens.ts';
import type { FieldModel, RecordModel } from '../model/program.ts';
import { tablesNamed } from '../model/table-name.ts';
import { describe, type Type } from '../model/type.ts';
import type { Completion, Completions } from './completions.ts';
import type { Document } from './document.ts';
import { wordsBefore } from './words-before.ts';

/** What the value at a place of JSON is read as. */
type Shape =
  /** An object whose keys are those of a record's fields behind the path. */
  | { readonly kind: 'object'; readonly record: RecordModel; readonly path: readonly string[] }
  | { readonly kind: 'row'; readonly columns: readonly FieldModel[] }
  | { readonly kind: 'value'; readonly type: Type };

/** In the JSON of a test: the keys that the message or the row can have, and the values of an enum. */
export function jsonCompletions(document: Document, offset: number): Completions | undefined {
  const words = wordsBefore(document, offset);
  if (words?.[0]?.tokenType !== word.test) return undefined;
  const from = words.findLastIndex((_, at) => beginsJson(words, at));
  const root = from < 0 ? undefined : rootOf(words, from, document);
  if (root === undefined) return undefined;
  const json = words.slice(openingAt(words, from));
  const last = json.at(-1);
  const opened = last?.tokenType.name === 'OpenText' ? last : undefined;
  const place = placeIn(opened === undefined ? json : json.slice(0, -1), root, document);
  if (place === undefined) return undefined;
  const start = opened === undefined ? wordStart(document.file.text, offset) : opened.startOffset + 1;
  const closed = document.file.text[offset] === '"';
  const quote = (text: string, after: string): string => {
    if (opened === undefined) return `"${text}"${after}`;
    return closed ? text : `${text}"${after}`;
  };
  const items = place.kind === 'keys' ? keys(place.shape, place.written, quote) : values(place.type, quote);
  return items.length === 0 ? undefined : { start, items };
}

function wordStart(text: string, offset: number): number {
  return offset - (/\w*$/.exec(text.slice(Math.max(0, offset - 100), offset))?.[0].length ?? 0);
}

/** `given Order {`, `expect orders {`, `expect app.orders {`; a list is of such objects. */
function beginsJson(words: readonly IToken[], at: number): boolean {
  const type = words[at]?.tokenType;
  const open = words[openingAt(words, at)]?.tokenType;
  return (type === word.given || type === word.expect) && (open === LeftCurly || open === LeftSquare);
}

/** Where the JSON begins behind the name of an entity or a table. */
function openingAt(words: readonly IToken[], at: number): number {
  return words[at + 2]?.tokenType === Dot ? at + 4 : at + 2;
}

function rootOf(words: readonly IToken[], from: number, { analysis }: Document): Shape | undefined {
  const name = words[from + 1]?.image;
  if (words[from]?.tokenType === word.expect) {
    const table = words[openingAt(words, from) - 1]?.image ?? '';
    const schema = openingAt(words, from) === from + 2 ? undefined : name;
    const [store] = tablesNamed(analysis.program.stores, { schema, table });
    return store === undefined ? undefined : { kind: 'row', columns: store.columns };
  }
  const record = analysis.program.entities.find((each) => each.name === name);
  return record === undefined ? undefined : { kind: 'object', record, path: [] };
}

type Place =
  | { readonly kind: 'keys'; readonly shape: Shape; readonly written: readonly string[] }
  | { readonly kind: 'values'; readonly type: Type };

interface Open {
  readonly shape: Shape | undefined;
  readonly list: boolean;
  readonly written: string[];
  /** The key whose value stands next. */
  key: string | undefined;
}

/** What may stand behind the words: a key of the object that is open, or the value of its last key. */
function placeIn(json: readonly IToken[], root: Shape, document: Document): Place | undefined {
  const open: Open[] = [];
  const next = (): Shape | undefined => {
    const top = open.at(-1);
    if (top === undefined) return root;
    return top.list ? top.shape : shapeOf(top.shape, top.key, document);
  };
  json.forEach((token, at) => {
    const top = open.at(-1);
    if (token.tokenType === LeftCurly || token.tokenType === LeftSquare)
      open.push({ shape: next(), list: token.tokenType === LeftSquare, written: [], key: undefined });
    else if (token.tokenType === RightCurly || token.tokenType === RightSquare) open.pop();
    else if (token.tokenType === Comma && top !== undefined) top.key = undefined;
    else if (token.tokenType === TextLiteral && json[at + 1]?.tokenType === Colon && top !== undefined) {
      top.key = token.image.slice(1, -1);
      top.written.push(top.key);
    }
  });
  const top = open.at(-1);
  const last = json.at(-1)?.tokenType;
  if (top === undefined) return undefined;
  if (!top.list && (last === LeftCurly || last === Comma))
    return top.shape === undefined ? undefined : { kind: 'keys', shape: top.shape, written: top.written };
  const value = last === Colon || last === LeftSquare || (top.list && last === Comma) ? next() : undefined;
  return value?.kind === 'value' ? { kind: 'values', type: value.type } : undefined;
}

function shapeOf(shape: Shape | undefined, key: string | undefined, document: Document): Shape | undefined {
  if (shape === undefined || key === undefined || shape.kind === 'value') return undefined;
  if (shape.kind === 'row') {
    const column = shape.columns.find(({ name }) => name === key);
    return column === undefined ? undefined : { kind: 'value', type: elementOf(column.type.type) };
  }
  const path = [...shape.path, key];
  const fields = shape.record.fields.filter((field) => startsWith(pathOf(field), path));
  const field = fields.find((each) => pathOf(each).length === path.length);
  if (field === undefined) return fields.length === 0 ? undefined : { ...shape, path };
  const type = elementOf(field.type.type);
  if (type.kind !== 'record') return { kind: 'value', type };
  const record = document.analysis.program.shapes.find(({ name }) => name === type.of.name);
  return record === undefined ? undefined : { kind: 'object', record, path: [] };
}

function elementOf(type: Type): Type {
  return type.kind === 'list' ? type.element : type;
}

/** The keys under which a message has the field; a body or header has the field's own name in a test. */
function pathOf({ origin, name }: FieldModel): readonly string[] {
  if (origin.kind === 'json') return origin.path;
  return origin.kind === 'body' || origin.kind === 'header' ? [name] : [];
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((key, at) => path[at] === key);
}

type Quote = (text: string, after: string) => string;

function keys(shape: Shape, written: readonly string[], quote: Quote): readonly Completion[] {
  if (shape.kind === 'value') return [];
  const found = new Map<string, Completion>();
  const add = (key: string | undefined, field: FieldModel, whole: boolean): void => {
    if (key === undefined || found.has(key) || written.includes(key)) return;
    found.set(key, {
      label: key,
      kind: 'field',
      detail: whole ? `${field.name}: ${describe(field.type)}` : '{ … }',
      insert: quote(key, ': '),
      ...(whole && field.doc !== undefined ? { doc: field.doc } : {}),
    });
  };
  if (shape.kind === 'row') for (const column of shape.columns) add(column.name, column, true);
  else
    for (const field of shape.record.fields) {
      const path = pathOf(field);
      const at = shape.path.length;
      if (path.length > at && startsWith(path, shape.path)) add(path[at], field, path.length === at + 1);
    }
  return [...found.values()];
}

function values(type: Type, quote: Quote): readonly Completion[] {
  if (type.kind !== 'enum') return [];
  return type.of.members.map(({ name, value }) => ({
    label: value,
    kind: 'enum member',
    detail: `${type.of.name}.${name}`,
    insert: quote(value, ''),
  }));
}
