import { readJson } from '../types/json-reader.ts';
import type { Value } from '../types/value.ts';
import { resolved, type FunctionDefinition } from './function.ts';
import { aScalar } from './support/pattern.ts';
import { digitsOf, lengthOf, scalarName, textOf, type ValueType } from './support/value-type.ts';

/** The most characters that a value of the type is written with. */
function longest(type: ValueType | undefined): number | undefined {
  switch (scalarName(type)) {
    case 'text':
      return lengthOf(type);
    case 'int':
    case 'bigint':
      return digitsOf(type).whole + 1;
    case 'decimal': {
      const { whole, scale } = digitsOf(type);
      return 1 + Math.max(whole, 1) + (scale === 0 ? 0 : 1 + scale);
    }
    case 'float':
      return '-0.0000012345678901234567'.length;
    case 'bool':
      return 'false'.length;
    case 'date':
      return '2024-01-31'.length;
    case 'time':
      return '10:30:00.123456'.length;
    case 'timestamp':
      return '2024-01-31T10:30:00.123456Z'.length;
    case 'uuid':
      return 36;
    default:
      return undefined;
  }
}

/** A string without its quotes, as `->>` gives it; everything else as it is written. */
function jsonText(json: string): string {
  if (!json.startsWith('"')) return json;
  const read = readJson(json);
  if (read.kind !== 'value' || typeof read.value !== 'string')
    throw new Error('a json value that is no JSON');
  return read.value;
}

export const toText: FunctionDefinition = {
  name: 'to_text',
  group: 'conversions',
  doc: `A value as text, in the form of JSON: numbers with all their digits, dates and timestamps in ISO 8601 with \`Z\`, bytes in base64,
an enum as its value. A \`json\` string gives the string without quotes; any other \`json\` gives its JSON text.`,
  parameters: [{ name: 'value', takes: aScalar }],
  returns: 'text',
  resolve: ([value]) =>
    resolved(
      textOf(longest(value?.type)),
      scalarName(value?.type) === 'json' ? jsonText : (any: Value) => String(any),
    ),
  examples: [
    { call: 'to_text(7)', gives: '7' },
    { call: 'to_text(price)', fields: 'price: decimal(5, 2)', message: '{"price": 1.5}', gives: '1.50' },
    { call: 'to_text(true)', gives: 'true' },
    {
      call: 'to_text(at)',
      fields: 'at: timestamp',
      message: '{"at": "2024-01-31T10:30:00+02:00"}',
      gives: '2024-01-31T08:30:00Z',
    },
    { call: 'to_text(any)', fields: 'any: json', message: '{"any": "a \\"b\\""}', gives: 'a "b"' },
    { call: 'to_text(any)', fields: 'any: json', message: '{"any": [1, 2]}', gives: '[1,2]' },
  ],
};
