import { resolved, type FunctionDefinition } from './function.ts';
import { lowerCase } from './support/letter-case.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

export const lower: FunctionDefinition = {
  name: 'lower',
  group: 'text',
  doc: `The text in lower case. Each character is converted on its own, without rules of a language: \`I\` becomes \`i\`, also in Turkish
text. A character whose lower case has several characters does not change, so the length stays the same.`,
  parameters: [{ name: 'text', takes: aText }],
  returns: 'text',
  resolve: ([text]) => resolved(textOf(lengthOf(text?.type)), lowerCase),
  examples: [
    { call: 'lower("ÄB-12")', gives: 'äb-12' },
    { call: 'lower("ΣΑΣ")', gives: 'σασ' },
    { call: 'lower("İ")', gives: 'İ' },
  ],
};
