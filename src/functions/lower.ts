import { resolved, type FunctionDefinition } from './function.ts';
import { lowerCase } from './support/letter-case.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

export const lower: FunctionDefinition = {
  name: 'lower',
  group: 'text',
  doc: `The text in lower case. Each character is mapped by itself and in no language's own way: \`I\` becomes \`i\` also
where the message is Turkish. A character whose lower case is several characters stays, so the length is kept.`,
  parameters: [{ name: 'text', takes: aText }],
  returns: 'text',
  resolve: ([text]) => resolved(textOf(lengthOf(text?.type)), lowerCase),
  examples: [
    { call: 'lower("ÄB-12")', gives: 'äb-12' },
    { call: 'lower("ΣΑΣ")', gives: 'σασ' },
    { call: 'lower("İ")', gives: 'İ' },
  ],
};
