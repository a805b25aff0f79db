import { expect, test } from 'vitest';
import { codesOf } from '../model/finding-codes.ts';

test.each([
  [
    'a mistake in a shape, however many records spread it',
    `shape S { a: int  b: int = a % 0 }
     entity A { ...S  store a { key (a)  upsert on (a) } }
     entity B { ...S  store b { key (a)  upsert on (a) } }`,
    ['NOM310'],
  ],
  [
    'an unknown name, and nothing of what would have used it',
    `enum Status { Open }  entity A { id: int  s: Stats  t: text = s  store a { key (id)  upsert on (id) } }`,
    ['NOM101'],
  ],
  [
    'a column that does not exist in key and upsert alike, at each place once',
    `entity A { id: int  store a { key (ident)  upsert on (ident) } }`,
    ['NOM103', 'NOM103'],
  ],
  [
    'a source that does not exist, not the fields that read it',
    `entity A { id: int  store a { key (id)  upsert on (id) } }
     derive D from Nothing as n, each n.lines as l { id: int = n.id  x = l.x  store d { key (id)  upsert on (id) } }`,
    ['NOM101'],
  ],
  [
    'an `each` on a single source, not the rows that it would multiply',
    `entity A { id: int  lines: int[]  store a { key (id)  upsert on (id) } }
     derive D from A as a, each a as b { id: int = b.id  store d { key (id)  upsert on (id) } }
     derive E from A as a, each a as b, each a.lines as l { v: int = l  store e { key (v)  upsert on (v) } }`,
    ['NOM402', 'NOM402'],
  ],
  [
    'a function that is wrong, not its calls',
    `fn f(x: int) -> text = x  entity A { id: int  t: text = f(id)  store a { key (id)  upsert on (id) } }`,
    ['NOM301'],
  ],
  [
    'a declaration with a syntax error, and nothing else in it',
    `entity A { id: int  total: decimal(9, 2  x: Missing  store a { key (no)  } }
     derive D from A as a { id: int = a.id  store d { key (id)  upsert on (id) } }`,
    ['syntax'],
  ],
  [
    'a lookup that cannot be read, not what reads it',
    `lookup L "l.csv" { k: int  v: text  key (k) }
     entity A { id: int  t: text? = L[id]?.v  store a { key (id)  upsert on (id) } }`,
    ['NOM113'],
  ],
  [
    'a comment that is never closed, not the brace that it hides',
    `entity A { id: int  /* store a { key (id)  upsert on (id) } }`,
    ['syntax'],
  ],
  [
    'comments of another language, however many there are',
    `/* one */ entity A { id: int  /* two */  store a { key (id)  upsert on (id) } /* three */ } /* four */`,
    ['syntax'],
  ],
  [
    'a circle of spreads, at its first shape, not in those that spread one of them',
    `shape S { a: int  ...T }  shape T { ...U }  shape U { ...S }
     entity A { id: int  ...U  store a { key (id)  upsert on (id) } }`,
    ['NOM108'],
  ],
  [
    'a constant that never fits, not that it may not fit',
    `entity A { id: int  t: text(2) = concat("abc", "d")  store a { key (id)  upsert on (id) } }`,
    ['NOM313'],
  ],
  [
    'a table that is declared twice, not what a test reads of the other one',
    `entity A { id: int  store a { key (id)  upsert on (id) } }
     entity B { id: int  b: int  store a { key (id)  upsert on (id) } }
     test "b" { given B { "id": 1, "b": 2 }  expect a { "id": 1, "b": 2 }  expect count(a.b) == 1 }`,
    ['NOM208'],
  ],
  [
    'a schema that is written in other letters, not its tables',
    `entity A { id: int  store shop.orders { key (id)  upsert on (id) } }
     entity B { id: int  store Shop.orders { key (id)  upsert on (id) } }`,
    ['~NOM116'],
  ],
  [
    'a check that is always false, not that its condition is constant',
    `entity A { id: int  check 1 == 2  store a { key (id)  upsert on (id) } }`,
    ['NOM314'],
  ],
  [
    'a value that always fails, not the condition that leads there',
    `entity A { id: int  n = if id == id then fail("never") else 1  store a { key (id)  upsert on (id) } }`,
    ['NOM314'],
  ],
  [
    'a second key, not that its constraint has the name of the first',
    'entity A { id: int  n: int  store a { key (id)  key (n)  upsert on (id) } }',
    ['NOM108'],
  ],
  [
    'a column that cannot be in a key, not that the key may be too long',
    'entity A { id: json  n: text  store a { key (id, n)  upsert on (id, n) } }',
    ['NOM210'],
  ],
  [
    'a column that is read from a whole list, not that the key may be too long',
    `shape L { s: text }  entity A { id: text  l: L[] }
     derive D from A as a, each a.l as l { id = a.id  s = a.l.s  store d { key (id, s)  upsert on (id, s) } }`,
    ['NOM210'],
  ],
])('is told once: %s', (_, program, codes) => {
  expect(codesOf(program).map((code) => (code.startsWith('NOM0') ? 'syntax' : code))).toEqual(codes);
});

