import { describe, expect, test } from 'vitest';
import { against } from '../../../src/checks/against/against.ts';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import type { Program } from '../../../src/model/program.ts';

const base = `pipeline shop { max_depth: 20 }

stream SHOP {
  subject ingest = "shop.ingest.{entity}"
  subject dead = "shop.dead.{entity}"
  max_age: 7d
}
role ingest { publish SHOP.ingest }
role worker { consume SHOP.ingest  dead_letter SHOP.dead }

enum Status { Open  Closed = "closed" }
shape Line { sku: text(20)  price: decimal(9, 2)  note: text? }
fn vat(amount: decimal(9, 2)) -> decimal(20, 4) = amount * rate()
fn rate() -> decimal(3, 2) = 0.19
lookup Countries "countries.csv" { code: text(2)  name: text  key (code) }

entity Order {
  id: int
  status: Status
  country: text(2)
  placed: timestamp
  channel: text @default("web")
  note: text? @json("remarks.text")
  origin: text? @header("x-origin")
  lines: Line[]
  label: text = upper(country)
  check id > 0 "id is positive"
  ordered by (id)
  store orders { key (id)  upsert on (id) newest by placed  delete when status == Status.Closed }
}
derive OrderLine from Order as o, each o.lines as l {
  order_id = o.id
  ...l
  vat = vat(l.price)
  country = Countries[o.country]?.name
  placed = o.placed
  store order_lines { key (order_id, sku)  upsert on (order_id, sku) newest by placed  prune by (order_id) }
}
entity Other { id: int  text: text?  store others { key (id)  upsert on (id) } }
`;
const countries = 'code,name\nDE,Germany\nFR,France\n';

function programOf(text: string, csv = countries): Program {
  const { program, accepted, findings } = analyze({ name: 'shop.nom', text }, () => csv);
  expect(accepted, renderText(findings)).toBe(true);
  return program;
}

const old = programOf(base);

function codesOf(text: string, csv = countries): readonly string[] {
  const findings = against(old, programOf(text, csv));
  // Every sentence says what to do.
  for (const { help, severity } of findings) expect([severity, typeof help]).toEqual(['warning', 'string']);
  return findings.map(({ code }) => code).toSorted();
}

const step = (from: string, to: string): string => {
  const text = base.replace(from, to);
  expect(text).not.toBe(base);
  return text;
};

describe('a step that costs something', () => {
  test.each<[string, string, string, string]>([
    [
      'an entity is removed',
      'entity Other { id: int  text: text?  store others { key (id)  upsert on (id) } }',
      '',
      '601 604',
    ],
    ['an entity is renamed', 'entity Other', 'entity Others', '601'],
    ['a field is new and required', '  country: text(2)\n', '  country: text(2)\n  city: text\n', '602 603'],
    ['a field becomes required', 'note: text? @json', 'note: text @json', '602 603'],
    [
      'a field of a shape becomes required',
      'price: decimal(9, 2)  note: text?',
      'price: decimal(9, 2)  note: text',
      '602 603',
    ],
    ['a default goes', ' @default("web")', '', '602'],
    ['a field is read from another key', '"remarks.text"', '"remarks"', '602'],
    [
      'a field is required and read from another key',
      'placed: timestamp\n',
      'placed: timestamp @json("at")\n',
      '602',
    ],
    ['a text becomes shorter', 'sku: text(20)', 'sku: text(19)', '602 603'],
    ['a type changes', 'channel: text @default("web")', 'channel: int @default(1)', '602 603'],
    ['a decimal loses digits', 'price: decimal(9, 2)', 'price: decimal(8, 2)', '602 602 603'],
    ['a value of an enum goes', 'Closed = "closed"', 'Closed = "shut"', '602 603 606'],
    ['@strict comes', 'entity Order {', 'entity Order @strict {', '602'],
    ['a check comes', '  ordered by', '  check country != "XX"\n  ordered by', '602'],
    ['a check changes', 'check id > 0', 'check id > 1', '602'],
    ['a check reads a value that changes', 'check id > 0', 'check label != "X" ', '602'],
    ['a check of a shape comes', 'note: text? }', 'note: text?  check price > 0 }', '602'],
    ['a header becomes required', 'origin: text? @header', 'origin: text @header', '602 603'],
    ['a function that can fail changes', 'amount * rate()', 'amount * rate() * 2', '602'],
    ['a function that a function calls changes', '0.19', '0.20', '602'],
    [
      'a derived value can fail',
      'placed = o.placed\n',
      'placed = o.placed\n  half: int? = parse_int(l.sku)\n',
      '602',
    ],
    ['a limit is lowered', 'max_depth: 20', 'max_depth: 19', '602'],
    [
      'rows for a message are limited',
      'dead_letter SHOP.dead',
      'dead_letter SHOP.dead  max_rows_per_message: 9',
      '602',
    ],
    ['a computed column takes no null', '  ordered by', '  kind: text = "a"\n  ordered by', '603'],
    ['a reference comes', 'key (order_id, sku)', 'key (order_id, sku)  ref (order_id) -> Order (id)', '603'],
    ['a column of a table goes', 'text: text?  store', 'store', '604'],
    ['a table is renamed', 'store others', 'store the_others', '604'],
    ['a table gets a schema', 'store others', 'store app.others', '604'],
    ['a subject changes', '"shop.ingest.{entity}"', '"shop.in.{entity}"', '605 605'],
    ['messages are kept for a shorter time', 'max_age: 7d', 'max_age: 6d', '605'],
    ['partitions change', 'max_age: 7d', 'max_age: 7d  partitions: 3', '605'],
    ['messages are kept in memory', 'max_age: 7d', 'max_age: 7d  storage: memory', '605'],
    ['the order goes', '  ordered by (id)\n', '', '605'],
    ['the order changes', 'ordered by (id)', 'ordered by (country)', '605'],
    ['the pipeline is renamed', 'pipeline shop', 'pipeline store', '605'],
    [
      'a consumer takes other messages',
      'consume SHOP.ingest',
      'consume SHOP.ingest only Order, Other',
      '605',
    ],
    [
      'the upsert changes',
      'others { key (id)  upsert on (id)',
      'others { key (id)  upsert on (id) keep',
      '606',
    ],
    [
      'the key changes',
      'others { key (id)  upsert on (id)',
      'others { unique (id, text) nulls equal  upsert on (id, text)',
      '606 606',
    ],
    ['rows are deleted by another rule', 'delete when status == Status.Closed', 'delete when id == 7', '606'],
    ['lists are not pruned any more', '  prune by (order_id)', '', '606'],
  ])('%s', (_, from, to, expected) => {
    expect(codesOf(step(from, to)).join(' ')).toBe(expected.replaceAll(/\d{3}/g, 'NOM$&'));
  });

  test('a row of a lookup, where a value that it gives can fail', () => {
    const text = base.replace('?.name\n', '?.name ?? fail("unknown")\n');
    const findings = against(programOf(text), programOf(text, countries.replace('FR,France\n', '')));
    expect(findings.map(({ code }) => code)).toEqual(['NOM602']);
  });
});

