import fc from 'fast-check';

/** Words that a `.nom` file reserves. */
const reserved = new Set(['and', 'or', 'not', 'if', 'then', 'else', 'match', 'true', 'false', 'null']);

const name = fc
  .oneof(
    { weight: 3, arbitrary: fc.stringMatching(/^[a-z_][a-z0-9_]{0,10}$/) },
    fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/),
    fc.constantFrom(
      'select',
      'user',
      'Table',
      'table',
      'constructor',
      'toString',
      'hasOwnProperty',
      'order',
      'group',
      'xmin',
      'primary',
      'key',
      'store',
      'meta',
      'trim',
    ),
    fc.constantFrom('a'.repeat(63), `${'long_'.repeat(12)}abc`),
  )
  .filter((each) => !reserved.has(each));

const scalar = fc.oneof(
  fc.constantFrom(
    'text',
    'int',
    'bigint',
    'bool',
    'date',
    'time',
    'timestamp',
    'uuid',
    'bytes',
    'json',
    'float',
    'Kind',
  ),
  fc.integer({ min: 1, max: 3000 }).map((length) => `text(${length})`),
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(40))
    .map(([precision, scale]) => `decimal(${precision}, ${Math.min(precision, scale)})`),
);

/** Types that may stand in a key, more often than not. */
const keyType = fc.constantFrom(
  'text',
  'text(40)',
  'int',
  'bigint',
  'uuid',
  'date',
  'timestamp',
  'decimal(9, 2)',
  'Kind',
  'json',
);

const fieldType = fc
  .tuple(scalar, fc.constantFrom('', '', '', '[]'), fc.constantFrom('', '?'))
  .map((parts) => parts.join(''));

interface Field {
  readonly name: string;
  readonly type: string;
}

