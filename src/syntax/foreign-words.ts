/** Words that begin a declaration in other languages, and ours. */
export const foreignWords: ReadonlyMap<string, 'entity' | 'fn' | 'enum' | 'constant' | 'table'> = new Map([
  ...(
    [
      'type',
      'interface',
      'class',
      'struct',
      'record',
      'model',
      'message',
      'table',
      'schema',
      'object',
      'input',
    ] as const
  ).map((each) => [each, 'entity'] as const),
  ...(['function', 'def', 'func', 'fun'] as const).map((each) => [each, 'fn'] as const),
  ...(['const', 'let', 'var'] as const).map((each) => [each, 'constant'] as const),
  ['create', 'table'],
]);
