import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Identifier, tokenize } from '../../grammar/tokens.ts';
import { builtinFunctions } from '../../src/editor/builtin.ts';
import { openDocument, type Document } from '../../src/editor/document.ts';
import { specialForms } from '../../src/model/special-forms.ts';
import { hoverAt } from '../../src/editor/hover.ts';
import { editedText } from '../../src/editor/edit.ts';
import { occurrencesOf } from '../../src/editor/places.ts';
import { renameAt } from '../../src/editor/rename.ts';
import { outlineOf } from '../../src/editor/outline.ts';
import { attributeDocs } from '../../src/editor/attribute-docs.ts';
import { analyze } from '../../src/checks/analyze.ts';

const root = join(import.meta.dirname, '../..');
const tpch = readFileSync(join(root, 'test/examples/tpch.nom'), 'utf8');

function open(text: string): Document {
  return openDocument({ name: 'test.nom', text });
}

/** The offset of a `|` in a piece of the text, which is left out of it. */
function at(text: string, marked: string): number {
  const offset = text.indexOf(marked.replace('|', ''));
  if (offset < 0) throw new Error(`the text has no ${marked}`);
  return offset + marked.indexOf('|');
}

/** The lines on which the name at the mark stands. */
function linesWith(text: string, marked: string): readonly string[] {
  return occurrencesOf(open(text), at(text, marked)).map(({ span }) => {
    const start = text.lastIndexOf('\n', span.start) + 1;
    return text.slice(start, text.indexOf('\n', span.end)).trim();
  });
}

const programs = globSync(['test/examples/*.nom', 'pipelines/*.nom'], { cwd: root }).sort();

test.each(programs)('every name of %s stands for something', (name) => {
  const path = join(root, name);
  const text = readFileSync(path, 'utf8');
  const document = openDocument({ name: path, text }, (each) => readFileSync(each, 'utf8'));
  const known = new Set(document.occurrences().map(({ span }) => span.start));
  const { tokens } = tokenize(text);
  const unknown = tokens
    .filter(({ tokenType, startOffset }) => tokenType === Identifier && !known.has(startOffset))
    // The code of a rejection is the language's; `meta` has no declaration.
    .filter((token) => tokens[tokens.indexOf(token) - 1]?.image !== 'rejected' && token.image !== 'meta')
    // How a signature is written is the language's too.
    .filter(({ image }) => image !== 'sha256' && image !== 'hex')
    .map(({ image }) => image);
  expect(unknown).toEqual([]);
});

test('a field is found where a row is read, in keys, in references to it and in the JSON of tests', () => {
  expect(linesWith(tpch, 'order_|key:    bigint')).toEqual([
    'order_key:    bigint',
    'key (order_key)',
    'upsert on (order_key) newest by version',
    'order_key: bigint         = o.order_key',
    'ref (order_key) -> Order (order_key)',
    '"order_key": 1, "customer_key": 370, "order_status": "O", "total_price": 172799.49,',
  ]);
});

test('a field is found in `ordered by`, also one that a spread brings', () => {
  const text = `shape Held {
  account: text
}
entity Booking {
  id: int
  ...Held
  ordered by (account, id)
  store bookings { key (id)  upsert on (id) }
}
`;
  expect(linesWith(text, 'ac|count: text')).toEqual(['account: text', 'ordered by (account, id)']);
  expect(linesWith(text, 'account, i|d')).toEqual([
    'id: int',
    'ordered by (account, id)',
    'store bookings { key (id)  upsert on (id) }',
    'store bookings { key (id)  upsert on (id) }',
  ]);
  const renaming = renameAt(open(text), at(text, 'ac|count: text'), 'holder');
  expect(renaming.kind === 'edits' ? editedText(text, renaming.edits) : '').toBe(
    text.replaceAll('account', 'holder').replace('holder: text', 'holder: text @json("account")'),
  );
});

test('a field that a spread brings is the same field', () => {
  expect(linesWith(tpch, 'line_|number:    int')).toEqual([
    'line_number:    int',
    'key (order_key, line_number)',
    'upsert on (order_key, line_number) newest by version',
    '{ "line_number": 1, "part_key": 1552, "supplier_key": 93, "quantity": 17,',
    '{ "line_number": 2, "part_key": 674, "supplier_key": 75, "quantity": 36, "extended_price": 56688.12 }',
    'expect order_line_items { "order_key": 1, "line_number": 1, "revenue": "23721.9360" }',
  ]);
});

test('a key of JSON that is read by another name than the field is no name of the program', () => {
  expect(linesWith(tpch, 'stat|us:       OrderStatus')).toHaveLength(1);
  const text = 'entity A { a: int @json("b")  b: int }\ntest "t" { given A { "a": 1, "b": 2 } }\n';
  expect(linesWith(text, '{ a|: int')).toHaveLength(1);
  expect(linesWith(text, ' b|: int }')).toHaveLength(2);
});

