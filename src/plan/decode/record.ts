import type { RecordModel } from '../../model/program.ts';
import type { Decoder } from '../../types/column-type.ts';
import { kindOf } from '../../types/found.ts';
import { isRawNumber } from '../../types/raw-number.ts';
import { isRefusal, type JsonValue, type Value } from '../../types/value.ts';
import { pointerTo } from '../../types/json-pointer.ts';
import { MessageRejected } from '../evaluate/frame.ts';
import { compileFaults, compileOwn, type Place } from '../evaluate/own-fields.ts';
import { compileRequestFields } from './request-field.ts';
import { keyFields, type JsonObject, type KeyField } from './key-field.ts';
import type { UnknownKey } from './path-keys.ts';
import { passBy, refuse, refuseAll, take, within, type Reading, type Refused } from './refused.ts';
import { refusedValue, type Nested, type Read } from './value.ts';

/**
 * Decodes the fields that a record reads from JSON, header or body into a row, then computes the others. Gives
 * `undefined` and sets `reading.refused` where a value is refused.
 */
export type RecordReader = (json: JsonValue, reading: Reading) => Value[] | undefined;

/** Readers of records that were begun, so that a shape may contain a list of itself. */
type Known = Map<RecordModel, RecordReader>;

export function compileRecord(record: RecordModel, place: Place): RecordReader {
  const strict = record.strict ? record : undefined;
  return readerOf(record, { place, known: new Map(), knownOpen: new Map(), strict });
}

/** What all records of one message share. */
interface Decoding {
  readonly place: Place;
  readonly known: Known;
  readonly knownOpen: Known;
  /** The entity, where it is `@strict`: keys that no field reads are refused in all of its objects. */
  readonly strict: RecordModel | undefined;
}

/** With `open` the object itself may hold keys that others read; the objects in it may not. */
function readerOf(record: RecordModel, decoding: Decoding, open = false): RecordReader {
  const known = open ? decoding.knownOpen : decoding.known;
  const begun = known.get(record);
  if (begun !== undefined) return begun;
  const made: { reader?: RecordReader } = {};
  known.set(record, (json, reading) => made.reader?.(json, reading));
  made.reader = recordReader(record, decoding, open);
  return made.reader;
}

function recordReader(record: RecordModel, decoding: Decoding, open: boolean): RecordReader {
  const nested: Nested = (each) => readerOf(each, decoding);
  const fields = keyFields(record, nested, {
    open: (each) => readerOf(each, decoding, true),
    unknown: unknownKey(record, decoding.strict),
  });
  const readObject = objectReader(record, fields, unknownKey(record, open ? undefined : decoding.strict));
  const collectObject = objectCollector(
    record,
    fields,
    unknownKey(record, open ? undefined : decoding.strict),
  );
  const request = compileRequestFields(record, nested);
  const own = compileOwn(record, decoding.place);
  const faultsOf = compileFaults(record, decoding.place);
  const isEntity = record.tree.kind === 'entity';
  const expected = isEntity ? `a JSON object, the message ${record.name}` : `an object, ${record.name}`;
  const refuseKind = (json: JsonValue, reading: Reading): undefined =>
    refuse(reading, {
      code: isEntity ? 'not_an_object' : 'wrong_type',
      field: record.name,
      message: `expected ${expected}, found ${kindOf(json)}`,
      pointer: '',
    });
  return (json, reading) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuseKind(json, reading);
    if (reading.collects && !isRawNumber(json)) {
      const faults: Refused[] = [];
      const row = collectObject(json as JsonObject, reading, faults);
      if (faults.length === 0 && request !== undefined && !request(row, reading)) take(reading, faults);
      if (faults.length === 0) faults.push(...faultsOf([row, reading.meta]).map(refusedOf));
      return faults.length === 0 ? row : refuseAll(reading, faults);
    }
    const row = readObject(json as JsonObject, reading);
    // A number that keeps its digits is an object too, with a key that no field reads.
    if (reading.unknownKeys > 0 && isRawNumber(json)) return refuseKind(json, reading);
    if (row === undefined || (request !== undefined && !request(row, reading))) return undefined;
    return own === undefined || complete(own, row, reading) ? row : undefined;
  };
}

