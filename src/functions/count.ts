import { resolved, type FunctionDefinition } from './function.ts';
import { aList } from './support/pattern.ts';
import { INT } from './support/value-type.ts';

export const count: FunctionDefinition = {
  name: 'count',
  group: 'lists',
  doc: `The number of elements of a list. In a test, the number of rows of a table. A list that is null has none, as for \`each\`.
\`count(o.line_items.discount)\` counts the elements whose discount is not null.`,
  parameters: [{ name: 'list', takes: aList }],
  returns: 'int',
  nulls: 'seen',
  resolve: () => resolved(INT, (list: readonly unknown[] | null) => list?.length ?? 0),
  examples: [
    { call: 'count(tags)', fields: 'tags: text[]', message: '{"tags": ["a", "b"]}', gives: 2 },
    { call: 'count(tags)', fields: 'tags: text[]?', message: '{}', gives: 0 },
    { call: 'count(split("a,b,c", ","))', gives: 3 },
  ],
};
