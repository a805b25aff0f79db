import { Buffer } from 'node:buffer';
import type { Value } from '../../../types/value.ts';
import { daysSince2000, putMicroseconds } from './moment.ts';
import { putNumeric } from './numeric.ts';
import { type Output, reserve } from './output.ts';
import { putText } from './text.ts';

/**
 * How Postgres takes the elements of an array in its binary format: a length, then what the type's own `recv` function
 * reads (src/backend/utils/adt, `array_recv`, `int4recv`, `numeric_recv` and so on).
 */
export interface ElementFormat {
  /** Of the type in `pg_type`; those of built-in types never change. */
  readonly oid: number;
  /** Puts a value, never null, with its length before it. */
  readonly put: (output: Output, value: Value) => void;
}

/** The formats of what travels in arrays, by the name of the type without its modifier. */
export const elementFormats = {
  text: { oid: 25, put: (output, value) => putText(output, value as string) },
  integer: { oid: 23, put: (output, value) => putInt32(output, value as number) },
  bigint: { oid: 20, put: (output, value) => putInt64(output, value as bigint) },
  numeric: { oid: 1700, put: (output, value) => putNumeric(output, value as string) },
  'double precision': {
    oid: 701,
    put(output, value) {
      sized(output, 8);
      output.view.setFloat64(output.at, value as number);
      output.at += 8;
    },
  },
  boolean: {
    oid: 16,
    put(output, value) {
      sized(output, 1);
      output.bytes[output.at] = value === true ? 1 : 0;
      output.at += 1;
    },
  },
  date: { oid: 1082, put: (output, value) => putInt32(output, daysSince2000(value as string)) },
  time: {
    oid: 1083,
    put(output, value) {
      sized(output, 8);
      putMicroseconds(output, 0, value as string, 0);
    },
  },
  timestamptz: {
    oid: 1184,
    put(output, value) {
      sized(output, 8);
      putMicroseconds(output, daysSince2000(value as string), value as string, 11);
    },
  },
  uuid: { oid: 2950, put: (output, value) => putUuid(output, value as string) },
  bytea: {
    oid: 17,
    put(output, value) {
      const bytes = Buffer.from(value as string, 'base64');
      sized(output, bytes.length);
      bytes.copy(output.bytes, output.at);
      output.at += bytes.length;
    },
  },
} as const satisfies Readonly<Record<string, ElementFormat>>;

/** Puts the length of an element, and makes room for it. */
function sized(output: Output, size: number): void {
  reserve(output, size + 4);
  output.view.setInt32(output.at, size);
  output.at += 4;
}

function putInt32(output: Output, value: number): void {
  sized(output, 4);
  output.view.setInt32(output.at, value);
  output.at += 4;
}

function putInt64(output: Output, value: bigint): void {
  sized(output, 8);
  output.view.setBigInt64(output.at, value);
  output.at += 8;
}

/** Hex digits in groups, with hyphens between them. */
function putUuid(output: Output, text: string): void {
  sized(output, 16);
  let at = output.at;
  let high = -1;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 45) continue;
    const digit = code <= 57 ? code - 48 : (code | 32) - 87;
    if (high < 0) {
      high = digit;
    } else {
      output.bytes[at] = high * 16 + digit;
      at += 1;
      high = -1;
    }
  }
  if (at - output.at !== 16 || high >= 0) throw new Error('a uuid has 32 hex digits');
  output.at = at;
}