/** Computes the record's own fields and runs its checks. */
function complete(own: (frame: Value[]) => void, row: Value[], reading: Reading): boolean {
  try {
    own([row, reading.meta]);
    return true;
  } catch (error) {
    if (!(error instanceof MessageRejected)) throw error;
    reading.refused = refusedOf(error);
    return false;
  }
}

function refusedOf({ code, message, field, source }: MessageRejected): Refused {
  return { code, message, field, pointer: '', ...(source === undefined ? {} : { source }) };
}

/** Stands in a row for a key that was not met yet. */
const ABSENT = undefined as unknown as Value;

/**
 * Walks over the keys of an object once, which engines do fastest. Senders mostly write keys in one order, so the next
 * key is first compared with the one that followed in the declaration. Parallel arrays keep the loop free of calls but
 * for the decoder itself.
 */
function objectReader(
  record: RecordModel,
  fields: readonly KeyField[],
  unknown: UnknownKey,
): RecordReaderOfObject {
  const keys = internalized(fields.map((field) => field.key));
  const places = new Map(keys.map((key, at) => [key, at]));
  const indexes = fields.map((field) => field.index);
  const nullable = fields.map((field) => field.nullable);
  const anyDecoders: readonly (Decoder | undefined)[] = fields.map((field) => field.decode);
  const plainDecoders: readonly (Decoder | undefined)[] = fields.map((field) => field.decodePlain);
  const reads: readonly (Read | undefined)[] = fields.map((field) => field.read);
  const template = record.fields.map(() => null as Value);
  for (const { index } of fields) template[index] = ABSENT;
  const count = fields.length;
  return (object, reading) => {
    const row = template.slice();
    const decoders = reading.plain ? plainDecoders : anyDecoders;
    let next = 0;
    let seen = 0;
    for (const key in object) {
      let at = next;
      if (keys[next] !== key) {
        const found = places.get(key);
        if (found === undefined) {
          if (unknown(key, reading)) continue;
          return undefined;
        }
        at = found;
      }
      next = at + 1;
      seen += 1;
      const json = object[key] ?? null;
      const decode = decoders[at];
      if (json === null && nullable[at] === true) row[indexes[at] ?? 0] = null;
      else if (decode !== undefined && json !== null) {
        const value = decode(json);
        if (typeof value === 'object' && isRefusal(value)) return refusedValue(fields[at], value, reading);
        row[indexes[at] ?? 0] = value;
      } else {
        const value = readOther(fields[at], reads[at], json, row, reading);
        if (value === undefined) return undefined;
        row[indexes[at] ?? 0] = value;
      }
    }
    return seen === count || fillAbsent(fields, row, reading) ? row : undefined;
  };
}

/** Reads an object as `objectReader` does, without haste: all that is wrong in it is added to `faults`. */
function objectCollector(
  record: RecordModel,
  fields: readonly KeyField[],
  unknown: UnknownKey,
): (object: JsonObject, reading: Reading, faults: Refused[]) => Value[] {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  return (object, reading, faults) => {
    const row = record.fields.map(() => null as Value);
    for (const [key, json] of Object.entries(object)) {
      const field = byKey.get(key);
      const refused =
        field === undefined ? !unknown(key, reading) : !collectField(field, json, row, reading, faults);
      if (refused && !take(reading, faults)) return row;
    }
    for (const field of fields) {
      if (Object.hasOwn(object, field.key)) continue;
      for (const path of field.paths ?? []) {
        const value = path.take(undefined, reading);
        if (value !== undefined) row[path.index] = value;
        else if (!take(reading, faults)) return row;
      }
      if (field.paths !== undefined) continue;
      row[field.index] = ABSENT;
      if (!fillAbsent([field], row, reading) && !take(reading, faults)) return row;
    }
    return row;
  };
}

