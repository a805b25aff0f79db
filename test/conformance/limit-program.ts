import fc from 'fast-check';

/** Around a limit: below it, exactly at it, above it. */
function around(limit: number): fc.Arbitrary<number> {
  return fc.constantFrom(limit - 1, limit, limit + 1);
}

function fields(count: number, type: string, letter: string): string {
  return Array.from({ length: count }, (_, at) => `  ${letter}${at}: ${type}`).join('\n');
}

function stored(body: string, table: string): string {
  return `entity Wide {\n  id: int\n${body}\n  store ${table} { key (id)  upsert on (id) }\n}\n`;
}

/** As many columns as a table may have, of types so small that they fit into a page, and one more or less. */
const columns = fc
  .tuple(around(1600), fc.constantFrom('bool', 'bool?', 'text?'))
  .map(([count, type]) => stored(fields(count - 1, type, 'c'), 'wide'));

/** Bytes of a row that are as many as a page holds, and a few more or less. */
const rowSizes = fc
  .tuple(
    fc.integer({ min: 500, max: 516 }),
    fc.constantFrom('uuid', 'uuid'),
    fc.constantFrom('bool', 'int', 'time', 'decimal(3, 1)', 'json', 'text[]', 'text?'),
    fc.nat(12),
  )
  .map(([count, large, small, few]) =>
    stored(`${fields(count, large, 'c')}\n${fields(few, small, 'd')}`, 'wide'),
  );

/** As many columns as a key, a unique constraint, an index and a reference may have. */
const keyColumns = fc
  .tuple(around(32), fc.constantFrom('key', 'unique', 'index', 'ref'))
  .map(([count, what]) => {
    const names = `(${Array.from({ length: count }, (_, at) => `k${at}`).join(', ')})`;
    const body = fields(count, 'int', 'k');
    if (what !== 'ref')
      return `entity Wide {\n  id: int\n${body}\n  store wide { key (id)  upsert on (id)  ${what} ${names} }\n}\n`;
    return `entity Wide {\n${body}\n  store wide { key ${names}  upsert on ${names} }\n}
entity Part {\n  id: int\n${body}\n  store part { key (id)  upsert on (id)  ref ${names} -> Wide ${names} }\n}\n`;
  });

/** Two tables whose names are equal, differ in nothing but their schema or case, or are taken. */
const tableNames = fc
  .tuple(
    fc.constantFrom(
      '',
      'public.',
      'app.',
      'Public.',
      'information_schema.',
      'pg_temp.',
      'pg_toast.',
      'Pg_x.',
    ),
    fc.constantFrom(
      't',
      'T',
      't_pkey',
      'pg_class',
      'pg_type',
      'message_status',
      'idempotency_keys',
      'dead_letters',
      'dead_letters_failed_at',
      'nomnom_programs',
      '_t',
      'text',
      'order',
    ),
    fc.constantFrom('', 'public.'),
    fc.constantFrom('t', 'u', 'dead_letters_pkey', 't_pkey'),
    fc.constantFrom('', 'n'.repeat(63), 'n'.repeat(64)),
  )
  .map(
    ([schema, table, other, second, long]) =>
      stored('', `${schema}${table}`) +
      stored('', `${other}${second}`).replace('Wide', 'Other') +
      (long === '' ? '' : stored('', `${long}.u`).replace('Wide', 'Third')),
  );

/** Decimals and texts whose type the checker works out, up to more digits and characters than a column may have. */
const inferred = fc
  .tuple(
    fc.constantFrom(
      'decimal(1000, 0)',
      'decimal(1000, 1000)',
      'decimal(600, 300)',
      'decimal(5, 2)',
      'bigint',
    ),
    fc.constantFrom('decimal(1000, 1)', 'decimal(999, 999)', 'decimal(800, 100)', 'bigint'),
    fc.constantFrom(
      'if flag then a else b',
      'maybe ?? b',
      'max(a, b)',
      'min(a, b)',
      'match text { "x" -> a  else -> b }',
      'a + b',
      'a * b',
      'abs(a) - b',
      'if flag then a else 1e1000',
      '1e999',
      '1e1000',
      '1e-1000',
      '1e-1001',
      '-1e1000',
      '1e-99999',
      'if a == b then 1 else 2',
      'concat(long, long)',
      'if flag then long else text',
    ),
  )
  .map(([left, right, value]) =>
    stored(
      `  flag: bool\n  text: text\n  long: text(6000000)\n  a: ${left}\n  b: ${right}\n  maybe: ${left}?\n  made = ${value}`,
      'wide',
    ),
  );

/** Programs of which about half go beyond a limit of Postgres. */
export const limitProgram: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 1, arbitrary: columns },
    { weight: 3, arbitrary: rowSizes },
    { weight: 2, arbitrary: keyColumns },
    { weight: 4, arbitrary: tableNames },
    { weight: 4, arbitrary: inferred },
  )
  .map((text) => `pipeline shop\n${text}`);

/** Around the limit of names in JetStream: alone, as parts of the name of a consumer, and as tokens of a subject. */
export function limitWiring(pipeline: string): fc.Arbitrary<string> {
  const length = fc.constantFrom(1, 100, 240, 254, 255, 256);
  const subjectLength = fc.constantFrom(10, 2800, 3100, 3396, 3397, 3398, 3420, 4000);
  return fc
    .record({
      stream: length,
      role: fc.constantFrom(1, 1, 1, 200, 245, 250),
      entity: fc.constantFrom(1, 200, 255, 256),
      subject: subjectLength,
      only: fc.boolean(),
      ordered: fc.boolean(),
    })
    .map(({ stream, role, entity, subject, only, ordered }) => {
      const streamName = pipeline.toUpperCase().padEnd(stream, 'S');
      const entityName = 'E'.repeat(entity);
      const tokens = `${pipeline}.${'t'.repeat(subject)}`.slice(0, subject - 1);
      return `pipeline ${pipeline}
stream ${streamName} { subject x = "${tokens}.{entity}" }
role ingest { publish ${streamName}.x }
role ${'w'.repeat(role)} { consume ${streamName}.x ${only ? `only ${entityName}` : ''} }
entity ${entityName} { id: int  ${ordered ? 'ordered by (id)' : ''}  store a { key (id)  upsert on (id) } }
`;
    });
}