test.each([
  ['int primary key', 'upsert on (id)', 'NOM013'],
  ['int unique', 'upsert on (id)', 'NOM013'],
  ['int @id', 'upsert on (id)', 'NOM104'],
  ['int @unique', 'upsert on (id)', 'NOM104'],
  ['int', 'primary key (id)  upsert on (id)', 'NOM013'],
  ['int', 'id: int primary key  upsert on (id)', 'NOM006'],
  ['int', 'upsert on (id)  id: int primary key', 'NOM006'],
])('a key as in SQL or Prisma, `id: %s` and `%s`, is told once', (type, items, code) => {
  expect(codesOf(`entity A { id: ${type}  n: text  store a { ${items} } }`)).toEqual([code]);
});

test('a key at a field of another table does not stand for the one that an upsert lacks', () => {
  const program = `entity A { id: int primary key  store a { upsert on (id) } }
    entity B { id: int  store b { upsert on (id) } }
    entity C { id: int primary key  n: int  store c { upsert on (n) } }`;
  expect(codesOf(program)).toEqual(['NOM013', 'NOM201', 'NOM201']);
});

test.each([
  ['id: timestamp = meta.received_at', ''],
  ['id: timestamp = now()', ''],
  ['id: timestamp = at()', 'fn at() -> timestamp = meta.received_at'],
  ['id: timestamp = other  other: timestamp = meta.received_at', ''],
])('a key is the same each time a message arrives: %s is refused', (fields, more) => {
  expect(codesOf(`${more} entity A { ${fields}  store a { key (id)  upsert on (id) } }`)[0]).toBe('NOM210');
});

test('a key that a shared table gets from one of its writers is held to the same', () => {
  const program = (second: string) => `
    shape S { id: timestamp  store s { key (id)  upsert on (id) } }
    entity A { a: timestamp  store a { key (a)  upsert on (a) } }
    derive One from A as x { ...S  id = x.a }
    derive Two from A as x { ...S  id = ${second} }`;
  expect(codesOf(program('x.a'))).toEqual([]);
  expect(codesOf(program('now()'))[0]).toBe('NOM210');
});

test('an object inside the list tells rows apart as the list does, and belongs to no parent', () => {
  const program = (key: string, prune: string) => `
    shape Part { code: int }
    shape Line { part: Part }
    entity T { id: int  lines: Line[]  store t { key (id)  upsert on (id) } }
    derive L from T as t, each t.lines as l, l.part as p {
      id = t.id  code = p.code
      store l { key (${key})  upsert on (${key})  prune by (${prune}) }
    }`;
  expect(codesOf(program('id, code', 'id'))).toEqual([]);
  expect(codesOf(program('id', 'id'))).toEqual(['NOM204']);
  expect(codesOf(program('id, code', 'code'))).toEqual(['NOM405']);
});
