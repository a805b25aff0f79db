import { resolved, type FunctionDefinition } from './function.ts';
import { aBoolList } from './support/pattern.ts';
import { BOOL } from './support/value-type.ts';

export const all: FunctionDefinition = {
  name: 'all',
  group: 'lists',
  doc: 'True if no element of a list is false. True for an empty list and for a list that is null.',
  parameters: [{ name: 'list', takes: aBoolList }],
  returns: 'bool',
  nulls: 'seen',
  resolve: () => resolved(BOOL, (list: readonly boolean[] | null) => !(list?.includes(false) ?? false)),
  examples: [
    { call: 'all(flags)', fields: 'flags: bool[]', message: '{"flags": [true, true]}', gives: true },
    { call: 'all(flags)', fields: 'flags: bool[]', message: '{"flags": [true, false]}', gives: false },
    { call: 'all(flags)', fields: 'flags: bool[]', message: '{"flags": []}', gives: true },
  ],
};
