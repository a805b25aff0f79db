import { resolved, type FunctionDefinition } from './function.ts';
import { upperCase } from './support/letter-case.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

export const upper: FunctionDefinition = {
  name: 'upper',
  group: 'text',
  doc: `The text in upper case. Each character is mapped by itself and in no language's own way. A character whose upper
case is several characters, as \`ß\`, stays, so the length is kept.`,
  parameters: [{ name: 'text', takes: aText }],
  returns: 'text',
  resolve: ([text]) => resolved(textOf(lengthOf(text?.type)), upperCase),
  examples: [
    { call: 'upper("äb-12")', gives: 'ÄB-12' },
    { call: 'upper("straße")', gives: 'STRAßE' },
  ],
};
