import type { ColumnType, Decoder } from './column-type.ts';
import { wrongType } from './found.ts';
import { refuse } from './value.ts';

const EXPECTED = 'a UUID of the form 123e4567-e89b-12d3-a456-426614174000';

const decode: Decoder = (json) => {
  if (typeof json !== 'string') return wrongType(EXPECTED, json);
  const upper = json.length === 36 ? scan(json) : undefined;
  if (upper === undefined) return refuse('invalid_format', EXPECTED, 'a string of another form');
  return upper ? json.toLowerCase() : json;
};

/** Whether a UUID has capital letters; undefined where it is none. */
function scan(text: string): boolean | undefined {
  let upper = false;
  for (let at = 0; at < 36; at++) {
    const code = text.charCodeAt(at);
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (code !== 45) return undefined;
    } else if (code >= 65 && code <= 70) upper = true;
    else if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return undefined;
  }
  return upper;
}

export const uuid: ColumnType = {
  name: 'uuid',
  doc: 'A UUID in its form of 36 characters, in either case; kept in lower case.',
  parameters: [],
  parametersRequired: false,
  postgres: () => 'uuid',
  postgresBase: 'uuid',
  decoder: () => decode,
  toText: (value) => value as string,
  bare: true,
  toJson: (value) => value,
  compare: (left, right) => ((left as string) < (right as string) ? -1 : left === right ? 0 : 1),
  key: true,
  typescript: 'string',
  jsonSchema: () => ({ type: 'string', format: 'uuid' }),
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
      { json: '"urn:uuid:123e4567-e89b-12d3-a456-426614174000"', code: 'invalid_format' },
      { json: '""', code: 'invalid_format' },
      { json: '1', code: 'wrong_type' },
    ],
  },
};
