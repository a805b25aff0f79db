import { expect, test } from 'vitest';
import { contextualWords } from '../../grammar/tokens.ts';
import { spanText } from '../../src/text/source.ts';
import type { StoreTree } from '../../src/syntax/store-tree.ts';
import type { FieldTree } from '../../src/syntax/tree.ts';
import { declarationsOf, onlyOf } from './read.ts';

test('a field may have any name but the ten reserved words', () => {
  const body = contextualWords.map((name) => `${name}: text  copy_of_${name} = ${name}`).join('\n');
  const typed = onlyOf('entity', `entity Order {\n${body}\n}`).members.filter(
    (member): member is FieldTree => member.kind === 'field' && member.type !== undefined,
  );
  expect(typed.map((field) => field.name.text)).toEqual([...contextualWords]);
});

test('keys, entities, roles and settings may have such names too', () => {
  const { members } = onlyOf(
    'entity',
    'entity store { key: int  store store { key (key)  upsert on (key) keep } }',
  );
  const store = members.find((member): member is StoreTree => member.kind === 'store');
  expect(store?.table.text).toBe('store');
  expect(store?.items.map((item) => item.kind)).toEqual(['key', 'upsert']);
  const role = onlyOf('role', 'role role { publish stream.subject  publish: 1  consume: 2  only: 3 }');
  expect(role.links.map((link) => link.path.parts.map((part) => part.text))).toEqual([['stream', 'subject']]);
  expect(role.settings.map((setting) => setting.name.text)).toEqual(['publish', 'consume', 'only']);
});

test('a source may be called `each`, and a setting behind a consumed subject `only`', () => {
  const { sources } = onlyOf('derive', 'derive D from each.lines as x, optional as y, each each as z { }');
  expect(sources.map(({ mode, path }) => [mode, path.parts.map(({ text }) => text).join('.')])).toEqual([
    ['one', 'each.lines'],
    ['one', 'optional'],
    ['each', 'each'],
  ]);
  const role = onlyOf('role', 'role r { consume S.a only: 3 consume S.b only A, B }');
  expect(role.links.map(({ only }) => only.length)).toEqual([0, 2]);
});

test('a whole file may stand on one line', () => {
  const kinds = declarationsOf(
    'pipeline shop import "a.nom" enum E { A B = "b" } entity Ping { id: uuid store pings { key (id) } } fn f() -> int = 1 role r {}',
  ).map(({ kind }) => kind);
  expect(kinds).toEqual(['pipeline', 'import', 'enum', 'entity', 'fn', 'role']);
});

test('a store has all its parts', () => {
  const { members } = onlyOf(
    'entity',
    `entity Order {
      store sales.orders existing {
        key (id)
        unique (a, b) nulls equal
        upsert on (id) newest by version
        upsert on (a, b) add (total, count)
        ref (customer) -> Customer (id) soft
        index (a)
        prune by (id)
        delete when gone == true
      }
    }`,
  );
  const [store] = members;
  if (store?.kind !== 'store') throw new Error('no store');
  expect([store.schema?.text, store.table.text, store.existing]).toEqual(['sales', 'orders', true]);
  const [, unique, newest, add, ref, , , remove] = store.items;
  expect(unique?.kind === 'unique' && unique.nullsEqual).toBe(true);
  expect(newest?.kind === 'upsert' && newest.action.kind === 'newest' && newest.action.by.text).toBe(
    'version',
  );
  expect(add?.kind === 'upsert' && add.action.kind === 'add' && spanText(add.action.span)).toBe(
    'add (total, count)',
  );
  expect(ref?.kind === 'ref' && [ref.target.text, ref.soft]).toEqual(['Customer', true]);
  expect(remove === undefined ? '' : spanText(remove.span)).toBe('delete when gone == true');
});