const entity = fc.record({
  table: name,
  schema: fc.constantFrom('', '', '', 'app.', 'Select.', 'public.'),
  /** Of a child: its table has the name of its parent's table. */
  namesake: fc.constantFrom(false, false, true),
  keys: fc.uniqueArray(fc.record({ name, type: keyType, nullable: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
    selector: (field) => field.name,
  }),
  fields: fc.uniqueArray(fc.record({ name, type: fieldType }), {
    maxLength: 6,
    selector: (field) => field.name,
  }),
  version: fc.constantFrom('bigint', 'timestamp', 'text', 'int?'),
  constraint: fc.constantFrom('key', 'key', 'unique', 'unique nulls equal'),
  action: fc.constantFrom('', 'replace', 'keep', 'merge', 'newest by version', 'add (total)'),
  index: fc.boolean(),
  deletion: fc.boolean(),
  lineDeletion: fc.constantFrom('', '', 'delete when p.gone', 'delete when total > 9 or l.label == null'),
  duplicates: fc.constantFrom('', '', 'duplicates first', 'duplicates last'),
  prune: fc.boolean(),
  ref: fc.constantFrom('', 'hard', 'soft'),
  ordered: fc.constantFrom('', 'version', 'gone, version', 'total'),
});

type Entity = typeof entity extends fc.Arbitrary<infer T> ? T : never;

function store(
  table: string,
  columns: readonly string[],
  { constraint, action }: Entity,
  more: string,
): string {
  const list = `(${columns.join(', ')})`;
  const unique = constraint === 'key' ? `key ${list}` : constraint.replace('unique', `unique ${list}`);
  return `store ${table} { ${unique}  upsert on ${list} ${action}  ${more} }`;
}

/** An entity with a list, its lines in a table of their own, and another entity that may refer to it. */
function program(parent: Entity, child: Entity, pipeline: string): string {
  const parentKeys = parent.keys.map(({ name: text, type, nullable }) => ({
    name: text,
    type: nullable && parent.constraint !== 'key' ? `${type}?` : type,
  }));
  const taken = new Set([
    ...parentKeys.map((field) => field.name),
    'version',
    'total',
    'gone',
    'lines',
    'number',
  ]);
  const fields: Field[] = parent.fields.filter((field) => !taken.has(field.name));
  const keyNames = parentKeys.map((field) => field.name);
  const declared = [...parentKeys, ...fields].map((field) => `  ${field.name}: ${field.type}`).join('\n');
  const index = parent.index ? `index (${[...keyNames.slice(0, 1), 'version'].join(', ')})` : '';
  const deletion = parent.deletion ? 'delete when gone' : '';
  const prune = parent.prune ? `prune by (${keyNames.join(', ')})` : '';
  const childKeys = parentKeys.map((field, at) => ({ name: `${at}`, type: field.type.replace('?', '') }));
  const refs = childKeys.map((_, at) => `r${at}`);
  const ref =
    child.ref === ''
      ? ''
      : `ref (${refs.join(', ')}) -> Parent (${keyNames.join(', ')}) ${child.ref === 'soft' ? 'soft' : ''}`;
  return `pipeline ${pipeline}
enum Kind { A  B = "it's \\\\ b" }
shape Line { number: int  label: text(9)? }
/// Doc with 'quotes' and \\ backslashes.
entity Parent {
${declared}
  version: ${parent.version}
  total: decimal(12, 2)
  gone: bool
  lines: Line[]
  ${parent.ordered === '' ? '' : `ordered by (${parent.ordered})`}
  ${store(parent.schema + parent.table, keyNames, parent, `${index}  ${deletion}`)}
}
derive ParentLine from Parent as p, each p.lines as l {
  ...l
${keyNames.map((each) => `  ${each} = p.${each}`).join('\n')}
  version = p.version
  total = p.total
  ${store(`${parent.table.slice(0, 40)}_lines`, [...keyNames, 'number'], parent, `${prune}  ${parent.lineDeletion}  ${parent.duplicates}`)}
}
entity Child {
  id: ${child.keys[0]?.type ?? 'int'}
${childKeys.map((field, at) => `  r${at}: ${field.type}`).join('\n')}
  version: bigint
  total: int
  ${store(child.schema + (child.namesake ? parent.table : child.table), ['id'], child, ref)}
}
`;
}

/**
 * Programs of which most are accepted: names that SQL reserves, every type, every store item, refs, schemas, and tables of
 * the same name in two schemas.
 */
export function generatedProgram(pipeline: string): fc.Arbitrary<string> {
  return fc.tuple(entity, entity).map(([parent, child]) => program(parent, child, pipeline));
}

const settings = fc.record(
  {
    max_age: fc.constantFrom('1s', '3m', '7d', '90m'),
    max_bytes: fc.constantFrom('64KB', '10MB'),
    dedupe: fc.constantFrom('100ms', '1s', '2m', '1h'),
    storage: fc.constantFrom('file', 'memory'),
    partitions: fc.constantFrom('1', '2', '11'),
  },
  { requiredKeys: [] },
);

/** Programs with streams and roles; names are of the pipeline, so that many can stand on one server. */
export function generatedWiring(pipeline: string): fc.Arbitrary<string> {
  const token = fc.constantFrom('{entity}', '{entity}', '{entity}', 'ingest', 'a-b', 'x_1', '*', '>');
  const subject = fc.array(token, { minLength: 1, maxLength: 3 }).map((tokens) => tokens.join('.'));
  return fc
    .record({
      settings,
      ingest: subject,
      dead: subject,
      only: fc.constantFrom('', 'only A', 'only A, B'),
      second: fc.constantFrom(
        '',
        'role other { consume %S.ingest only B }',
        'role other { consume %S.ingest }',
      ),
      ackWait: fc.constantFrom('', 'ack_wait: 5s', 'ack_wait: 2m'),
      batch: fc.constantFrom('', 'batch: 1', 'batch: 10000'),
      ordered: fc.constantFrom('', 'A', 'B', 'AB'),
    })
    .map((each) => {
      const stream = pipeline.toUpperCase();
      const order = (name: string): string => (each.ordered.includes(name) ? 'ordered by (id)' : '');
      const set = Object.entries(each.settings).map(([key, value]) => `${key}: ${value}`);
      return `pipeline ${pipeline}
stream ${stream} {
  subject ingest = "${pipeline}.in.${each.ingest}"
  subject dead = "${pipeline}.dead.${each.dead}"
  ${set.join('  ')}
}
role ingest { publish ${stream}.ingest }
role worker { consume ${stream}.ingest ${each.only}  dead_letter ${stream}.dead  ${each.ackWait}  ${each.batch} }
${each.second.replace('%S', stream)}
entity A { id: int  ${order('A')}  store a { key (id)  upsert on (id) } }
entity B { id: int  ${order('B')}  store b { key (id)  upsert on (id) } }
`;
    });
}