test('enums, subjects, aliases and tables are found wherever they are named', () => {
  expect(linesWith(tpch, 'enum Order|Status')).toHaveLength(2);
  expect(linesWith(tpch, 'subject inge|st')).toHaveLength(3);
  expect(linesWith(tpch, 'as it|em')).toHaveLength(4);
  expect(linesWith(tpch, 'store order_line|_items')).toHaveLength(3);
});

test('a field of all elements of a list is the field of its shape', () => {
  const text = `shape Box { size: int }
shape Parcel { boxes: Box[] }
entity Order { id: int  parcels: Parcel[]  total = sum(parcels.boxes.size) }
`;
  expect(linesWith(text, 'Box { si|ze')).toHaveLength(2);
  expect(linesWith(text, 'Parcel { box|es')).toHaveLength(2);
});

test('a name that stands in two records is two names', () => {
  const text = 'entity A { id: int }\nentity B { id: int }\nderive C from A as a { id = a.id }\n';
  expect(linesWith(text, 'A { i|d')).toHaveLength(2);
  expect(linesWith(text, 'B { i|d')).toHaveLength(1);
  expect(linesWith(text, '{ i|d = a')).toHaveLength(1);
});

test('functions, parameters, lookups and the members of enums are found', () => {
  const text = `enum Kind { Big Small }
lookup Countries "c.csv" { code: text  label: text  key (code) }
fn twice(n: int) -> int = n + n
entity E { kind: Kind  count: int  country: text }
derive D from E as e {
  double = twice(e.count)
  big    = match e.kind { Kind.Big -> 1  Kind.Small -> 2 }
  name   = Countries[e.country]?.label
}
`;
  expect(linesWith(text, 'twi|ce(n')).toHaveLength(2);
  expect(linesWith(text, '(n|: int')).toHaveLength(3);
  expect(linesWith(text, '{ Bi|g')).toHaveLength(2);
  expect(linesWith(text, 'Sma|ll }')).toHaveLength(2);
  expect(linesWith(text, 'lookup Count|ries')).toHaveLength(2);
  expect(linesWith(text, 'lab|el:')).toHaveLength(2);
});

test('hover shows the type of a computed field, the doc comment and the page of a function', () => {
  const text = `/// One order.
entity Order { 
  /// In cents.
  price: int
}
derive D from Order as o { double = abs(o.price) }
`;
  const hover = (marked: string): string => hoverAt(open(text), at(text, marked))?.markdown ?? '';
  expect(hover('Or|der {')).toContain('entity Order');
  expect(hover('Or|der {')).toContain('One order.');
  expect(hover('o.pr|ice')).toContain('price: int');
  expect(hover('o.pr|ice')).toContain('In cents.');
  expect(hover('dou|ble')).toContain('double: int');
  expect(hover('ab|s(')).toContain('fn abs(');
  expect(hover('pri|ce: int')).toContain('price: int');
  expect(hover(': in|t')).toContain('Postgres integer');
  expect(hover('from Or|der as')).toContain('entity Order');
});

test('hover says where a field comes from and the column that it goes to', () => {
  const hover = (marked: string): string => hoverAt(open(tpch), at(tpch, marked))?.markdown ?? '';
  expect(hover('stat|us:       OrderStatus')).toContain('JSON key `order_status`');
  expect(hover('stat|us:       OrderStatus')).toContain('Column of `orders`: `text`');
  expect(hover('total_|price:')).toContain('`numeric(15,2)`');
  expect(hover('line_|items:')).not.toContain('Column');
  expect(hover('o.order|_key')).toContain('Column of `orders`: `bigint`');
  expect(hover('as it|em')).toContain('each o.line_items as item: Line');
});

test('hover over what was found tells what the finding means', () => {
  const text = 'entity Order { price: intt }\n// why NOM203 is so\n';
  expect(hoverAt(open(text), at(text, 'int|t'))?.markdown).toContain('**NOM1');
  expect(hoverAt(open(text), at(text, 'NOM2|03'))?.markdown).toContain('**NOM203**');
});

test('hover over a word of the language says what it means', () => {
  expect(hoverAt(open(tpch), at(tpch, 'pru|ne by'))?.markdown).toContain('Deletes the rows');
  expect(hoverAt(open(tpch), at(tpch, '// TPC-H or|ders'))).toBeUndefined();
});