test('an upsert that does not say what it does replaces', () => {
  const [store] = onlyOf('entity', 'entity A { store a { upsert on (id) } }').members;
  const item = store?.kind === 'store' ? store.items[0] : undefined;
  expect(item?.kind === 'upsert' && item.action).toEqual({ kind: 'replace' });
});

test('a derivation has sources, a filter and spreads', () => {
  const derive = onlyOf(
    'derive',
    'derive D from A as a, each a.lines as line, optional B where a.x != null { ...line  y = 1 }',
  );
  expect(derive.sources.map(({ mode, alias }) => [mode, alias?.text])).toEqual([
    ['one', 'a'],
    ['each', 'line'],
    ['optional', undefined],
  ]);
  expect(derive.where === undefined ? '' : spanText(derive.where.span)).toBe('a.x != null');
  expect(derive.members.map(({ kind }) => kind)).toEqual(['spread', 'field']);
});

test('an entity takes attributes before and after its name', () => {
  for (const header of ['entity Order @strict', 'entity @strict Order']) {
    const entity = onlyOf('entity', `${header} { id: int }`);
    expect([entity.name.text, entity.attributes.map(({ name }) => name.text)]).toEqual(['Order', ['strict']]);
  }
});

test('an entity is signed by a scheme, and may have fields of these names', () => {
  const { members } = onlyOf(
    'entity',
    'entity E { signed: text  on_refused: text  on_refused: answer  signed by hmac(A, "x", sha256, hex)  answer: int }',
  );
  expect(members.map(({ kind }) => kind)).toEqual(['field', 'field', 'refused', 'signed', 'field']);
  const [, , refused, signed] = members;
  if (refused?.kind !== 'refused' || signed?.kind !== 'signed') throw new Error('they are missing');
  expect([spanText(refused.span), refused.action]).toEqual(['on_refused: answer', 'answer']);
  expect([spanText(signed.span), signed.scheme.text]).toEqual([
    'signed by hmac(A, "x", sha256, hex)',
    'hmac',
  ]);
  expect(signed.arguments.map(({ kind }) => kind)).toEqual(['word', 'string', 'word', 'word']);
});

test('a secret is a name and nothing else', () => {
  const [secret] = declarationsOf('/// Of the shop.\nsecret SHOP entity E { }');
  if (secret?.kind !== 'secret') throw new Error('no secret');
  expect([secret.name.text, secret.doc, spanText(secret.span)]).toEqual([
    'SHOP',
    'Of the shop.',
    'secret SHOP',
  ]);
});

test('an entity is ordered by fields, one of which may be called `ordered` or `by`', () => {
  const { members } = onlyOf(
    'entity',
    'entity E { ordered: int  by = ordered + 1  ordered by (ordered, by)  check ordered > 1 }',
  );
  expect(members.map(({ kind }) => kind)).toEqual(['field', 'field', 'ordered', 'check']);
  const [, , ordered] = members;
  if (ordered?.kind !== 'ordered') throw new Error('no order');
  expect(ordered.fields.names.map(({ text }) => text)).toEqual(['ordered', 'by']);
  expect([spanText(ordered.span), spanText(ordered.fields.span)]).toEqual([
    'ordered by (ordered, by)',
    '(ordered, by)',
  ]);
});

test('a type has parameters, a list mark and a null mark', () => {
  const [field] = onlyOf('shape', 'shape S { a: decimal(15, 2)[]? @json("x") @default(-1.50) = b }').members;
  if (field?.kind !== 'field' || field.type === undefined) throw new Error('no field');
  const { parameters, list, nullable, span } = field.type;
  expect([parameters.map(({ text }) => text), list, nullable]).toEqual([['15', '2'], true, true]);
  expect(spanText(span)).toBe('decimal(15, 2)[]?');
  expect(field.attributes.map(({ arguments: values }) => values[0])).toMatchObject([
    { kind: 'string', value: 'x' },
    { kind: 'number', text: '-1.50' },
  ]);
});

