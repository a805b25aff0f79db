import { resolved, type FunctionDefinition } from './function.ts';
import { FAILS_LONG, unlessTooLong } from './support/long-text.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

/** `join` reads null as the empty text. */
const together = (...texts: readonly (string | null)[]) => {
  let length = 0;
  for (const text of texts) length += text?.length ?? 0;
  return unlessTooLong(length, () => texts.join(''));
};

export const concat: FunctionDefinition = {
  name: 'concat',
  group: 'text',
  doc: `Joins texts. A null adds nothing, as in Postgres, so the result is never null. Convert numbers and dates with
\`to_text\` first.`,
  parameters: [{ name: 'text', takes: aText, repeated: true }],
  returns: 'text',
  fails: FAILS_LONG,
  nulls: 'seen',
  resolve: (texts) => {
    const length = texts.reduce((sum, text) => sum + (lengthOf(text.type) ?? Infinity), 0);
    return resolved(textOf(length), together);
  },
  examples: [
    { call: 'concat("a", "-", "b")', gives: 'a-b' },
    {
      call: 'concat(first_name, " ", last_name)',
      fields: 'first_name: text  last_name: text?',
      message: '{"first_name": "Ann"}',
      gives: 'Ann ',
    },
    {
      call: 'concat("#", to_text(number))',
      fields: 'number: bigint',
      message: '{"number": 7}',
      gives: '#7',
    },
  ],
};