test('a rename changes every place, and nothing else', () => {
  const renaming = renameAt(open(tpch), at(tpch, 'total_|price:'), 'amount');
  expect(renaming.kind).toBe('edits');
  const text = editedText(tpch, renaming.kind === 'edits' ? renaming.edits : []);
  // Senders go on writing the key that they write.
  expect(text).toBe(
    tpch
      .replaceAll('total_price', 'amount')
      .replace('"amount"', '"total_price"')
      .replace('amount:  decimal(15, 2)', 'amount:  decimal(15, 2) @json("total_price")'),
  );
  expect(analyze({ name: 'a.nom', text }).findings).toEqual([]);
});

test.each([
  ['a name that cannot be one', 'order_|key: ', '1st', 'not a valid name'],
  ['a name with a space', 'order_|key: ', 'order key', 'not a valid name'],
  ['a word of the language', 'order_|key: ', 'match', 'a reserved word'],
  ['a name that is taken', 'order_|key:    bigint', 'version', 'NOM102: `version` is declared twice'],
  [
    'an alias that would hide another',
    'as it|em',
    'o',
    'NOM102: two sources of OrderLineItem are called `o`',
  ],
  ['a type of the language', 'line_number:    in|t', 'number', 'cannot be renamed'],
  ['a setting', 'max_a|ge', 'age', 'cannot be renamed'],
])('%s is refused', (_what, marked, name, why) => {
  const renaming = renameAt(open(tpch), at(tpch, marked), name);
  expect(renaming.kind === 'refused' ? renaming.why : 'not refused').toContain(why);
});

test('hover on a setting says what it does, what it takes and its default', () => {
  const text = 'pipeline shop { max_depth: 8 } stream S { subject ingest = "s.{entity}"  max_age: 1d }';
  const hover = (marked: string) => hoverAt(open(text), at(text, marked))?.markdown ?? '';
  expect(hover('max_de|pth')).toContain('The largest depth of nested arrays and objects');
  expect(hover('max_de|pth')).toContain('Takes a whole number from 1 to 64; the default is `64`.');
  expect(hover('max_a|ge')).toContain('How long the stream keeps a message');
});

test('a secret is found where it signs, and a scheme has a page', () => {
  const text = `/// Of the shop.
secret SHOP
entity A {
  id: int
  signed by github(SHOP)
  store as { key (id)  upsert on (id) }
}
`;
  expect(linesWith(text, 'secret SH|OP')).toEqual(['secret SHOP', 'signed by github(SHOP)']);
  const hover = (marked: string) => hoverAt(open(text), at(text, marked))?.markdown ?? '';
  expect(hover('github(SH|OP)')).toContain('Of the shop.');
  expect(hover('github(SH|OP)')).toContain('the file that `SHOP_FILE` names');
  expect(hover('by git|hub')).toContain('signed by github(SECRET)');
  expect(hover('sig|ned by')).toContain('they need no API key');
});

test('the outline shows declarations with their fields, tables and subjects', () => {
  const outline = outlineOf(open(tpch).parsed.tree).map(({ name, kind, children }) => [
    kind,
    name,
    children.map((child) => child.name).slice(-2),
  ]);
  expect(outline).toContainEqual(['entity', 'Customer', ['account_balance', 'customers']]);
  expect(outline).toContainEqual(['stream', 'TPCH', ['ingest', 'dead']]);
  expect(outline).toContainEqual(['test', 'an order becomes one order and its lines', []]);
});

test('what the editor says of attributes is what the language takes', () => {
  for (const { form, on } of attributeDocs) {
    const text =
      on === 'entity'
        ? `entity @${form} A { a: text }`
        : `entity A { a: text @${form.replace('(1)', '("1")')} }`;
    const codes = analyze({ name: 'a.nom', text }).findings.map(({ code }) => code);
    expect(codes).not.toContain('NOM104');
  }
});

test('every form that looks like a function is known, and what `meta` names', () => {
  for (const name of specialForms) expect(builtinFunctions.get(name)?.doc).toBeTypeOf('string');
  const text = 'entity A { id: int }\nderive B from A as a { at = meta.received_at }\n';
  expect(hoverAt(open(text), at(text, 'received|_at'))?.markdown).toContain('meta.received_at: timestamp');
});

test('tables of the same name in two schemas are two names', () => {
  const text = `entity A { id: int  store app.orders { key (id)  upsert on (id) } }
entity B { id: int  other: int  store orders { key (id)  upsert on (id) } }
test "both" {
  expect count(app.orders) == 0
  expect app.orders { "id": 1 }
  expect sum(orders.other) == 0
  expect public.orders { "other": 1 }
}
`;
  const renamed = (marked: string): string => {
    const renaming = renameAt(open(text), at(text, marked), 'sales');
    return renaming.kind === 'edits' ? editedText(text, renaming.edits) : renaming.why;
  };
  expect(renamed('count(app.or|ders)')).toBe(text.replaceAll('app.orders', 'app.sales'));
  expect(renamed('sum(or|ders')).toBe(text.replaceAll(/(?<!app\.)orders/g, 'sales'));
});
