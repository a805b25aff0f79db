import type { RecordModel } from '../../model/program.ts';
import type { Type } from '../../model/type.ts';
import type { BytesDecoder, Decoder, DigitsDecoder, JsonLiteral } from '../../types/column-type.ts';
import { kindOf, wrongType } from '../../types/found.ts';
import {
  isRefusal,
  refuse as refuseAs,
  type JsonValue,
  type Refusal,
  type Value,
} from '../../types/value.ts';
import { pointerTo } from '../../types/json-pointer.ts';
import { refuse, refuseAll, take, within, type Reading, type Refused } from './refused.ts';

/** Decodes a JSON value, never null, into a value of a type; on refusal sets `reading.refused`, gives `undefined`. */
export type Read = (json: JsonValue, reading: Reading) => Value | undefined;

/** The decoder of a nested record. */
export type Nested = (record: RecordModel) => Read;

/** The decoder of a type whose values are single, scalars and enums; `plain` for a body without escapes. */
export function singleDecoder(type: Type, plain = false): Decoder | undefined {
  if (type.kind === 'scalar') {
    const { decoder, plainDecoder } = type.column;
    return plain && plainDecoder !== undefined ? plainDecoder(type.parameters) : decoder(type.parameters);
  }
  return type.kind === 'enum'
    ? enumDecoder(new Set(type.of.members.map((member) => member.value)))
    : undefined;
}

/** The decoder of a type's values that are written as plain digits; undefined where digits are decoded as any others. */
export function digitsDecoder(type: Type): DigitsDecoder | undefined {
  return type.kind === 'scalar' ? type.column.digitsDecoder?.(type.parameters) : undefined;
}

/** The decoder of a type's values that are strings without escapes; undefined where these are decoded as any others. */
export function bytesDecoder(type: Type): BytesDecoder | undefined {
  return type.kind === 'scalar' ? type.column.bytesDecoder : undefined;
}

/** What senders mostly write for a type whose values are single and have a fixed form. */
export function literalOf(type: Type): JsonLiteral | undefined {
  if (type.kind === 'scalar') return type.column.literal;
  return type.kind === 'enum' ? 'string' : undefined;
}

export function compileValue(type: Type, name: string, nested: Nested): Read {
  const decode = singleDecoder(type);
  if (decode !== undefined)
    return (json, reading) => {
      const value = decode(json);
      if (typeof value !== 'object' || !isRefusal(value)) return value;
      return refusedValue({ name, pointer: '' }, value, reading);
    };
  switch (type.kind) {
    case 'record':
      // The reader knows the record's own name; a refusal inside keeps the innermost field.
      return nested(type.of as RecordModel);
    case 'list':
      return listReader(compileValue(type.element, name, nested), name);
    default:
      throw new Error(`the field ${name} of an accepted program has no type`);
  }
}

/** Says why a decoder refused. */
export function refusedValue(
  field: { readonly name: string; readonly pointer: string } | undefined,
  { code, expected, found }: Refusal,
  reading: Reading,
): undefined {
  return refuse(reading, {
    code,
    field: field?.name ?? '',
    message: `expected ${expected}, found ${found}`,
    pointer: field?.pointer ?? '',
  });
}

function enumDecoder(values: ReadonlySet<string>): Decoder {
  const expected = `one of ${[...values].map((value) => `"${value}"`).join(', ')}`;
  return (json) => {
    if (typeof json !== 'string') return wrongType(expected, json);
    return values.has(json) ? json : refuseAs('not_in_enum', expected, 'another string');
  };
}

function listReader(read: Read, name: string): Read {
  /** All elements, whatever is wrong with those before. */
  const readAll = (elements: readonly JsonValue[], reading: Reading): Value[] | undefined => {
    const faults: Refused[] = [];
    const values: Value[] = [];
    for (const [at, element] of elements.entries()) {
      const value = element === null ? refuseElement(name, reading) : read(element, reading);
      if (value !== undefined) values.push(value);
      else {
        within(pointerTo(at), reading);
        if (!take(reading, faults)) break;
      }
    }
    return faults.length === 0 ? values : refuseAll(reading, faults);
  };
  const readFirst: Read = (json, reading) => {
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
      const value = element === null ? refuseElement(name, reading) : read(element, reading);
      if (value === undefined) return within(pointerTo(at), reading);
      values.push(value);
    }
    return values;
  };
  return (json, reading) =>
    reading.collects && Array.isArray(json)
      ? readAll(json as readonly JsonValue[], reading)
      : readFirst(json, reading);
}

function refuseElement(name: string, reading: Reading): undefined {
  return refuse(reading, {
    code: 'null_not_allowed',
    field: name,
    message: 'expected a value, found null',
    pointer: '',
  });
}
