import type { Value } from '../types/value.ts';
import { resolvedNullable, type FunctionDefinition } from './function.ts';
import { aList } from './support/pattern.ts';
import { TEXT } from './support/value-type.ts';

export const first: FunctionDefinition = {
  name: 'first',
  group: 'lists',
  doc: 'The first element of a list. Null if the list is empty or null.',
  parameters: [{ name: 'list', takes: aList }],
  returns: 'the type of the elements, nullable',
  nulls: 'seen',
  resolve: ([list]) =>
    resolvedNullable(
      list?.type.kind === 'list' ? list.type.element : TEXT,
      (values: readonly Value[] | null) => values?.[0] ?? null,
    ),
  examples: [
    { call: 'first(tags)', fields: 'tags: text[]', message: '{"tags": ["a", "b"]}', gives: 'a' },
    { call: 'first(tags)', fields: 'tags: text[]', message: '{"tags": []}', gives: null },
    { call: 'first(split("Ann Lee", " ")) ?? "nobody"', gives: 'Ann' },
  ],
};
