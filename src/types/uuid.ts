import type { ColumnType, Decoder } from './column-type.ts';
import { wrongType } from './found.ts';
import { compareTexts } from './text-order.ts';
import { refuse } from './value.ts';

const EXPECTED = 'a UUID of the form 123e4567-e89b-12d3-a456-426614174000';

const LOWER = 0;
const CAPITAL = 1;
const OTHER = 2;

/** What a character is to a hexadecimal digit, by code; the bits add up over a text. */
const KIND = new Uint8Array(128).fill(OTHER);
for (const digit of '0123456789abcdef') KIND[digit.charCodeAt(0)] = LOWER;
for (const digit of 'ABCDEF') KIND[digit.charCodeAt(0)] = CAPITAL;

const decode: Decoder = (json) => {
  if (typeof json !== 'string') return wrongType(EXPECTED, json);
  const kinds = json.length === 36 && hasDashes(json) ? kindsOf(json) : OTHER;
  if (kinds === LOWER) return json;
  return kinds === CAPITAL
    ? json.toLowerCase()
    : refuse('invalid_format', EXPECTED, 'a string of another form');
};

function hasDashes(text: string): boolean {
  return (
    text.charCodeAt(8) === 45 &&
    text.charCodeAt(13) === 45 &&
    text.charCodeAt(18) === 45 &&
    text.charCodeAt(23) === 45
  );
}

function kindsOf(text: string): number {
  return (
    digits(text, 0, 8) |
    digits(text, 9, 13) |
    digits(text, 14, 18) |
    digits(text, 19, 23) |
    digits(text, 24, 36)
  );
}

function digits(text: string, start: number, end: number): number {
  let kinds = LOWER;
  for (let at = start; at < end; at++) kinds |= KIND[text.charCodeAt(at)] ?? OTHER;
  return kinds;
}

export const uuid: ColumnType = {
  name: 'uuid',
  doc: 'A UUID of 36 characters, in upper or lower case. It is stored in lower case.',
  parameters: [],
  parametersRequired: false,
  literal: 'string',
  decoder: () => decode,
  toText: (value) => value as string,
  bare: true,
  toJson: (value) => value,
  compare: compareTexts,
  key: true,
  typescript: 'string',
  jsonSchema: () => ({
    type: 'string',
    format: 'uuid',
    pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
  }),
  examples: {
    accepted: [
      {
        json: '"123e4567-e89b-12d3-a456-426614174000"',
        text: '123e4567-e89b-12d3-a456-426614174000',
      },
      {
        json: '"123E4567-E89B-12D3-A456-426614174000"',
        text: '123e4567-e89b-12d3-a456-426614174000',
      },
    ],
    rejected: [
      { json: '"123e4567e89b12d3a456426614174000"', code: 'invalid_format' },
      { json: '"{123e4567-e89b-12d3-a456-426614174000}"', code: 'invalid_format' },
      { json: '"123e4567-e89b-12d3-a456-42661417400g"', code: 'invalid_format' },
      { json: '"123e4567-e89b-12d3-a4564-26614174000"', code: 'invalid_format' },
      { json: '"123e4567-e89b-12d3-a456-42661417400\\u0130"', code: 'invalid_format' },
      { json: '"urn:uuid:123e4567-e89b-12d3-a456-426614174000"', code: 'invalid_format' },
      { json: '""', code: 'invalid_format' },
      { json: '1', code: 'wrong_type' },
    ],
  },
};
