import type { FunctionDefinition } from './function.ts';

export const count: FunctionDefinition = {
  name: 'count',
  doc: 'How many elements a list has; in a test, how many rows a message wrote to a table.',
  signature: 'count(list) -> int',
  parameters: ['list'],
  result: 'int',
  run: ([list]) => (Array.isArray(list) ? list.length : 0),
};
