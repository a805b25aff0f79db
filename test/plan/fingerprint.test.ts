import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import type { Program } from '../../src/model/program.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { formatFile } from '../../src/syntax/print/format.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import type { Evaluation, Plan } from '../../src/plan/plan.ts';
import { generatedProgram, generatedWiring } from '../conformance/generated-program.ts';
import { planOf } from '../support/plan.ts';
import { messageOf, programEdits } from '../support/program-edits.ts';
import { runs } from '../support/property-runs.ts';

type Files = Readonly<Record<string, string>>;

function compiled(files: Files): { readonly plan: Plan; readonly program: Program } | undefined {
  const { program, accepted } = analyze({ name: 'a.nom', text: files['a.nom'] ?? '' }, (path) => files[path]);
  return accepted ? { plan: compilePlan(program, 'a.nom'), program } : undefined;
}

function fingerprints(files: Files | string): Readonly<Record<string, string>> {
  const found = compiled(typeof files === 'string' ? { 'a.nom': files } : files);
  if (found === undefined) return { refused: '' };
  const { plan } = found;
  return Object.fromEntries([
    ['the program', plan.program],
    ...plan.entities.map((entity) => [entity.name, entity.fingerprint]),
  ]);
}

const base = `pipeline shop
enum Status { Open  Closed = "closed" }
shape Line { sku: text(20)  price: decimal(9, 2)  check price >= 0 }
fn vat(amount: decimal(9, 2)) -> decimal(20, 4) = amount * rate()
fn rate() -> decimal(3, 2) = 0.19
lookup Countries "countries.csv" { code: text(2)  name: text  key (code) }
entity Order {
  id: int
  status: Status @default("Open")
  country: text(2)
  placed: timestamp
  note: text? @json("remarks.text")
  origin: text? @header("x-origin")
  lines: Line[]
  check id > 0 "id is positive"
  ordered by (id)
  store orders { key (id)  upsert on (id) newest by placed  delete when status == Status.Closed }
}
derive OrderLine from Order as o, each o.lines as l {
  order_id = o.id
  ...l
  vat = vat(l.price)
  country = Countries[o.country]?.name
  store order_lines { key (order_id, sku)  upsert on (order_id, sku) newest by placed  prune by (order_id) }
  placed = o.placed
}
entity Other { id: int  store others { key (id)  upsert on (id) } }
`;
const countries = 'code,name\nDE,Germany\nFR,France\n';
const files = (text: string, csv = countries): Files => ({ 'a.nom': text, 'countries.csv': csv });

describe('what changes nothing', () => {
  const before = fingerprints(files(base));

  test('the program of this test is accepted', () => {
    const analysis = analyze({ name: 'a.nom', text: base }, (path) => files(base)[path]);
    expect(renderText(analysis.findings)).toBe('');
    expect(Object.keys(before)).toEqual(['the program', 'Order', 'Other']);
    for (const each of Object.values(before)) expect(each).toMatch(/^[A-Za-z0-9_-]{16}$/);
    expect(new Set(Object.values(before)).size).toBe(3);
  });

  test.each([
    ['comments', base.replace('  id: int', '  // hello\n  id: int // there')],
    [
      'doc comments',
      base
        .replace('entity Order', '/// An order.\nentity Order')
        .replace('  id: int', '  /// The id.\n  id: int'),
    ],
    ['layout', base.replaceAll('  ', '\n    ')],
    ['tests', `${base}\ntest "t" { \n  given Other {"id": 1}\n  expect count(others) == 1\n}`],
    ['where the condition of a check breaks', base.replace('check price >= 0', 'check price\n   >= 0')],
  ])('%s', (_, text) => expect(fingerprints(files(text))).toEqual(before));

  test('the file that a declaration stands in', () => {
    const lines = base.split('\n');
    const moved = lines.slice(1, 6).join('\n');
    const root = [lines[0], 'import "parts.nom"', ...lines.slice(6)].join('\n');
    expect(fingerprints({ 'a.nom': root, 'parts.nom': moved, 'countries.csv': countries })).toEqual(before);
  });

  test('another entity, for those that are there; the program is another', () => {
    const { 'the program': program, ...entities } = fingerprints(
      files(`${base}entity Aside { a: text  store aside { key (a)  upsert on (a) } }`),
    );
    expect(entities).toMatchObject({ Order: before.Order, Other: before.Other });
    expect(program).not.toBe(before['the program']);
  });

  test('ports, batches and other costs', () => {
    const roles = (settings: string): string => `pipeline p { }
stream S { subject ingest = "p.{entity}"  subject dead = "d.{entity}" }
role ingest { publish S.ingest ${settings.includes('port') ? settings : ''} }
role worker { consume S.ingest  dead_letter S.dead ${settings.includes('port') ? '' : settings} }
entity A { id: int  store a { key (id)  upsert on (id) } }`;
    const plain = fingerprints(roles(''));
    expect(plain).not.toEqual({ refused: '' });
    for (const settings of ['port: 9999', 'batch: 7', 'concurrency: 1  linger: 5s', 'ack_wait: 40s'])
      expect(fingerprints(roles(settings))).toEqual(plain);
    for (const settings of ['attempts: 2', 'on_poison: halt', 'max_rows_per_message: 7'])
      expect(fingerprints(roles(settings))['the program']).not.toBe(plain['the program']);
    expect(fingerprints(roles('max_rows_per_message: 7'))['A']).not.toBe(plain['A']);
  });
});

