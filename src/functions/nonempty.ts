import { resolvedNullable, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

export const nonempty: FunctionDefinition = {
  name: 'nonempty',
  group: 'text',
  doc: `The text, or null if it is empty. Use it for senders that write \`""\` for a missing value. White space is not empty;
\`nonempty(trim(x))\` gives null for it too.`,
  parameters: [{ name: 'text', takes: aText }],
  returns: 'text?',
  resolve: ([text]) =>
    resolvedNullable(textOf(lengthOf(text?.type)), (value: string) => (value === '' ? null : value)),
  examples: [
    { call: 'nonempty("a")', gives: 'a' },
    { call: 'nonempty("")', gives: null },
    { call: 'nonempty(" ")', gives: ' ' },
    { call: 'nonempty(trim(" ")) ?? "none"', gives: 'none' },
  ],
};
