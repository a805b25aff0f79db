import type { FieldModel, RecordModel } from '../../../model/program.ts';
import type { Type } from '../../../model/type.ts';
import type { Value } from '../../../types/value.ts';
import type { Place } from '../../evaluate/own-fields.ts';
import type { TextLimits } from '../../plan.ts';
import { bytesDecoder, compileValue, digitsDecoder, literalOf, singleDecoder } from '../value.ts';
import { deferringNames, orderingNames, type FastFiller, type FastReader, type Fill } from './cursor.ts';
import { fastList, listOfSingles } from './fast-list.ts';
import { fastObject, type Absent, type FastKey } from './fast-object.ts';
import { fastJson, isPerhapsHuge, storedText } from './json-text.ts';
import { isPlainKey, type Spelling } from './spelling.ts';
import { unreadValue } from './unread.ts';

/** What a record stands in. */
export interface Around {
  readonly place: Place;
  readonly limits: TextLimits;
  /** From the outside in, one for each level. */
  readonly outer: readonly (RecordModel | 'list' | 'path')[];
  /**
   * The readers made so far, by record and level. Which records stand around makes no difference: one that leads to itself has none
   * anywhere. Without this, shapes that use each other twice would take time without end.
   */
  readonly known: Map<RecordModel, Map<number, FastReader<Value[]> | undefined>>;
}

type Nested = (record: RecordModel, around: Around) => FastReader<Value[]> | undefined;

/** A place that paths of fields lead to or pass. */
interface Stop {
  readonly takers: Taker[];
  readonly below: Map<string, Stop>;
}

interface Taker {
  readonly index: number;
  readonly field: FieldModel;
  readonly fallback: Value | undefined;
}

/** Where a key stands. */
interface Scope {
  readonly record: RecordModel;
  readonly inside: Around;
  readonly nested: Nested;
  /** `stored` in what a `json` field takes as it is written. */
  readonly spelling: Spelling;
}

/** What the keys of a record's objects fill; nothing where there is a value that no pattern reads. */
export function fastKeys(
  record: RecordModel,
  inside: Around,
  nested: Nested,
): ReadonlyMap<string, FastKey> | undefined {
  const root: Stop = { takers: [], below: new Map() };
  for (const [index, field] of record.fields.entries()) {
    const { origin } = field;
    if (origin.kind !== 'json') continue;
    let at = root;
    for (const key of origin.path) {
      const next = at.below.get(key) ?? { takers: [], below: new Map<string, Stop>() };
      at.below.set(key, next);
      at = next;
    }
    at.takers.push({ index, field, fallback: origin.default });
  }
  const scope: Scope = { record, inside, nested, spelling: 'free' };
  return keysOf(root, (key, stop) => keyOf(key, stop, scope, false));
}

function keysOf(
  { below }: Stop,
  make: (key: string, stop: Stop) => FastKey | undefined,
): ReadonlyMap<string, FastKey> | undefined {
  const keys = new Map<string, FastKey>();
  for (const [key, stop] of below) {
    const made = isPlainKey(key) ? make(key, stop) : undefined;
    if (made === undefined) return undefined;
    keys.set(key, made);
  }
  return keys;
}

/** `deep` where paths of more than one key lead there. */
function keyOf(key: string, stop: Stop, scope: Scope, deep: boolean): FastKey | undefined {
  const { takers, below } = stop;
  const [taker] = takers;
  if (takers.length > 1) return undefined;
  if (below.size > 0) return passedKey(stop, taker, scope, deep);
  if (taker === undefined) throw new Error(`no field of ${scope.record.name} reads "${key}"`);
  return takenKey(taker, scope, deep);
}

function takenKey(
  taker: Taker,
  { record, inside, nested, spelling }: Scope,
  deep: boolean,
): FastKey | undefined {
  const { index, field } = taker;
  const { type, nullable } = field.type;
  const absent = [absentOf(taker)];
  const literal = literalOf(type);
  const decode = singleDecoder(type);
  if (literal !== undefined && decode !== undefined) {
    const single = {
      ...{ index, nullable, decode, decodePlain: singleDecoder(type, true) ?? decode },
      decodeDigits: digitsDecoder(type),
      decodeBytes: bytesDecoder(type),
    };
    return { absent, kind: 'single', single, literal };
  }
  // Their readers do not keep to the spelling that a field around them stores.
  if (spelling === 'stored') return undefined;
  if (decode !== undefined) {
    const reader = fastJson(decode, inside.outer.length, inside.limits);
    const single = {
      ...{ index, nullable, decode: storedText, decodePlain: storedText },
      decodeDigits: undefined,
      decodeBytes: undefined,
    };
    const text = { single, only: reader.only };
    return { absent, kind: 'nested', value: intoField(reader, index, nullable), text };
  }
  const reader = fastValue(type, `${record.name}.${field.name}`, inside, nested);
  if (reader === undefined) return undefined;
  const { fill, addPattern } = intoField(reader, index, nullable);
  return { absent, kind: 'nested', value: { fill: deep ? deferringNames(index, fill) : fill, addPattern } };
}