const changes: readonly (readonly [string, string, string])[] = [
  ['a type', 'id: int\n', 'id: bigint\n'],
  ['a field that becomes optional', 'country: text(2)\n', 'country: text(2)?\n'],
  ['a default', '"Open")', '"closed")'],
  ['a key in JSON', 'remarks.text', 'remarks.body'],
  ['a header', 'x-origin', 'x-from'],
  ['the value of an enum', '"closed"', '"shut"'],
  ['a shape', 'sku: text(20)', 'sku: text(21)'],
  ['the check of a shape', 'check price >= 0', 'check price >= 1'],
  ['the message of a check', 'id is positive', 'id must be positive'],
  ['a function', 'amount * rate()', 'amount * rate() * 2'],
  ['a function that a function calls', '0.19', '0.20'],
  ['@strict', 'entity Order {', 'entity Order @strict {'],
  ['@pii', 'country: text(2)\n', 'country: text(2) @pii\n'],
  ['the order', '  ordered by (id)\n', ''],
  ['the key', 'key (id)  upsert on (id) newest', 'unique (id)  upsert on (id) newest'],
  ['the upsert', 'newest by placed  delete when status == Status.Closed', 'replace'],
  ['when rows are deleted', 'delete when status == Status.Closed', 'delete when id == 7'],
  ['the pruning', '  prune by (order_id)', ''],
  ['a table', 'store order_lines', 'store order_rows'],
  ['a derived field', 'order_id = o.id', 'order_id = o.id + 1'],
  ['a limit', 'pipeline shop', 'pipeline shop { max_depth: 9 }'],
  ['a row filter', 'each o.lines as l {', 'each o.lines as l where l.price > 0 {'],
];

describe('what changes the fingerprint of the entity, and of nothing unrelated', () => {
  const before = fingerprints(files(base));

  test.each(changes)('%s', (name, from, to) => {
    const text = base.replace(from, to);
    expect(text).not.toBe(base);
    const after = fingerprints(files(text));
    expect(after.refused).toBeUndefined();
    expect(after.Order).not.toBe(before.Order);
    expect(after['the program']).not.toBe(before['the program']);
    expect(after.Other === before.Other).toBe(name !== 'a limit');
  });

  test('a row of a lookup', () => {
    const after = fingerprints(files(base, countries.replace('Germany', 'Deutschland')));
    expect(after.Order).not.toBe(before.Order);
    expect(after.Other).toBe(before.Other);
  });
});

/** The declarations of a file, each with its doc comment, in another order; the pipeline stays first. */
function shuffled(text: string, order: readonly number[]): string {
  const tree = parseFile({ name: 'a.nom', text }, () => undefined);
  const starts = tree.declarations.map((each) => each.span);
  const [first, ...rest] = starts.map((span) => text.slice(span.start, span.end));
  const moved = rest
    .map((part, at) => ({ part, place: order[at % order.length] ?? 0, at }))
    .toSorted((left, right) => left.place - right.place || right.at - left.at)
    .map(({ part }) => part);
  return `${[first, ...moved].join('\n\n')}\n`;
}

