import type { ColumnType, Decoder } from './column-type.ts';
import { wrongType } from './found.ts';
import { refuse } from './value.ts';

const EXPECTED = 'base64 with padding';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const EQUALS = 61;

/** The six bits that a character stands for, by character code; 255 for every other character. */
const SIX_BITS = new Uint8Array(128).fill(255);
for (let bits = 0; bits < 64; bits++) SIX_BITS[ALPHABET.charCodeAt(bits)] = bits;

/** Two characters of base64 are three hexadecimal digits: index is the twelve bits. */
const THREE_HEX = Array.from({ length: 4096 }, (_, bits) => bits.toString(16).padStart(3, '0'));

function sixBits(text: string, at: number): number {
  return SIX_BITS[text.charCodeAt(at)] ?? 255;
}

function paddingOf(text: string): number {
  if (text.charCodeAt(text.length - 1) !== EQUALS) return 0;
  return text.charCodeAt(text.length - 2) === EQUALS ? 2 : 1;
}

const decode: Decoder = (json) => {
  if (typeof json !== 'string') return wrongType(EXPECTED, json);
  if (json.length % 4 !== 0) {
    return refuse('invalid_format', EXPECTED, 'a string whose length is not a multiple of 4');
  }
  const padding = paddingOf(json);
  const end = json.length - padding;
  for (let at = 0; at < end; at++) {
    if (sixBits(json, at) > 63) {
      return refuse('invalid_format', EXPECTED, 'a string with characters outside base64');
    }
  }
  // Bits that padding cuts off must be 0: otherwise several texts would stand for the same bytes.
  const spare = padding === 0 ? 0 : sixBits(json, end - 1) & (padding === 1 ? 3 : 15);
  return spare === 0 ? json : refuse('invalid_format', EXPECTED, 'base64 with stray bits before its padding');
};

/** `\x` and hexadecimal digits, as Postgres reads and prints a `bytea`. */
function hex(base64: string): string {
  const padding = paddingOf(base64);
  const whole = padding === 0 ? base64.length : base64.length - 4;
  let digits = '\\x';
  for (let at = 0; at < whole; at += 2) digits += twelveBits(base64, at);
  if (padding === 2) return digits + twelveBits(base64, whole).slice(0, 2);
  if (padding === 1) {
    return digits + twelveBits(base64, whole) + (sixBits(base64, whole + 2) >> 2).toString(16);
  }
  return digits;
}

function twelveBits(text: string, at: number): string {
  return THREE_HEX[(sixBits(text, at) << 6) | sixBits(text, at + 1)] ?? '';
}

export const bytes: ColumnType = {
  name: 'bytes',
  doc: 'Bytes, in JSON as base64 (the alphabet with `+` and `/`, padded with `=`).',
  parameters: [],
  parametersRequired: false,
  literal: 'string',
  decoder: () => decode,
  toText: (value) => hex(value as string),
  bare: false,
  toJson: (value) => value,
  key: true,
  typescript: 'string',
  jsonSchema: () => ({
    type: 'string',
    contentEncoding: 'base64',
    // The last digit before `=` has no bits to spare.
    pattern: '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$',
  }),
  examples: {
    accepted: [
      { json: '"aGk="', text: '\\x6869' },
      { json: '"AA=="', text: '\\x00' },
      { json: '"AP+/"', text: '\\x00ffbf' },
      { json: '""', text: '\\x' },
      { json: '"3q2+7w=="', text: '\\xdeadbeef' },
    ],
    rejected: [
      { json: '"aGk"', code: 'invalid_format' },
      { json: '"aGl="', code: 'invalid_format' },
      { json: '"AB=="', code: 'invalid_format' },
      { json: '"a==="', code: 'invalid_format' },
      { json: '"===="', code: 'invalid_format' },
      { json: '"aG=k"', code: 'invalid_format' },
      { json: '"aGk=\\n"', code: 'invalid_format' },
      { json: '"aG k"', code: 'invalid_format' },
      { json: '"_-__"', code: 'invalid_format' },
      { json: '"\\\\xff"', code: 'invalid_format' },
      { json: '[1]', code: 'wrong_type' },
    ],
  },
};
