import type { RecordModel } from '../../../model/program.ts';
import type { Type } from '../../../model/type.ts';
import type { JsonLiteral } from '../../../types/column-type.ts';
import type { JsonValue, Value } from '../../../types/value.ts';
import { MessageRejected } from '../../evaluate/frame.ts';
import { compileOwn, type Place } from '../../evaluate/own-fields.ts';
import type { TextLimits } from '../../plan.ts';
import type { FastReader } from './cursor.ts';
import { keyFields, type JsonObject, type KeyField } from '../key-field.ts';
import { compileLayout, type Layout, type Part } from './layout.ts';
import { fastList, listOfSingles } from './fast-list.ts';
import type { Reading } from '../refused.ts';
import { compileRequestFields } from '../request-field.ts';
import { compileValue, literalOf } from '../value.ts';

/** Layouts that a record keeps: senders leave out what is empty, or differ. */
const MAX_LAYOUTS = 8;

interface KnownLayout {
  /** Equal for equal layouts. */
  readonly form: string;
  readonly read: Layout;
  /** The row before it is filled: defaults and nulls of the keys that are left out. */
  readonly template: readonly Value[];
}

type FastKey = { readonly field: KeyField } & (
  | { readonly kind: 'single'; readonly literal: JsonLiteral }
  | { readonly kind: 'nested'; readonly value: FastReader }
);

/** What a record stands in. */
interface Around {
  readonly place: Place;
  readonly limits: TextLimits;
  /** From the outside in, one for each level. */
  readonly outer: readonly (RecordModel | 'list')[];
  /**
   * The readers made so far, by record and level. Which records stand around makes no difference: one that leads to itself has none
   * anywhere. Without this, shapes that use each other twice would take time without end.
   */
  readonly known: Map<RecordModel, Map<number, FastReader<Value[]> | undefined>>;
}

/**
 * Nothing where a message may hold what has no fixed form: any JSON, paths, a shape inside itself, the raw body; or what is
 * deeper than it may be.
 */
export function fastRecord(record: RecordModel, around: Around): FastReader<Value[]> | undefined {
  const level = around.outer.length;
  const byLevel = around.known.get(record) ?? new Map<number, FastReader<Value[]> | undefined>();
  around.known.set(record, byLevel);
  if (byLevel.has(level)) return byLevel.get(level);
  const made = newReader(record, around);
  byLevel.set(level, made);
  return made;
}

function newReader(record: RecordModel, around: Around): FastReader<Value[]> | undefined {
  const keys = fastKeys(record, around);
  if (keys === undefined) return undefined;
  const request = compileRequestFields(record, unread);
  const own = compileOwn(record, around.place);
  let layouts: readonly KnownLayout[] = [];
  let recent: KnownLayout | undefined;

  const complete = (row: Value[], reading: Reading): boolean => {
    if (request !== undefined && !request(row, reading)) return false;
    try {
      own?.([row, reading.meta]);
      return true;
    } catch (error) {
      if (error instanceof MessageRejected) return false;
      throw error;
    }
  };

  return {
    read: (cursor, reading) => {
      const start = cursor.at;
      if (recent !== undefined) {
        const row = recent.template.slice();
        if (recent.read(cursor, row, reading)) return complete(row, reading) ? row : undefined;
      }
      for (const layout of layouts) {
        if (layout === recent) continue;
        cursor.at = start;
        const row = layout.template.slice();
        if (!layout.read(cursor, row, reading)) continue;
        recent = layout;
        return complete(row, reading) ? row : undefined;
      }
      return undefined;
    },
    addPattern: (json) => {
      if (typeof json !== 'object' || json === null || Array.isArray(json)) return;
      const layout = layoutOf(record, json as JsonObject, keys);
      if (layout === undefined || layouts.some(({ form }) => form === layout.form)) return;
      layouts = [layout, ...layouts].slice(0, MAX_LAYOUTS);
      recent = layout;
    },
  };
}

function fastKeys(record: RecordModel, around: Around): ReadonlyMap<string, FastKey> | undefined {
  if (around.outer.includes(record)) return undefined;
  if (record.fields.some(({ origin }) => origin.kind === 'body')) return undefined;
  const inside: Around = { ...around, outer: [...around.outer, record] };
  const keys = new Map<string, FastKey>();
  for (const field of keyFields(record, unread)) {
    const key = fastKey(record, field, inside);
    if (key === undefined) return undefined;
    keys.set(field.key, key);
  }
  return keys;
}

function fastKey(record: RecordModel, field: KeyField, inside: Around): FastKey | undefined {
  const type = record.fields[field.index]?.type.type;
  if (type === undefined || field.paths !== undefined) return undefined;
  // A key with a quote, say, is written with an escape.
  if (JSON.stringify(field.key) !== `"${field.key}"`) return undefined;
  const literal = literalOf(type);
  if (literal !== undefined) return { field, kind: 'single', literal };
  const value = fastValue(type, field.name, inside);
  return value === undefined ? undefined : { field, kind: 'nested', value };
}

/** Lists, objects and lists of lists. */
function fastValue(type: Type, name: string, around: Around): FastReader | undefined {
  const { maxDepth, maxListLength } = around.limits;
  if (around.outer.length >= maxDepth) return undefined;
  if (type.kind === 'record') return fastRecord(type.of as RecordModel, around);
  if (type.kind !== 'list') return undefined;
  if (literalOf(type.element) !== undefined)
    return listOfSingles(compileValue(type, name, unread), maxListLength);
  const element = fastValue(type.element, name, { ...around, outer: [...around.outer, 'list'] });
  return element === undefined ? undefined : fastList(element, maxListLength);
}

/** Objects inside have patterns of their own, and are never decoded. */
const unread = () => (): undefined => undefined;

/** The layout of an object that was accepted. */
function layoutOf(
  record: RecordModel,
  object: JsonObject,
  keys: ReadonlyMap<string, FastKey>,
): KnownLayout | undefined {
  const parts: Part[] = [];
  const form: string[] = [];
  for (const [name, json] of Object.entries(object)) {
    const key = keys.get(name);
    if (key === undefined) return undefined;
    const part = partOf(key, json);
    parts.push(part);
    form.push(`${part.index} ${part.kind === 'single' ? part.literal : part.kind}`);
  }
  const template = record.fields.map((): Value => null);
  for (const { field } of keys.values())
    if (!Object.hasOwn(object, field.key)) template[field.index] = field.fallback ?? null;
  return { form: form.join(), template, read: compileLayout(parts) };
}

function partOf(key: FastKey, json: JsonValue): Part {
  const { index, nullable, decodePlain } = key.field;
  const common = { key: key.field.key, index, nullable };
  if (key.kind === 'nested') {
    key.value.addPattern(json);
    return { ...common, kind: 'nested', read: key.value.read };
  }
  if (decodePlain === undefined) throw new Error(`the single value ${key.field.name} has no decoder`);
  return { ...common, kind: 'single', literal: literalIn(json, key.literal), decode: decodePlain };
}

/** How a value is written, which for null is how it is written mostly. */
function literalIn(json: JsonValue, usual: JsonLiteral): JsonLiteral {
  if (json === null) return usual;
  if (typeof json === 'string') return 'string';
  if (typeof json === 'boolean') return 'boolean';
  return usual === 'digits' ? usual : 'number';
}
