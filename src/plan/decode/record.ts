import type { FieldModel, RecordModel } from '../../model/program.ts';
import type { Type } from '../../model/type.ts';
import { kindOf } from '../../types/found.ts';
import { isRawNumber } from '../../types/raw-number.ts';
import { compileOwn, type Place } from '../evaluate/own-fields.ts';
import { MessageRejected } from '../evaluate/frame.ts';
import { isRefusal, type JsonValue, type Value } from '../../types/value.ts';
import type { Decoder } from '../../types/column-type.ts';
import { pointerTo, type Reading, type Refused } from './refused.ts';

type JsonObject = { readonly [key: string]: JsonValue };

/** Decodes a JSON value into a value of a type; on refusal sets `reading.refused` and gives `undefined`. */
type Read = (json: JsonValue, reading: Reading) => Value | undefined;

/**
 * Decodes the fields that a record reads from JSON, header or body into a row: one value for each field, null where
 * a computed field comes later. Gives `undefined` and sets `reading.refused` where a value is refused.
 */
export type RecordReader = (json: JsonValue, reading: Reading) => Value[] | undefined;

/** Readers of records that were begun, so that a shape may contain a list of itself. */
type Known = Map<RecordModel, RecordReader>;

export function compileRecord(record: RecordModel, place: Place, known: Known = new Map()): RecordReader {
  const begun = known.get(record);
  if (begun !== undefined) return begun;
  let reader: RecordReader | undefined;
  known.set(record, (json, reading) => reader?.(json, reading));
  reader = recordReader(record, place, known);
  return reader;
}

interface FieldReader {
  readonly index: number;
  readonly take: (object: JsonObject, reading: Reading) => Value | undefined;
}

function recordReader(record: RecordModel, place: Place, known: Known): RecordReader {
  const width = record.fields.length;
  const readers = record.fields.flatMap((field, index): FieldReader[] => {
    const take = fieldReader(record, field, place, known);
    return take === undefined ? [] : [{ index, take }];
  });
  const takes = readers.map((reader) => reader.take);
  const indexes = readers.map((reader) => reader.index);
  const countUnknown = unknownKeyCounter(record);
  const own = compileOwn(record, place);
  const expected =
    record.tree.kind === 'entity' ? `a JSON object, the message ${record.name}` : `an object, ${record.name}`;
  return (json, reading) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json) || isRawNumber(json)) {
      reading.refused = {
        code: record.tree.kind === 'entity' ? 'not_an_object' : 'wrong_type',
        field: record.name,
        message: `expected ${expected}, found ${kindOf(json)}`,
        pointer: '',
      };
      return undefined;
    }
    const object = json as JsonObject;
    const row: Value[] = new Array<Value>(width).fill(null);
    for (let at = 0; at < takes.length; at += 1) {
      const value = takes[at]?.(object, reading);
      if (value === undefined) return undefined;
      row[indexes[at] ?? 0] = value;
    }
    if (!countUnknown(object, reading)) return undefined;
    return own === undefined || complete(own, row, reading) ? row : undefined;
  };
}

/** Computes the record's own fields and runs its checks. */
function complete(own: (frame: Value[][]) => void, row: Value[], reading: Reading): boolean {
  try {
    own([row]);
    return true;
  } catch (error) {
    if (!(error instanceof MessageRejected)) throw error;
    const { code, message, field, source } = error;
    reading.refused = { code, message, field, pointer: '', ...(source === undefined ? {} : { source }) };
    return false;
  }
}

/** Counts keys that no field reads; for a strict record refuses the first one. */
function unknownKeyCounter(record: RecordModel): (object: JsonObject, reading: Reading) => boolean {
  const keys = new Set<string>();
  for (const field of record.fields)
    if (field.origin.kind === 'json' && field.origin.path[0] !== undefined) keys.add(field.origin.path[0]);
  const { strict } = record;
  return (object, reading) => {
    for (const key in object) {
      if (keys.has(key)) continue;
      reading.unknownKeys += 1;
      if (!strict) continue;
      reading.refused = {
        code: 'unknown_field',
        field: record.name,
        message: `${record.name} has no field for this key, and it is @strict`,
        pointer: pointerTo(key),
      };
      return false;
    }
    return true;
  };
}

