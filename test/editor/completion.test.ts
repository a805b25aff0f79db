import { expect, test } from 'vitest';
import { contextualWords, declarationWords, reservedWords } from '../../grammar/tokens.ts';
import { completionsAt } from '../../src/editor/completion.ts';
import { openDocument } from '../../src/editor/document.ts';
import { keywordDocs } from '../../src/editor/keyword-docs.ts';
import { functions } from '../../src/functions/registry.ts';
import { pipelineSettings, roleSettings, streamSettings } from '../../src/model/settings.ts';
import { signatureSchemes } from '../../src/signatures/registry.ts';
import { columnTypes } from '../../src/types/registry.ts';

const shop = `enum Status { Open Closed }
shape Line { number: int  price: decimal(15, 2)  address: Address }
shape Address { zip: text }
lookup Countries "c.csv" { code: text  label: text  key (code) }
fn half(n: int) -> int = n
stream SHOP { subject ingest = "shop.ingest.{entity}"  subject dead = "shop.dead.{entity}" }
entity Order { id: int  status: Status  lines: Line[]  store orders { key (id)  upsert on (id) } }
`;

/** What is offered at the `|` of a text that stands behind the shop's declarations. */
function offered(marked: string): readonly string[] {
  const offset = shop.length + marked.indexOf('|');
  const document = openDocument({ name: 'shop.nom', text: shop + marked.replace('|', '') });
  return completionsAt(document, offset).items.map(({ label }) => label);
}

test('between declarations the words that begin one are offered', () => {
  expect(offered('|').toSorted()).toEqual([...declarationWords].toSorted());
  expect(offered('ent|').toSorted()).toEqual([...declarationWords].toSorted());
});

test('behind the colon of a field every type is offered, those of the program too', () => {
  const types = [...columnTypes.keys(), 'Status', 'Line', 'Address'];
  expect(offered('entity A { b: | }')).toEqual(types);
  expect(offered('entity A { b: te|')).toEqual(types);
});

test.each([
  ['a row', 'derive D from Order as o { x = o.| }', ['id', 'status', 'lines']],
  ['a row, while the name is typed', 'derive D from Order as o { x = o.sta| }', ['id', 'status', 'lines']],
  [
    'an element of a list',
    'derive D from Order as o, each o.lines as l { x = l.| }',
    ['number', 'price', 'address'],
  ],
  ['a nested object', 'derive D from Order as o, each o.lines as l { x = l.address?.| }', ['zip']],
  ['a list', 'derive D from Order as o { x = sum(o.lines.|) }', ['number', 'price', 'address']],
  ['a list by index', 'derive D from Order as o { x = o.lines[0]?.| }', ['number', 'price', 'address']],
  ['a lookup', 'derive D from Order as o { x = Countries["de"]?.| }', ['code', 'label']],
  ['an enum', 'derive D from Order as o { x = o.status == Status.| }', ['Open', 'Closed']],
  ['a source', 'derive D from Order as o, each o.| as l { }', ['id', 'status', 'lines']],
  ['a stream', 'role r { publish SHOP.| }', ['ingest', 'dead']],
])('behind the dot of %s its members are offered', (_what, text, members) => {
  expect(offered(text)).toEqual(members);
});

test.each([
  ['in a head that is cut off', 'derive D from Order as o, each o.lines as l where l.|'],
  [
    'in a head before another declaration',
    'derive D from Order as o, each o.lines as l where l.|\nentity A { id: int }',
  ],
  [
    'in a call in such a head',
    'derive D from Order as o, each o.lines as l where starts_with(l.|\nentity A { id: int }',
  ],
  [
    'in a body that goes on wrongly',
    'derive D from Order as o, each o.lines as l { x = l.| = = )\nentity A { id: int }',
  ],
  ['in a function', 'fn f(l: Line) -> int = l.|\nentity A { id: int }'],
])('members are offered %s', (_what, text) => {
  expect(offered(text)).toEqual(['number', 'price', 'address']);
});

test('an expression is offered aliases, fields, functions, enums and lookups', () => {
  const names = offered('derive D from Order as o { first_one = 1  x = | }');
  for (const name of [
    'o',
    'first_one',
    'half',
    'Status',
    'Countries',
    'if',
    'not',
    'null',
    ...functions.keys(),
  ])
    expect(names).toContain(name);
  expect(names).not.toContain('orders');
});

test('an expression of a test is offered tables', () => {
  expect(offered('test "t" { expect count(|) == 1 }')).toContain('orders');
  expect(offered('test "t" { given | }')).toEqual(['Order']);
  expect(offered('test "t" { expect or| }')).toContain('orders');
});

test('the sources of a derivation are entities, derived entities and earlier aliases', () => {
  expect(offered('derive D from | ')).toEqual(['Order', 'each', 'optional']);
  const later = offered('derive D from Order as o, each | { }');
  expect(later).toContain('o');
  expect(later).toContain('Order');
  expect(later).not.toContain('D');
});

