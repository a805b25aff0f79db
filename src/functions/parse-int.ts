import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { INT } from './support/value-type.ts';
import { readWritten } from './support/written-integer.ts';

export const parseInt: FunctionDefinition = {
  name: 'parse_int',
  group: 'conversions',
  doc: `Reads a whole number from a text: digits, with or without a sign. Leading zeros are allowed, spaces are not (use \`trim\`).
\`parse_bigint\` reads longer numbers.`,
  parameters: [{ name: 'text', takes: aText }],
  returns: 'int',
  fails: 'the text is not a whole number, or not from -2147483648 to 2147483647',
  resolve: () => resolved(INT, (text: string) => readWritten(text, 32, Number)),
  examples: [
    { call: 'parse_int("42")', gives: 42 },
    { call: 'parse_int("-007")', gives: -7 },
    { call: 'parse_int("+1")', gives: 1 },
    { call: 'parse_int("1.0")', gives: { rejected: 'the text is not a whole number' } },
    { call: 'parse_int("")', gives: { rejected: 'the text is not a whole number' } },
    { call: 'parse_int("2147483648")', gives: { rejected: 'the number is out of range' } },
  ],
};
