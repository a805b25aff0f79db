import type { FieldModel, RecordModel } from '../../model/program.ts';
import type { Decoder } from '../../types/column-type.ts';
import { kindOf } from '../../types/found.ts';
import { isRawNumber } from '../../types/raw-number.ts';
import type { JsonValue, Value } from '../../types/value.ts';
import { pointerTo } from '../../types/json-pointer.ts';
import { pathKeyReader, type UnknownKey } from './path-keys.ts';
import { refuse, within, type Reading } from './refused.ts';
import { compileValue, singleDecoder, type Nested, type Read } from './value.ts';

export type JsonObject = { readonly [key: string]: JsonValue };

/** What a key of an object fills: mostly one field, by its decoder; several where paths begin with it. */
export interface KeyField {
  readonly key: string;
  /** `Order.total_price` */
  readonly name: string;
  readonly pointer: string;
  readonly index: number;
  readonly nullable: boolean;
  readonly fallback: Value | undefined;
  /** For a scalar or an enum: straight to its decoder. */
  readonly decode: Decoder | undefined;
  /** The same for a body without escapes. */
  readonly decodePlain: Decoder | undefined;
  readonly read: Read | undefined;
  /** Fields that lie deeper in the key's value, or several fields of one key. */
  readonly paths: readonly PathField[] | undefined;
  /** For paths: meets the keys that none of them passes; false where one is refused. */
  readonly readPathKeys: ((json: JsonValue, reading: Reading) => boolean) | undefined;
}

export interface PathField {
  readonly index: number;
  /** Takes the value of the first key, `undefined` where it is absent. */
  readonly take: (json: JsonValue | undefined, reading: Reading) => Value | undefined;
}

/** How paths of fields are followed. */
export interface Paths {
  /** The decoder of an object with keys that fields around it read as well. */
  readonly open: Nested;
  readonly unknown: UnknownKey;
}

/** The keys that a record reads, in the order of its fields. */
export function keyFields(
  record: RecordModel,
  nested: Nested,
  paths: Paths = { open: nested, unknown: () => true },
): readonly KeyField[] {
  const byKey = new Map<string, number[]>();
  for (const [index, { origin }] of record.fields.entries()) {
    if (origin.kind !== 'json') continue;
    const key = origin.path[0] ?? '';
    byKey.set(key, [...(byKey.get(key) ?? []), index]);
  }
  return [...byKey].map(([key, indexes]) => keyField(record, key, indexes, nested, paths));
}

function keyField(
  record: RecordModel,
  key: string,
  indexes: readonly number[],
  nested: Nested,
  { open, unknown }: Paths,
): KeyField {
  const fields = indexes.flatMap((index) => {
    const field = record.fields[index];
    return field?.origin.kind === 'json' ? [{ index, field, path: field.origin.path }] : [];
  });
  const [first] = fields;
  if (first === undefined) throw new Error(`no field of ${record.name} reads "${key}"`);
  const { field, index, path } = first;
  const direct = fields.length === 1 && path.length === 1;
  const name = `${record.name}.${field.name}`;
  const decode = direct ? singleDecoder(field.type.type) : undefined;
  /** Another field reads something further in. */
  const isPassed = (by: readonly string[]): boolean =>
    fields.some((other) => other.path.length > by.length && by.every((step, at) => other.path[at] === step));
  return {
    key,
    name,
    pointer: pointerTo(key),
    index,
    nullable: direct && field.type.nullable,
    fallback: direct ? fallbackOf(field) : undefined,
    decode,
    decodePlain: direct ? singleDecoder(field.type.type, true) : undefined,
    read: direct && decode === undefined ? compileValue(field.type.type, name, nested) : undefined,
    paths: direct
      ? undefined
      : fields.map((each) => ({
          index: each.index,
          take: pathReader(record, each.field, each.path, isPassed(each.path) ? open : nested),
        })),
    readPathKeys: direct
      ? undefined
      : pathKeyReader(
          fields.map((each) => each.path),
          unknown,
        ),
  };
}

function fallbackOf(field: FieldModel): Value | undefined {
  return field.origin.kind === 'json' ? field.origin.default : undefined;
}

function pathReader(
  record: RecordModel,
  field: FieldModel,
  path: readonly string[],
  nested: Nested,
): PathField['take'] {
  const name = `${record.name}.${field.name}`;
  const read = compileValue(field.type.type, name, nested);
  const rest = path.slice(1);
  const pointer = path.map(pointerTo).join('');
  const fallback = fallbackOf(field);
  const { nullable } = field.type;
  return (json, reading) => {
    const found = descend(json, rest);
    if (found === STOPPED) return refuseStop(json, path, name, reading);
    if (found === undefined && fallback !== undefined) return fallback;
    if (found === undefined || found === null) {
      if (nullable) return null;
      return refuse(reading, {
        code: found === null ? 'null_not_allowed' : 'missing',
        field: name,
        message: found === null ? 'expected a value, found null' : 'expected a value, found no such key',
        pointer,
      });
    }
    const value = read(found, reading);
    return value === undefined ? within(pointer, reading) : value;
  };
}

/** What a path leads to that runs into something else than an object. */
const STOPPED = Symbol('stopped');

/** Follows keys through objects. What has null or nothing on the way is not there. */
function descend(
  json: JsonValue | undefined,
  keys: readonly string[],
): JsonValue | undefined | typeof STOPPED {
  let at = json;
  for (const key of keys) {
    if (at === undefined || at === null) return undefined;
    if (!isObject(at)) return STOPPED;
    at = Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && !isRawNumber(json);
}

/** Refuses the value that stops a path. */
function refuseStop(
  json: JsonValue | undefined,
  path: readonly string[],
  name: string,
  reading: Reading,
): undefined {
  let at = json ?? null;
  let steps = 1;
  for (; isObject(at); steps += 1) at = at[path[steps] ?? ''] ?? null;
  return refuse(reading, {
    code: 'wrong_type',
    field: name,
    message: `expected an object, found ${kindOf(at)}`,
    pointer: path.slice(0, steps).map(pointerTo).join(''),
  });
}