function fieldReader(
  record: RecordModel,
  field: FieldModel,
  place: Place,
  known: Known,
): FieldReader['take'] | undefined {
  const { origin } = field;
  const name = `${record.name}.${field.name}`;
  switch (origin.kind) {
    case 'computed':
      return undefined;
    case 'missing':
      throw new Error(`the field ${name} of an accepted program has no origin`);
    case 'body': {
      const read = typeReader(field.type.type, name, place, known);
      return (_object, reading) => read(reading.body, reading);
    }
    case 'header': {
      const { header } = origin;
      const read = typeReader(field.type.type, name, place, known);
      return (_object, reading) => {
        const value = reading.headers[header];
        if (value !== undefined) return read(value, reading);
        if (field.type.nullable) return null;
        reading.refused = {
          code: 'missing',
          field: name,
          message: `expected the request header ${header}, found none`,
          pointer: '',
        };
        return undefined;
      };
    }
    case 'json':
      return jsonReader(field, name, origin.path, typeReader(field.type.type, name, place, known));
  }
}

/** Names that every object inherits: a key must be its own to be read. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function jsonReader(
  field: FieldModel,
  name: string,
  path: readonly string[],
  read: Read,
): FieldReader['take'] {
  const [first = '', ...rest] = path;
  const pointer = path.map(pointerTo).join('');
  const { nullable } = field.type;
  const fallback = field.origin.kind === 'json' ? field.origin.default : undefined;
  const find = finder(first, rest);
  const absent = (isNull: boolean, reading: Reading): Value | undefined => {
    if (fallback !== undefined && !isNull) return fallback;
    if (nullable) return null;
    reading.refused = {
      code: isNull ? 'null_not_allowed' : 'missing',
      field: name,
      message: isNull ? 'expected a value, found null' : 'expected a value, found no such key',
      pointer,
    };
    return undefined;
  };
  return (object, reading) => {
    const json = find(object);
    if (json === undefined || json === null) return absent(json === null, reading);
    const value = read(json, reading);
    if (value === undefined && reading.refused !== undefined)
      reading.refused.pointer = pointer + reading.refused.pointer;
    return value;
  };
}

function finder(first: string, rest: readonly string[]): (object: JsonObject) => JsonValue | undefined {
  if (rest.length === 0)
    return inherited.has(first) ? (object) => ownValue(object, first) : (object) => object[first];
  return (object) => {
    let at: JsonValue | undefined = ownValue(object, first);
    for (const key of rest) {
      if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined;
      at = ownValue(at as JsonObject, key);
    }
    return at;
  };
}

function typeReader(type: Type, name: string, place: Place, known: Known): Read {
  switch (type.kind) {
    case 'scalar':
      return scalarReader(type.column.decoder(type.parameters), name);
    case 'enum': {
      const values = new Set(type.of.members.map((member) => member.value));
      const expected = `one of ${[...values].map((value) => `"${value}"`).join(', ')}`;
      return (json, reading) => {
        if (typeof json === 'string' && values.has(json)) return json;
        const found = typeof json === 'string' ? 'another string' : kindOf(json);
        const code = typeof json === 'string' ? 'not_in_enum' : 'wrong_type';
        return refuse(reading, {
          code,
          field: name,
          message: `expected ${expected}, found ${found}`,
          pointer: '',
        });
      };
    }
    case 'record':
      // The reader knows the record's own name; a refusal inside keeps the innermost field.
      return compileRecord(type.of as RecordModel, place, known);
    case 'list':
      return listReader(typeReader(type.element, name, place, known), name);
    case 'null':
    case 'unknown':
      throw new Error(`the field ${name} of an accepted program has no type`);
  }
}

function scalarReader(decode: Decoder, name: string): Read {
  return (json, reading) => {
    const value = decode(json);
    if (typeof value !== 'object' || !isRefusal(value)) return value;
    return refuse(reading, {
      code: value.code,
      field: name,
      message: `expected ${value.expected}, found ${value.found}`,
      pointer: '',
    });
  };
}

function listReader(read: Read, name: string): Read {
  return (json, reading) => {
    if (!Array.isArray(json))
      return refuse(reading, {
        code: 'wrong_type',
        field: name,
        message: `expected an array, found ${kindOf(json)}`,
        pointer: '',
      });
    const elements = json as readonly JsonValue[];
    const values: Value[] = [];
    for (let at = 0; at < elements.length; at += 1) {
      const element = elements[at] ?? null;
      const value =
        element === null
          ? refuse(reading, {
              code: 'null_not_allowed',
              field: name,
              message: 'expected a value, found null',
              pointer: '',
            })
          : read(element, reading);
      if (value === undefined) {
        if (reading.refused !== undefined) reading.refused.pointer = pointerTo(at) + reading.refused.pointer;
        return undefined;
      }
      values.push(value);
    }
    return values;
  };
}

function refuse(reading: Reading, refused: Refused): undefined {
  reading.refused = refused;
  return undefined;
}