test('the parentheses of a store are offered its columns, each once', () => {
  const store = (item: string): readonly string[] =>
    offered(`entity E { a: int  b: int  store es { ${item} } }`);
  expect(store('key (|)')).toEqual(['a', 'b']);
  expect(store('key (a, |)')).toEqual(['b']);
  expect(store('upsert on (b|)')).toEqual(['a', 'b']);
  expect(store('ref (a) -> Order (|)')).toEqual(['id', 'status', 'lines']);
  expect(store('ref (a) -> | (id)')).toEqual(['Order', 'E']);
  expect(store('upsert on (a) newest by |')).toEqual(['a', 'b']);
});

test('an entity is offered `signed by`, the schemes, and what they take', () => {
  const signed = (text: string) => offered(`secret SHOP\nentity E { a: int  ${text}`);
  expect(signed('|')).toEqual(expect.arrayContaining(['signed', 'on_refused']));
  expect(signed('signed by |')).toEqual([...signatureSchemes.keys()]);
  expect(signed('signed by st|')).toContain('stripe');
  expect(signed('signed by github(|')).toEqual(['SHOP']);
  expect(signed('signed by hmac(SHOP, "x-sign", |')).toEqual(['sha1', 'sha256', 'sha384', 'sha512']);
  expect(signed('signed by hmac(SHOP, "x-sign", sha1, |)')).toEqual(['hex', 'base64', 'base64url']);
  expect(signed('signed by github(SHOP, |)')).toEqual([]);
  expect(signed('on_refused: |')).toEqual(expect.arrayContaining(['answer', 'dead_letter']));
  expect(offered('shape S { a: int  |')).not.toContain('signed');
});

test('an entity is offered `ordered by` and its fields, other rows are not', () => {
  expect(offered('entity E { a: int  |')).toContain('ordered');
  expect(offered('entity E { a: int  ordered |')).toContain('by');
  expect(offered('entity E { a: int  b: int  ordered by (a, |) }')).toEqual(['b']);
  expect(offered('shape S { a: int  |')).not.toContain('ordered');
  expect(offered('derive D from E as e { a = 1  |')).not.toContain('ordered');
});

test('a store is offered its items, an upsert its ways', () => {
  expect(offered('entity E { a: int  store es { |')).toEqual(
    expect.arrayContaining(['key', 'unique', 'upsert', 'ref', 'index', 'prune', 'delete']),
  );
  expect(offered('entity E { a: int  store es { key (a) upsert on (a) |')).toEqual(
    expect.arrayContaining(['replace', 'keep', 'merge', 'newest', 'add']),
  );
});

test('pipelines, streams and roles are offered their settings once, and the words that a setting takes', () => {
  const known = Object.keys(streamSettings);
  expect(offered('pipeline p { | }')).toEqual(Object.keys(pipelineSettings));
  expect(offered('pipeline p { max_depth: 8  | }')).toEqual(['max_list_length']);
  expect(offered('stream S { | }')).toEqual([...known, 'subject']);
  expect(offered('stream S { max_age: 1d  | }')).not.toContain('max_age');
  expect(offered('role r { | }')).toEqual(expect.arrayContaining(Object.keys(roleSettings)));
  expect(offered('stream S { storage: | }')).toEqual(['file', 'memory', 'true', 'false', 'null']);
  expect(offered('role r { consume | }')).toEqual(['SHOP.ingest', 'SHOP.dead', 'SHOP']);
  expect(offered('role r { consume SHOP.ingest only | }')).toEqual(['Order']);
});

test('attributes are those of a field or of an entity', () => {
  expect(offered('entity E { a: int @| }')).toEqual(['json', 'default', 'body', 'header', 'pii']);
  expect(offered('entity E @| { }')).toEqual(['strict']);
});

test('the arm of a match is offered the members of enums', () => {
  const names = offered('derive D from Order as o { x = match o.status { | } }');
  expect(names).toEqual(expect.arrayContaining(['Status.Open', 'Status.Closed', 'else', 'null']));
});

test('an earlier fault in the declaration does not end the help', () => {
  expect(offered('derive D from Order as o { y = = 3  x = o.| }')).toEqual(['id', 'status', 'lines']);
});

test('nothing is offered inside texts and comments, nor where a new name stands', () => {
  expect(offered('// ent|')).toEqual([]);
  expect(offered('/// ent|')).toEqual([]);
  expect(offered('import "sh|')).toEqual([]);
  expect(offered('entity |')).toEqual([]);
});

test('a completion takes the place of the word that was begun', () => {
  const text = `${shop}derive D from Order as o { x = o.sta }`;
  const offset = text.indexOf('o.sta') + 4;
  const { start } = completionsAt(openDocument({ name: 'shop.nom', text }), offset);
  expect(text.slice(start, offset)).toBe('st');
});

test('behind `expect rejected` the codes of refused messages are offered, each explained', () => {
  const codes = offered('test "t" { given Order { } expect rejected |');
  expect(codes).toEqual(expect.arrayContaining(['check_failed', 'missing', 'constraint_violation']));
  expect(codes).not.toContain('orders');
});

test('words are explained', () => {
  const joining = ['from', 'as', 'by', 'on', 'when', 'equal', 'rejected', 'then', 'else', 'and', 'or', 'not'];
  const silent = [...joining, 'true', 'false', 'null'];
  const missing = [...contextualWords, ...reservedWords].filter((word) => !keywordDocs.has(word));
  expect(missing.filter((word) => !silent.includes(word))).toEqual([]);
});