describe('a step that costs nothing', () => {
  test.each<[string, string, string]>([
    ['a comment', 'entity Order', '/// An order.\nentity Order'],
    ['a field that may be absent', '  country: text(2)\n', '  country: text(2)\n  city: text?\n'],
    ['a field that becomes optional', '  placed: timestamp', '  placed: timestamp\n  paid: timestamp?'],
    ['a wider text', 'sku: text(20)', 'sku: text(21)'],
    ['a text without a limit', 'sku: text(20)', 'sku: text'],
    ['one more value of an enum', 'Open  Closed', 'Open  Held  Closed'],
    ['a check that goes', '  check id > 0 "id is positive"\n', ''],
    ['another message of a check', '"id is positive"', '"id must be positive"'],
    ['another default', '@default("web")', '@default("shop")'],
    ['another value that cannot fail', 'upper(country)', 'lower(country)'],
    [
      'an entity',
      'entity Other',
      'entity More { id: int  check id > 3  store more { key (id)  upsert on (id) } }\nentity Other',
    ],
    [
      'a derived table that cannot fail',
      'entity Other',
      'derive Copy from Order as o { id = o.id  store copies { key (id)  upsert on (id) } }\nentity Other',
    ],
    ['an index', 'upsert on (id) newest by placed', 'upsert on (id) newest by placed  index (country)'],
    ['a soft reference', 'key (order_id, sku)', 'key (order_id, sku)  ref (order_id) -> Order (id) soft'],
    ['a higher limit', 'max_depth: 20', 'max_depth: 21'],
    ['a longer time', 'max_age: 7d', 'max_age: 8d'],
    ['costs', 'dead_letter SHOP.dead', 'dead_letter SHOP.dead  batch: 7  attempts: 9'],
    ['a port', 'publish SHOP.ingest', 'publish SHOP.ingest  port: 9999'],
    ['a new order of declarations', 'enum Status { Open  Closed = "closed" }\nshape', 'shape'],
  ])('%s', (name, from, to) => {
    const moved = name === 'a new order of declarations' ? '\nenum Status { Open  Closed = "closed" }\n' : '';
    expect(renderText(against(old, programOf(step(from, to) + moved)))).toBe('');
  });
});

test('what is gone is shown where it stood in the old file, everything else in the new one', () => {
  const now = programOf(step('entity Other { id: int  text: text?', 'entity Others { id: int'));
  const places = against(old, now).map(({ code, primary }) => [code, primary.span.file === old.source]);
  expect(places).toEqual([
    ['NOM601', true],
    ['NOM604', true],
  ]);
  const check = against(old, programOf(step('check id > 0', 'check id > 1')));
  expect(check.map(({ primary }) => primary.span.file === old.source)).toEqual([false]);
});