/** False where `reading.refused` says why the field is refused; what its paths refuse goes to `faults`. */
function collectField(
  field: KeyField,
  json: JsonValue,
  row: Value[],
  reading: Reading,
  faults: Refused[],
): boolean {
  if (field.paths !== undefined) {
    if (field.readPathKeys?.(json, reading) === false) {
      within(field.pointer, reading);
      if (!take(reading, faults)) return true;
    }
    for (const path of field.paths) {
      const value = path.take(json, reading);
      if (value !== undefined) row[path.index] = value;
      // Several paths may run into the same value: it is told once.
      else if (faults.some((fault) => isSameFault(fault, reading.refused))) reading.refused = undefined;
      else if (!take(reading, faults)) return true;
    }
    return true;
  }
  if (json === null && field.nullable) return true;
  const decoded =
    json === null || field.decode === undefined
      ? undefined
      : (reading.plain ? field.decodePlain : field.decode)?.(json);
  if (decoded !== undefined && typeof decoded === 'object' && isRefusal(decoded)) {
    refusedValue(field, decoded, reading);
    return false;
  }
  const value = decoded === undefined ? readOther(field, field.read, json, row, reading) : decoded;
  if (value === undefined) return false;
  row[field.index] = value;
  return true;
}

function isSameFault({ pointer, code }: Refused, other: Refused | undefined): boolean {
  return code === 'wrong_type' && code === other?.code && pointer === other.pointer;
}

/** The names as engines keep the keys of objects: such texts are compared by their address, not by their letters. */
function internalized(names: readonly string[]): readonly string[] {
  return names.map((name) => Object.keys({ [name]: 0 })[0] ?? name);
}

type RecordReaderOfObject = (object: JsonObject, reading: Reading) => Value[] | undefined;

/** Lists, objects, paths into an object, and nulls where none is allowed. */
function readOther(
  field: KeyField | undefined,
  read: Read | undefined,
  json: JsonValue,
  row: Value[],
  reading: Reading,
): Value | undefined {
  if (field === undefined) return undefined;
  if (field.paths !== undefined) {
    if (field.readPathKeys?.(json, reading) === false) return within(field.pointer, reading);
    for (const path of field.paths) {
      const value = path.take(json, reading);
      if (value === undefined) return undefined;
      row[path.index] = value;
    }
    return row[field.index];
  }
  if (json === null) return refuseNull(field, reading);
  const value = read?.(json, reading);
  return value === undefined ? within(field.pointer, reading) : value;
}

/** Gives absent keys their default or null; refuses where there is none. */
function fillAbsent(fields: readonly KeyField[], row: Value[], reading: Reading): boolean {
  for (const field of fields) {
    if (row[field.index] !== ABSENT) continue;
    if (field.paths !== undefined) {
      for (const path of field.paths) {
        const value = path.take(undefined, reading);
        if (value === undefined) return false;
        row[path.index] = value;
      }
    } else if (field.fallback !== undefined) row[field.index] = field.fallback;
    else if (field.nullable) row[field.index] = null;
    else {
      refuse(reading, {
        code: 'missing',
        field: field.name,
        message: 'expected a value, found no such key',
        pointer: field.pointer,
      });
      return false;
    }
  }
  return true;
}

function refuseNull(field: KeyField, reading: Reading): undefined {
  return refuse(reading, {
    code: 'null_not_allowed',
    field: field.name,
    message: 'expected a value, found null',
    pointer: field.pointer,
  });
}

/** Counts keys that no field reads; refuses them where the entity is strict. */
function unknownKey(record: RecordModel, strict: RecordModel | undefined): UnknownKey {
  if (strict === undefined)
    return (key, reading) => {
      passBy(record.name, key, reading);
      return true;
    };
  const who = record === strict ? 'it' : strict.name;
  return (key, reading) => {
    reading.unknownKeys += 1;
    refuse(reading, {
      code: 'unknown_field',
      field: record.name,
      message: `${record.name} has no field for this key, and ${who} is @strict`,
      pointer: pointerTo(key),
    });
    return false;
  };
}