function absentOf({ index, field, fallback }: Taker): Absent {
  return { index, value: fallback ?? (field.type.nullable ? null : undefined) };
}

function intoField({ read, addPattern }: FastReader, index: number, nullable: boolean): FastFiller {
  const fill: Fill = (cursor, row, reading) => {
    if (nullable && cursor.text.startsWith('null', cursor.at)) {
      cursor.at += 4;
      row[index] = null;
      return true;
    }
    const value = read(cursor, reading);
    if (value === undefined) return false;
    row[index] = value;
    return true;
  };
  return { fill, addPattern };
}

/** Any JSON, lists, objects, and lists of these. */
function fastValue(type: Type, name: string, around: Around, nested: Nested): FastReader | undefined {
  const { limits, outer } = around;
  const level = outer.length;
  if (type.kind === 'scalar') {
    const decode = singleDecoder(type);
    return decode && fastJson(decode, level, limits);
  }
  if (level >= limits.maxDepth) return undefined;
  if (type.kind === 'record') return nested(type.of as RecordModel, around);
  if (type.kind !== 'list') return undefined;
  if (literalOf(type.element) !== undefined)
    return listOfSingles(
      compileValue(type, name, () => () => undefined),
      limits.maxListLength,
    );
  const element = fastValue(type.element, name, { ...around, outer: [...outer, 'list'] }, nested);
  return element === undefined ? undefined : fastList(element, limits.maxListLength);
}

/** The key of an object that paths pass through, and that one field may take as JSON too. */
function passedKey(stop: Stop, taker: Taker | undefined, scope: Scope, deep: boolean): FastKey | undefined {
  const { record, inside, spelling } = scope;
  if (taker !== undefined && taker.field.type.type.kind !== 'scalar') return undefined;
  const within: Scope = {
    ...scope,
    inside: { ...inside, outer: [...inside.outer, 'path'] },
    spelling: taker === undefined ? spelling : 'stored',
  };
  const keys = keysOf(stop, (key, below) => keyOf(key, below, within, true));
  if (keys === undefined || inside.outer.length >= inside.limits.maxDepth) return undefined;
  const allowed = { spelling: within.spelling, limits: inside.limits };
  const object = fastObject({
    keys,
    allowed,
    // The keys below a field's value are the field's.
    unknown: (key) => (within.spelling === 'stored' ? undefined : `${record.name}.${key}`),
    unread: () => unreadValue(within.inside.outer.length, allowed),
  });
  const inner = [...keys.values()].flatMap(({ absent }) => absent);
  const fill = taker === undefined ? passing(object, inner) : passingAndTaking(object, inner, taker);
  return {
    absent: taker === undefined ? inner : [absentOf(taker), ...inner],
    kind: 'nested',
    value: { fill: deep ? fill : orderingNames(fill), addPattern: object.addPattern },
  };
}

/** What has null on the way is not there. */
function passing(object: FastFiller, inner: readonly Absent[]): Fill {
  const mayBeNull = inner.every(({ value }) => value !== undefined);
  return (cursor, row, reading) => {
    if (!mayBeNull || !cursor.text.startsWith('null', cursor.at)) return object.fill(cursor, row, reading);
    cursor.at += 4;
    for (const { index, value } of inner) row[index] = value ?? null;
    return true;
  };
}

function passingAndTaking(object: FastFiller, inner: readonly Absent[], { index, field }: Taker): Fill {
  const pass = passing(object, inner);
  return (cursor, row, reading) => {
    const { at } = cursor;
    if (!pass(cursor, row, reading)) return false;
    const text = cursor.text.slice(at, cursor.at);
    row[index] = text === 'null' ? null : text;
    return text === 'null' ? field.type.nullable : !isPerhapsHuge(text);
  };
}
