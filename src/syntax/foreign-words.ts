/** What a word of another language begins there, and where people know it from. */
export interface ForeignWord {
  readonly begins: 'entity' | 'fn' | 'constant' | 'table' | 'stream' | 'test' | 'nothing';
  /** Nothing where many languages have it. */
  readonly language?: string;
}

const words = (
  begins: ForeignWord['begins'],
  language: string | undefined,
  ...all: readonly string[]
): (readonly [string, ForeignWord])[] =>
  all.map((each) => [each, language === undefined ? { begins } : { begins, language }]);

/** Words that begin a declaration in other languages. */
export const foreignWords: ReadonlyMap<string, ForeignWord> = new Map([
  ...words('entity', 'GraphQL', 'type', 'input'),
  ...words('entity', 'TypeScript', 'interface', 'class'),
  ...words('entity', 'Prisma', 'model'),
  ...words('entity', 'Protobuf', 'message'),
  ...words('entity', 'Avro', 'record'),
  ...words('entity', 'SQL', 'table'),
  ...words('entity', undefined, 'struct', 'schema', 'object'),
  ...words('fn', 'TypeScript', 'function'),
  ...words('fn', 'Python', 'def'),
  ...words('fn', undefined, 'func', 'fun'),
  ...words('constant', 'TypeScript', 'const', 'let', 'var'),
  ...words('table', 'SQL', 'create'),
  ...words('stream', 'Kafka', 'topic'),
  ...words('test', 'TypeScript', 'it', 'describe'),
  ...words('test', 'Gherkin', 'scenario', 'example'),
  ...words('nothing', 'TypeScript', 'export'),
]);
