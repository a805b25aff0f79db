import { resolvedNullable, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

export const nonempty: FunctionDefinition = {
  name: 'nonempty',
  group: 'text',
  doc: `The text, or null where it is empty: for senders that write \`""\` where they mean nothing. White space is a text;
\`nonempty(trim(x))\` takes it for nothing too.`,
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
