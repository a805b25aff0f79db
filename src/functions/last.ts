import type { Value } from '../types/value.ts';
import { resolvedNullable, type FunctionDefinition } from './function.ts';
import { aList } from './support/pattern.ts';
import { TEXT } from './support/value-type.ts';

export const last: FunctionDefinition = {
  name: 'last',
  group: 'lists',
  doc: 'The last element of a list. Null if the list is empty or null.',
  parameters: [{ name: 'list', takes: aList }],
  returns: 'the type of the elements, nullable',
  nulls: 'seen',
  resolve: ([list]) =>
    resolvedNullable(
      list?.type.kind === 'list' ? list.type.element : TEXT,
      (values: readonly Value[] | null) => values?.at(-1) ?? null,
    ),
  examples: [
    { call: 'last(tags)', fields: 'tags: text[]', message: '{"tags": ["a", "b"]}', gives: 'b' },
    { call: 'last(tags)', fields: 'tags: text[]?', message: '{"tags": null}', gives: null },
  ],
};
