import { expect, test } from 'vitest';
import { advance, begin, expectedIn } from '../../grammar/expectation.ts';
import { nomParser } from '../../grammar/parser.ts';
import { tokenize } from '../../grammar/tokens.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { exampleRules } from '../../src/syntax/recovery/example.ts';

/* Whoever makes a mistake is told what to write, wherever the mistake is and whatever it is. */

/** Declarations that together have every rule of the grammar. */
const declarations: readonly string[] = [
  'pipeline shop { a: "b"  c: -1.5  d: 1s..1m  e: 5MB  f: [true, false]  g: word }',
  'import "shared.nom"',
  'enum Status { Open  Done = "done" }',
  'shape Line { sku: text }',
  `entity @strict Order @open {
    id: int @default(1)
    price: decimal(10, 2)[]?
    total: int = if id > 1 then -id else id * 2 % 3
    check not id == 1 or id != 2 and id + 1 < 3 "why"
    ordered by (id)
    signed by github("x")
    on_refused: answer
    ...Line
  }`,
  `entity Stored {
    store app.orders existing {
      key (id)  unique (id, total) nulls equal
      upsert on (id) newest by total
      ref (id) -> Other (id) soft
      index (id)  prune by (id)  duplicates last  delete when id == 1
    }
  }`,
  `derive Row from Order as o, each o.lines as l, optional o.x where o.id > 1 {
    id = o.id ?? 3
    a = (1 + max(o.id, 2)) / L[o.id]?.name
    b = match o.s { Status.Open -> 1  -1 -> 2  "x" -> 3  null -> 4  else -> 5 }
    store rows { key (id)  upsert on (id) add (a) }
  }`,
  'lookup L "l.csv" { code: text  key (code) }',
  'fn f(a: text?, b: int) -> text = trim(a)',
  'secret token',
  'stream S { subject ingest = "a.{entity}"  max_age: 7d }',
  'role worker { consume S.ingest only A, B  dead_letter S.dead  publish S.x  port: 1 }',
  `test "t" {
    given Order { "id": -1, "a": [null, true, { "b": "c" }] }
    given Order "orders.json"
    expect app.rows { "id": 1 }
    expect rejected NOT_NULL
    expect count(rows) == 1
  }`,
];

/** What stands in a wrong place. */
const WRONG = ['%', '}', ')', 'name', '"text"', '3', '->', '{', 'if', ',', ':', '"open', '7x', 'ä', '|'];

function findingsOf(text: string): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  parseFile({ name: 'a.nom', text }, (finding) => void findings.push(finding));
  return findings;
}

/** At every other token one fault: it is left out, or another stands in its place or before it. */
function faulty(text: string): readonly string[] {
  const { tokens } = tokenize(text);
  return tokens.flatMap(({ startOffset: from, image }, index) => {
    const [before, behind] = [text.slice(0, from), text.slice(from + image.length)];
    const wrong = WRONG[index % WRONG.length] ?? '%';
    if (index % 2 > 0) return [];
    if (index % 6 === 0) return [`${before}${behind}`];
    return [`${before} ${wrong} ${index % 6 === 2 ? '' : image}${behind}`];
  });
}

test('the declarations are whole, and have every rule of the grammar', () => {
  const seen = new Set<string>();
  for (const text of declarations) {
    expect(findingsOf(text)).toEqual([]);
    let state = begin('declaration');
    for (const token of tokenize(text).tokens) {
      for (const { rule } of expectedIn(state)) seen.add(rule);
      state = advance(state, token);
    }
  }
  const rules = Object.values(nomParser().getGAstProductions()).filter(({ definition }) =>
    definition.some((part) => 'terminalType' in part),
  );
  expect(rules.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
});

test('every rule of the grammar has an example for its help', () => {
  const rules = Object.keys(nomParser().getGAstProductions());
  expect(rules.filter((rule) => !exampleRules.has(rule))).toEqual([]);
});

test.each(declarations.map((text) => [text.split(' ', 2).join(' '), text] as const))(
  'no fault in `%s` is without help',
  (_, declaration) => {
    const silent = faulty(declaration).flatMap((text) =>
      findingsOf(text)
        .filter(({ severity, help }) => severity === 'error' && help === undefined)
        .map(({ code, message }) => `${code} ${message}: ${text}`),
    );
    expect(silent).toEqual([]);
  },
);
