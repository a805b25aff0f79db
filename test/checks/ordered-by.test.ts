import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

/** What is found in an entity with these fields, `ordered by` what is listed. */
function findingsOf(fields: string, list: string, more = ''): readonly string[] {
  const text = `
    shape Line { sku: text(20) }
    enum Kind { A  B }
    shape Person { first: text  last: text? }
    entity Order {
      id: int
      ${fields}
      ordered by (${list})
      lines: Line[]
      kind: Kind
      store orders { key (id)  upsert on (id) }
    }
    derive Sold from Order as o, each o.lines as l {
      id = o.id  sku = l.sku
      store sold { key (id, sku)  upsert on (id, sku) }
    }
    derive Named from Order as o {
      ...Person
      id = o.id  first = "a"  last = "b"
      store named { key (id)  upsert on (id) }
    }
    ${more}`;
  return analyze({ name: 'shop.nom', text }).findings.map(({ code, message }) => `${code} ${message}`);
}

test.each([
  'text',
  'int',
  'bigint',
  'decimal(9, 2)',
  'bool',
  'date',
  'time',
  'timestamp',
  'uuid',
  'bytes',
  'Kind',
])('messages can be ordered by a field of the type %s', (type) => {
  expect(findingsOf(`a: ${type}`, 'a')).toEqual([]);
});

test.each([
  ['a: float', 'NOM212 `a` is float, and messages cannot be ordered by it'],
  ['a: json', 'NOM212 `a` is json, and messages cannot be ordered by it'],
  ['a: text[]', 'NOM212 `a` is text[], and messages cannot be ordered by it'],
  ['a: Line', 'NOM212 `a` is Line, and messages cannot be ordered by it'],
  ['a: Line[]', 'NOM212 `a` is Line[], and messages cannot be ordered by it'],
  ['a: int?', 'NOM212 `a` can be null, so a message without it would have no key'],
  ['a = now()', 'NOM212 `a` changes each time the same message arrives, so messages cannot be ordered by it'],
  [
    'a = meta.received_at',
    'NOM212 `a` changes each time the same message arrives, so messages cannot be ordered by it',
  ],
])('no messages are ordered by `%s`', (field, expected) => {
  expect(findingsOf(field, 'a')).toEqual([expected]);
});

test('a field may be computed, come from a header, or be brought by a spread', () => {
  expect(
    findingsOf('x: text?  a = x ?? "none"  b: text @header("x-b")  ...Person', 'a, b, first, kind'),
  ).toEqual([]);
  expect(findingsOf('...Person', 'last')).toEqual([
    'NOM212 `last` can be null, so a message without it would have no key',
  ]);
});

test('each name is a field of the entity, and stands once', () => {
  expect(findingsOf('customer: int', 'custmer')).toEqual(['NOM103 Order has no field `custmer`']);
  expect(findingsOf('a: int', 'a, id, a')).toEqual(['NOM102 `a` is in this list twice']);
});

test('a field with an error of its own is no second error', () => {
  expect(findingsOf('a: Nothing', 'a')).toEqual(['NOM101 there is no type `Nothing`']);
});

test('it stands once, and in an entity', () => {
  expect(findingsOf('a: int  ordered by (id)', 'a')).toEqual(['NOM108 Order has a second `ordered by`']);
  expect(findingsOf('a: Part', 'id', 'shape Part { id: int  ordered by (id) }')).toEqual([
    'NOM108 `ordered by` belongs in an entity, and the shape Part is not a message',
  ]);
  expect(
    findingsOf(
      '',
      'id',
      'derive D from Order as o { id = o.id  ordered by (id)  store d { key (id)  upsert on (id) } }',
    ),
  ).toEqual(['NOM108 `ordered by` belongs in an entity, and the derived entity D is not a message']);
});

test('a stream has 1 to 256 partitions', () => {
  const more = (count: string): string => `
    stream S { subject in = "shop.in.{entity}"  partitions: ${count} }
    role ingest { publish S.in }
    role worker { consume S.in }`;
  for (const count of ['1', '256']) expect(findingsOf('', 'id', more(count))).toEqual([]);
  for (const count of ['0', '257', '1.5', 'many', '"8"', '-1'])
    expect(findingsOf('', 'id', more(count)), count).toEqual([
      'NOM105 `partitions` takes a whole number from 1 to 256',
    ]);
});
