import { resolved, type FunctionDefinition } from './function.ts';
import { aBoolList } from './support/pattern.ts';
import { BOOL } from './support/value-type.ts';

export const any: FunctionDefinition = {
  name: 'any',
  group: 'lists',
  doc: 'True if at least one element of a list is true. False for an empty list and for a list that is null.',
  parameters: [{ name: 'list', takes: aBoolList }],
  returns: 'bool',
  nulls: 'seen',
  resolve: () => resolved(BOOL, (list: readonly boolean[] | null) => list?.includes(true) ?? false),
  examples: [
    { call: 'any(flags)', fields: 'flags: bool[]', message: '{"flags": [false, true]}', gives: true },
    { call: 'any(flags)', fields: 'flags: bool[]', message: '{"flags": []}', gives: false },
    { call: 'any(flags)', fields: 'flags: bool[]?', message: '{}', gives: false },
  ],
};
