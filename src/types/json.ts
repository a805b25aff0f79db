import type { ColumnType, Decoder } from './column-type.ts';
import { readJson } from './json-reader.ts';
import { fractionDigits, integerDigits, readNumeral } from './numeral.ts';
import { isRawNumber } from './raw-number.ts';
import { type JsonValue, refuse } from './value.ts';

/** What `numeric`, and with it `jsonb`, can hold: digits before and behind the point. */
const MAX_INTEGER_DIGITS = 131_072;
const MAX_FRACTION_DIGITS = 16_383;

/** An escape of U+0000 or of a surrogate; `JSON.stringify` escapes only surrogates that are lone. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Every text in which a number may be beyond the limits, and a few others. */
const PERHAPS_HUGE = /[0-9][eE][+-]?[0-9]{4}|[0-9.]{16000}/;

const decode: Decoder = (json) => {
  const text = JSON.stringify(json);
  if (text.includes('\\u') && UNSTORABLE.test(text)) {
    return refuse(
      'invalid_format',
      'JSON without U+0000 and lone surrogates in its strings and keys',
      'JSON with one of these',
    );
  }
  if (PERHAPS_HUGE.test(text) && hasHugeNumber(json)) {
    return refuse(
      'out_of_range',
      `numbers of at most ${MAX_INTEGER_DIGITS} integer and ${MAX_FRACTION_DIGITS} fraction digits`,
      'a number with more digits',
    );
  }
  return text;
};

function hasHugeNumber(json: JsonValue): boolean {
  if (typeof json !== 'object' || json === null) return false;
  if (isRawNumber(json)) {
    const numeral = readNumeral(json.rawJSON);
    return (
      numeral !== undefined &&
      (integerDigits(numeral) > MAX_INTEGER_DIGITS || fractionDigits(numeral) > MAX_FRACTION_DIGITS)
    );
  }
  return Object.values(json).some(hasHugeNumber);
}

/** The value behind the text, with digits kept: `JSON.stringify` prints it as it was. */
function toJson(text: string): JsonValue {
  const read = readJson(text);
  if (read.kind === 'invalid') throw new Error('a json value that is no JSON');
  return read.value;
}

export const json: ColumnType = {
  name: 'json',
  doc: 'Any JSON value. It can be nested at most 64 levels deep, counted from the top of the message. Numbers keep their digits.',
  parameters: [],
  parametersRequired: false,
  decoder: () => decode,
  toText: (value) => value as string,
  bare: false,
  toJson: (value) => toJson(value as string),
  key: false,
  typescript: 'unknown',
  jsonSchema: () => ({}),
  examples: {
    accepted: [
      { json: '{}', text: '{}' },
      { json: '"a \\"b\\" \\\\u0000"', text: '"a \\"b\\" \\\\u0000"' },
      { json: 'true', text: 'true' },
      { json: '7', text: '7' },
      { json: '12345678901234567890.123456789', text: '12345678901234567890.123456789' },
      { json: '[]', text: '[]' },
      { json: '"\\ud83d\\ude80"', text: '"🚀"' },
    ],
    rejected: [
      { json: '"\\u0000"', code: 'invalid_format' },
      { json: '{"a\\u0000": 1}', code: 'invalid_format' },
      { json: '[["\\ud83d"]]', code: 'invalid_format' },
      { json: '{"\\ude80": 1}', code: 'invalid_format' },
      { json: '[1e200000]', code: 'out_of_range' },
      { json: '1e-20000', code: 'out_of_range' },
    ],
  },
};
