import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const messagesOf = (depth: number, fields: string, more = '') =>
  analyze({
    name: 'a.nom',
    text: `pipeline p { max_depth: ${depth} } ${more} entity T { id: int  ${fields}  store t { key (id)  upsert on (id) } }`,
  }).findings.map(({ message }) => message);

test.each([
  ['v: text[]', '', 2],
  ['v: text @json("a.b.c")', '', 3],
  ['v: text[] @json("a.b")', '', 3],
  ['v: S', 'shape S { x: int }', 2],
  ['v: S[]', 'shape S { x: int[] }', 4],
  ['v: S[]', 'shape S { x: int  inside: S[]? }', 5],
  ['...S', 'shape S { x: int[] }', 2],
])('the least depth for `%s` %s is %i', (fields, more, depth) => {
  expect(messagesOf(depth, fields, more)).toEqual([]);
  expect(messagesOf(depth - 1, fields, more)).toHaveLength(1);
});

test('values without lists and objects, and any JSON, take the message alone', () => {
  expect(messagesOf(1, 'v: text  w: json')).toEqual([]);
});

test('a shape that is too deep in two messages is found once, and nothing in it', () => {
  const more =
    'shape S { x: P[] } shape P { y: int[] } entity U { id: int  s: S  store u { key (id)  upsert on (id) } }';
  expect(messagesOf(2, 's: S', more)).toEqual(['S.x is at depth 4 of a message, but `max_depth` is 2']);
});