test('settings are durations in milliseconds, sizes in bytes, ranges, words and lists', () => {
  const { settings } = onlyOf(
    'stream',
    'stream S { a: 500ms b: 30s c: 2m d: 1h e: 7d f: 1KB g: 64MB h: 10GB i: 1s..1m j: halt k: [a, 1, "x"] l: true m: -5 }',
  );
  expect(settings.map(({ value }) => value)).toMatchObject([
    { kind: 'duration', milliseconds: 500 },
    { kind: 'duration', milliseconds: 30_000 },
    { kind: 'duration', milliseconds: 120_000 },
    { kind: 'duration', milliseconds: 3_600_000 },
    { kind: 'duration', milliseconds: 604_800_000 },
    { kind: 'size', bytes: 1024 },
    { kind: 'size', bytes: 67_108_864 },
    { kind: 'size', bytes: 10_737_418_240 },
    { kind: 'range', from: { milliseconds: 1000 }, to: { milliseconds: 60_000 } },
    { kind: 'word', value: 'halt' },
    { kind: 'list', items: [{ kind: 'word' }, { kind: 'number' }, { kind: 'string' }] },
    { kind: 'boolean', value: true },
    { kind: 'number', text: '-5' },
  ]);
});

test('a lookup has fields and keys, and a function has parameters', () => {
  const lookup = onlyOf('lookup', 'lookup Rates "rates.csv" { currency: text(3)  key (currency)  key: int }');
  expect([lookup.path.value, lookup.fields.length, lookup.keys.length]).toEqual(['rates.csv', 2, 1]);
  const fn = onlyOf('fn', 'fn f(a: text?, b: int[]) -> text = a');
  expect(fn.parameters.map(({ name, type }) => [name.text, type.nullable, type.list])).toEqual([
    ['a', true, false],
    ['b', false, true],
  ]);
});

test('a message in a test keeps its JSON digit for digit', () => {
  const { steps } = onlyOf(
    'test',
    `test "t" {
      given Order { "n": 12345678901234567890, // a comment
        "list": [ -1.50, true, null, { "a": "x\\"" } ] }
      given Order [ {} ]
      given Order "order.json"
      expect rejected
      expect rejected too_long
      expect rejected == 2
      expect rejected { "a": 1 }
      expect count(orders) == 1
    }`,
  );
  const [given, list, file, ...expected] = steps;
  expect(given?.kind === 'given' && given.input.kind === 'json' && given.input.text).toBe(
    '{"n":12345678901234567890,"list":[-1.50,true,null,{"a":"x\\""}]}',
  );
  expect(list?.kind === 'given' && list.input.kind === 'json' && list.input.text).toBe('[{}]');
  expect(file?.kind === 'given' && file.input.kind === 'file' && file.input.path.value).toBe('order.json');
  expect(expected.map((step) => (step.kind === 'expect' ? step.what : 'given'))).toEqual([
    'rejected',
    'rejected',
    'condition',
    'row',
    'condition',
  ]);
  expect(expected[1]).toMatchObject({ code: { text: 'too_long' } });
});

test('a doc comment belongs to what follows it, whatever stands between its lines', () => {
  const entity = onlyOf(
    'entity',
    `/// One order.
// for readers of the file only
///
/// Two paragraphs.
entity Order {
  /// Its number.
  id: int
  note: text //// no doc comment
  /// Its table.
  store orders { key (id) }
}`,
  );
  expect(entity.doc).toBe('One order.\n\nTwo paragraphs.');
  expect(entity.members.map((member) => ('doc' in member ? member.doc : undefined))).toEqual([
    'Its number.',
    undefined,
    'Its table.',
  ]);
  expect(spanText(entity.span).startsWith('entity Order {')).toBe(true);
});

test('an empty file, and one of comments only, have no declarations', () => {
  expect(declarationsOf('')).toEqual([]);
  expect(declarationsOf('// nothing\r\n\r\n')).toEqual([]);
});
