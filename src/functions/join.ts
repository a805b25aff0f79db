import { resolved, type FunctionDefinition } from './function.ts';
import { FAILS_LONG, unlessTooLong } from './support/long-text.ts';
import { aText, aTextList } from './support/pattern.ts';
import { TEXT } from './support/value-type.ts';

export const join: FunctionDefinition = {
  name: 'join',
  group: 'text',
  doc: 'Joins the elements of a list of texts, with a separator between them.',
  parameters: [
    { name: 'list', takes: aTextList },
    { name: 'separator', takes: aText },
  ],
  returns: 'text',
  fails: FAILS_LONG,
  resolve: () =>
    resolved(TEXT, (list: readonly string[], separator: string) => {
      const length = list.reduce((sum, text) => sum + text.length, list.length * separator.length);
      return unlessTooLong(length, () => list.join(separator));
    }),
  examples: [
    { call: 'join(tags, ", ")', fields: 'tags: text[]', message: '{"tags": ["a", "b"]}', gives: 'a, b' },
    { call: 'join(tags, ", ")', fields: 'tags: text[]', message: '{"tags": []}', gives: '' },
    { call: 'join(tags, ", ")', fields: 'tags: text[]?', message: '{}', gives: null },
    { call: 'join(split("2024/01/31", "/"), "-")', gives: '2024-01-31' },
  ],
};