const examples = ['../examples/', '../../pipelines/'].flatMap((path) => {
  const folder = new URL(path, import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.nom'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .filter((text) => compiled({ 'a.nom': text }) !== undefined);
});

const anyProgram = fc.oneof(
  { weight: 4, arbitrary: generatedProgram('shop') },
  generatedWiring('shop'),
  fc.constantFrom(...examples),
);

test('layout, comments and the order of declarations change nothing', () => {
  const seen = { accepted: 0 };
  fc.assert(
    fc.property(anyProgram, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (text, order) => {
      const before = fingerprints(text);
      if (before.refused !== undefined) return;
      seen.accepted += 1;
      const formatted = formatFile({ name: 'a.nom', text });
      expect(fingerprints(formatted.kind === 'formatted' ? formatted.text : text)).toEqual(before);
      expect(fingerprints(text.replaceAll('\n', ' // a comment\n'))).toEqual(before);
      expect(fingerprints(shuffled(text, order))).toEqual(before);
    }),
    { numRuns: runs(200) },
  );
  expect(seen.accepted).toBeGreaterThan(runs(50));
}, 60_000);

/** What a message comes to, without the line of the rule that refused it. */
function outcome(plan: Plan, entity: string, body: string): unknown {
  const evaluate = plan.entities.find((each) => each.name === entity)?.evaluate;
  const found: Evaluation | undefined = evaluate?.({
    body,
    headers: {},
    messageId: '00000000-0000-7000-8000-000000000000',
    receivedAt: 0,
  });
  if (found?.kind !== 'rejected')
    return {
      ...found,
      writes: found?.writes.map((each) => ({ ...each, table: plan.tables[each.table]?.id })),
    };
  return { ...found.rejection, source: undefined };
}

test('under one fingerprint every message comes to the same rows of the same tables', () => {
  const seen = { changed: 0, same: 0 };
  const edited = fc.tuple(generatedProgram('shop'), fc.constantFrom(...programEdits), fc.nat(50));
  fc.assert(
    fc.property(edited, fc.integer(), ([text, edit, at], seed) => {
      const changed = edit.apply(text, at);
      const [before, after] = [text, changed ?? ''].map((each) => compiled({ 'a.nom': each }));
      if (before === undefined || after === undefined) return;
      for (const entity of before.program.entities) {
        const [old, now] = [before.plan, after.plan].map((plan) =>
          plan.entities.find((each) => each.name === entity.name),
        );
        if (now === undefined) continue;
        if (old?.fingerprint !== now.fingerprint) {
          seen.changed += 1;
          continue;
        }
        seen.same += 1;
        const tablesOf = (plan: Plan, indexes: readonly number[]): string =>
          JSON.stringify(indexes.map((index) => ({ ...plan.tables[index], refs: [], writers: [] })));
        expect(tablesOf(after.plan, now.tables)).toBe(tablesOf(before.plan, old.tables));
        for (const body of fc.sample(messageOf(entity), { seed, numRuns: 4 })) {
          expect(outcome(after.plan, entity.name, body)).toEqual(outcome(before.plan, entity.name, body));
        }
      }
    }),
    { numRuns: runs(400) },
  );
  expect(seen.changed).toBeGreaterThan(runs(60));
  expect(seen.same).toBeGreaterThan(runs(60));
}, 60_000);

test('entities that differ in nothing but their names have different fingerprints', () => {
  const entity = (at: number): string =>
    `entity E${at} {\n  id: int\n${Array.from({ length: 16 }, (_, n) => `  f${n}: text(${n + 1})?`).join('\n')}\n  store e${at} { key (id)  upsert on (id) }\n}\n`;
  const text = `pipeline big\n${Array.from({ length: 250 }, (_, at) => entity(at)).join('')}`;
  expect(new Set(planOf(text).entities.map((each) => each.fingerprint)).size).toBe(250);
});
