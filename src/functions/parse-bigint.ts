import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { BIGINT } from './support/value-type.ts';
import { readWritten } from './support/written-integer.ts';

export const parseBigint: FunctionDefinition = {
  name: 'parse_bigint',
  group: 'conversions',
  doc: 'Like `parse_int`, for whole numbers of up to 64 bits.',
  parameters: [{ name: 'text', takes: aText }],
  returns: 'bigint',
  fails: 'the text is not a whole number of 64 bits',
  resolve: () => resolved(BIGINT, (text: string) => readWritten(text, 64, (value) => value)),
  examples: [
    { call: 'parse_bigint("9007199254740993")', gives: '9007199254740993' },
    { call: 'parse_bigint("-9223372036854775808")', gives: '-9223372036854775808' },
    { call: 'parse_bigint("9223372036854775808")', gives: { rejected: 'the number is out of range' } },
    { call: 'parse_bigint("1e3")', gives: { rejected: 'the text is not a whole number' } },
  ],
};
