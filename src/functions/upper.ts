import { resolved, type FunctionDefinition } from './function.ts';
import { upperCase } from './support/letter-case.ts';
import { aText } from './support/pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

export const upper: FunctionDefinition = {
  name: 'upper',
  group: 'text',
  doc: `The text in upper case. Each character is converted on its own, without rules of a language. A character whose upper case has
several characters, such as \`ß\`, does not change, so the length stays the same.`,
  parameters: [{ name: 'text', takes: aText }],
  returns: 'text',
  resolve: ([text]) => resolved(textOf(lengthOf(text?.type)), upperCase),
  examples: [
    { call: 'upper("äb-12")', gives: 'ÄB-12' },
    { call: 'upper("straße")', gives: 'STRAßE' },
  ],
};
