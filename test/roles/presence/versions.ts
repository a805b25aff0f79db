/** A change between two versions of a program, and what it makes of messages. */
export interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Of the old version: those that fit the new one too, and those that do not. */
  readonly old: { readonly fit: readonly Sent[]; readonly unfit: readonly Sent[] };
  /** Of the new version. */
  readonly young: readonly Sent[];
  /** What a person does before `apply`, since nomnom may not. */
  readonly byHand?: string;
}

export interface Sent {
  readonly entity: string;
  readonly body: object;
}

const thing = (body: object, entity = 'Thing'): Sent => ({ entity, body });

/** `ID` stands for the id of the pipeline, which makes names of tables and streams unique. */
const things = (fields: string, more = ''): string => `
entity Thing ${more.includes('@strict') ? '@strict ' : ''}{
  id: int
  ${fields}
  store things_ID { key (id)  upsert on (id) replace }
}
`;

const extra = `
entity Extra {
  id: int
  store extras_ID { key (id)  upsert on (id) replace }
}
`;

const sizes = (members: string): string => `enum Size { ${members} }\n`;

export const CHANGES: readonly Change[] = [
  {
    name: 'entity added',
    before: things('name: text(20)'),
    after: things('name: text(20)') + extra,
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [] },
    young: [thing({ id: 2, name: 'b' }), thing({ id: 3 }, 'Extra')],
  },
  {
    name: 'entity removed',
    before: things('name: text(20)') + extra,
    after: things('name: text(20)'),
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [thing({ id: 3 }, 'Extra')] },
    young: [thing({ id: 2, name: 'b' })],
  },
  {
    name: 'nullable column added',
    before: things('name: text(20)'),
    after: things('name: text(20)\n  note: text?'),
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [] },
    young: [thing({ id: 2, name: 'b', note: 'c' })],
  },
  {
    name: 'NOT NULL field added',
    before: things('name: text(20)'),
    after: things('name: text(20)\n  size: int'),
    old: { fit: [thing({ id: 1, name: 'a', size: 1 })], unfit: [thing({ id: 4, name: 'a' })] },
    young: [thing({ id: 2, name: 'b', size: 2 })],
    byHand: 'ALTER TABLE things_ID ADD COLUMN IF NOT EXISTS size int NOT NULL DEFAULT 0',
  },
  {
    name: 'field became required',
    before: things('name: text(20)?'),
    after: things('name: text(20)'),
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [thing({ id: 4 }), thing({ id: 5, name: null })] },
    young: [thing({ id: 2, name: 'b' })],
  },
  {
    name: '@strict added',
    before: things('name: text(20)'),
    after: things('name: text(20)', '@strict'),
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [thing({ id: 4, name: 'a', more: 1 })] },
    young: [thing({ id: 2, name: 'b' })],
  },
  {
    name: 'check added',
    before: things('name: text(20)'),
    after: things('name: text(20)\n  check id < 100 "ids are small"'),
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [thing({ id: 400, name: 'a' })] },
    young: [thing({ id: 2, name: 'b' })],
  },
  {
    name: 'type widened',
    before: things('name: text(5)'),
    after: things('name: text(20)'),
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [] },
    young: [thing({ id: 2, name: 'longer than five' })],
  },
  {
    name: 'type narrowed',
    before: things('name: text(20)'),
    after: things('name: text(5)'),
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [thing({ id: 4, name: 'longer than five' })] },
    young: [thing({ id: 2, name: 'b' })],
  },
  {
    name: 'enum value added',
    before: sizes('Small  Large') + things('size: Size'),
    after: sizes('Small  Large  Huge') + things('size: Size'),
    old: { fit: [thing({ id: 1, size: 'Small' })], unfit: [] },
    young: [thing({ id: 2, size: 'Huge' })],
  },
  {
    name: 'enum value removed',
    before: sizes('Small  Large  Huge') + things('size: Size'),
    after: sizes('Small  Large') + things('size: Size'),
    old: { fit: [thing({ id: 1, size: 'Small' })], unfit: [thing({ id: 4, size: 'Huge' })] },
    young: [thing({ id: 2, size: 'Large' })],
  },
  {
    name: 'table added',
    before: things('name: text(20)'),
    after:
      things('name: text(20)') +
      `
derive Name from Thing as t {
  id: int = t.id
  name: text(20) = t.name
  store names_ID { key (id)  upsert on (id) replace }
}
`,
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [] },
    young: [thing({ id: 2, name: 'b' })],
  },
  {
    name: 'derivation changed',
    before: things('name: text(20)\n  twice: int = id + 1'),
    after: things('name: text(20)\n  twice: int = id * 2'),
    old: { fit: [thing({ id: 1, name: 'a' })], unfit: [] },
    young: [thing({ id: 2, name: 'b' })],
  },
];

/** The whole file of one version. */
export function versionOf(declarations: string, id: string): string {
  return `
pipeline p${id}
stream S${id} { subject ingest = "s${id}.ingest.{entity}"  storage: memory }
role ingest { publish S${id}.ingest }
role worker { consume S${id}.ingest  batch: 50  concurrency: 1  attempts: 2  backoff: 10ms..50ms }
${declarations.replaceAll('ID', id)}`;
}
