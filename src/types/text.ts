import type { ColumnType, Decoder } from './column-type.ts';
import { counted, wrongType } from './found.ts';
import { isStorable, STORABLE, storableFault } from './storable.ts';
import { compareTexts } from './text-order.ts';
import { refuse } from './value.ts';

/** The greatest length of a `varchar(n)`. */
const MAX_LENGTH = 10_485_760;

function decoder(limit: number, storable: boolean): Decoder {
  const expected = limit === Infinity ? 'a string' : `a string of at most ${counted(limit, 'character')}`;
  return (json) => {
    if (typeof json !== 'string') return wrongType(expected, json);
    if (!storable && !isStorable(json)) return refuse('invalid_format', STORABLE, storableFault(json));
    // A text never has more characters than UTF-16 units, so most are counted by their length alone.
    if (json.length > limit && characters(json) > limit) {
      return refuse('too_long', expected, counted(characters(json), 'character'));
    }
    return json;
  };
}

/** Code points, which is what Postgres counts. */
function characters(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code < 0xdc00) count--;
  }
  return count;
}

export const text: ColumnType = {
  name: 'text',
  doc: 'A string. `text(n)` has at most n characters. A longer string is rejected, never cut.',
  parameters: [{ name: 'length', min: 1, max: MAX_LENGTH }],
  parametersRequired: false,
  literal: 'string',
  decoder: ([length]) => decoder(length ?? Infinity, false),
  plainDecoder: ([length]) => decoder(length ?? Infinity, true),
  toText: (value) => value as string,
  bare: false,
  toJson: (value) => value,
  compare: compareTexts,
  key: true,
  typescript: 'string',
  jsonSchema: ([length]) => ({ type: 'string', ...(length === undefined ? {} : { maxLength: length }) }),
  examples: {
    accepted: [
      { json: '"furiously"', text: 'furiously' },
      { json: '""', text: '' },
      { json: '"  blanks stay  "', text: '  blanks stay  ' },
      { json: '"a\\nb"', text: 'a\nb' },
      { json: '"héé"', text: 'héé', parameters: [3] },
      { json: '"\\ud83d\\ude80!"', text: '🚀!', parameters: [2] },
    ],
    rejected: [
      { json: '7', code: 'wrong_type' },
      { json: 'true', code: 'wrong_type' },
      { json: '["a"]', code: 'wrong_type' },
      { json: '"a\\u0000b"', code: 'invalid_format' },
      { json: '"\\ud83d"', code: 'invalid_format' },
      { json: '"\\ude80\\ud83d"', code: 'invalid_format' },
      { json: '"abcd"', code: 'too_long', parameters: [3] },
      { json: '"\\ud83d\\ude80!?"', code: 'too_long', parameters: [2] },
    ],
  },
};
