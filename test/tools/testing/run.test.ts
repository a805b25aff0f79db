import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../../src/plan/compile.ts';
import type { ReadFile } from '../../../src/tools/testing/messages.ts';
import { reportText } from '../../../src/tools/testing/report.ts';
import type { TestResult } from '../../../src/tools/testing/result.ts';
import { runTests } from '../../../src/tools/testing/run.ts';

const shop = `
shape Line { sku: text(20)  amount: int }

entity Order {
  id:      bigint
  version: int
  total:   decimal(10, 2)
  state:   text(10)? @default("open")
  placed:  timestamp?
  tags:    text[]?
  extra:   json?
  lines:   Line[]?
  check total >= 0 "a total is never negative"
  store orders { key (id)  upsert on (id) newest by version }
}

derive OrderLine from Order as o, each o.lines as line {
  ...line
  order_id = o.id
  version  = o.version
  store lines { key (order_id, sku)  upsert on (order_id, sku) newest by version  prune by (order_id) }
}

shape Item { sku: text(20) }
entity Basket { id: int  items: Item[]  store baskets { key (id)  upsert on (id) } }
derive BasketItem from Basket as b, each b.items as item {
  ...item
  basket = b.id
  store basket_items { key (basket, sku)  upsert on (basket, sku)  prune by (basket) }
}

entity First { id: int  note: text  store firsts { key (id)  upsert on (id) keep } }
entity Last { id: int  note: text?  store lasts { key (id)  upsert on (id) replace } }
`;

const nothing: ReadFile = (path: string) => ({ problem: `there is no file ${path}` });

function run(steps: string, readFile: ReadFile = nothing, program = shop): TestResult {
  const text = `${program}\ntest "t" {\n${steps}\n}\n`;
  const analysis = analyze({ name: 'shop.nom', text });
  if (!analysis.accepted) throw new Error(renderText(analysis.findings));
  const [result] = runTests(analysis.program, compilePlan(analysis.program, 'shop.nom'), readFile);
  if (result === undefined) throw new Error('there is one test');
  return result;
}

const messagesOf = (result: TestResult): readonly string[] => result.failures.map(({ message }) => message);

const order = (rest: string): string => `given Order { "id": 1, "version": 1, "total": 9.90${rest} }`;

describe('rows', () => {
  test('a row is found by the columns that the test names', () => {
    expect(messagesOf(run(`${order('')} expect orders { "id": 1 }`))).toEqual([]);
  });

  test.each([
    ['a bigint, as number or as string', '"id": "1"'],
    ['a decimal, whatever its zeros', '"total": 9.9'],
    ['a decimal as a string', '"total": "9.90"'],
    ['an instant, whatever its offset', '"placed": "2024-01-01T12:00:00+02:00"'],
    ['a list', '"tags": ["a", "b"]'],
    ['JSON, whatever the order of its keys', '"extra": { "b": [2.50], "a": { "d": 1, "c": null } }'],
    ['null, which an absent key became', '"state": "open"'],
  ])('%s is compared as its column holds it', (_what, expected) => {
    const given = order(`, "placed": "2024-01-01T10:00:00Z", "tags": ["a", "b"],
      "extra": { "a": { "c": null, "d": 1 }, "b": [2.50] }`);
    expect(messagesOf(run(`${given} expect orders { ${expected} }`))).toEqual([]);
  });

  test('where none is as expected, the nearest stands beside it, column by column', () => {
    const result = run(`
      given Order { "id": 1, "version": 1, "total": 1, "state": "open" }
      given Order { "id": 2, "version": 7, "total": 2.5, "state": "paid" }
      expect orders { "state": "paid", "id": 2, "total": "3.00" }`);
    expect(result.failures).toMatchObject([
      {
        message: 'no row of orders matches; the closest row differs in 1 of 3 columns',
        columns: [
          { column: 'state', expected: '"paid"', found: '"paid"', same: true },
          { column: 'id', expected: '2', found: '"2"', same: true },
          { column: 'total', expected: '"3.00"', found: '"2.50"', same: false },
        ],
      },
    ]);
  });

  test('a value that the column cannot hold is in no row', () => {
    expect(messagesOf(run(`${order('')} expect orders { "total": "9.901" }`))).toHaveLength(1);
    expect(messagesOf(run(`${order('')} expect orders { "id": "one" }`))).toHaveLength(1);
  });

  test('a table without rows says so', () => {
    expect(messagesOf(run('expect orders { "id": 1 }'))).toEqual([
      'expected a row of orders, but it has none',
    ]);
  });
});

describe('tables hold what the upserts leave', () => {
  test('keep keeps the first, replace the last, newest the highest version', () => {
    const result = run(`
      given First { "id": 1, "note": "a" } given First { "id": 1, "note": "b" }
      given Last { "id": 1, "note": "a" } given Last { "id": 1 }
      given Order { "id": 1, "version": 2, "total": 2 } given Order { "id": 1, "version": 1, "total": 1 }
      expect firsts { "note": "a" } expect lasts { "note": null } expect orders { "total": 2 }
      expect count(firsts) == 1 expect count(lasts) == 1 expect count(orders) == 1`);
    expect(messagesOf(result)).toEqual([]);
  });

  test('prune by deletes the rows that a newer message no longer lists, and no others', () => {
    const lines = (version: number, skus: readonly string[], id = 1): string =>
      `given Order { "id": ${id}, "version": ${version}, "total": 1, "lines": [${skus
        .map((sku) => `{ "sku": "${sku}", "amount": ${version} }`)
        .join(', ')}] }`;
    const result = run(`
      ${lines(1, ['a', 'b'])} ${lines(1, ['x'], 2)} ${lines(2, ['b', 'c'])}
      expect count(lines) == 3
      expect lines { "sku": "b", "amount": 2 } expect lines { "sku": "c" } expect lines { "sku": "x" }
      ${lines(1, ['z'], 3)} ${lines(3, [], 3)}
      expect count(lines) == 3
      ${lines(1, [])}
      expect count(lines) == 3`);
    expect(messagesOf(result)).toEqual([]);
  });

  test('a message that is older than its own row writes nothing, not even rows that are new', () => {
    const lines = (version: number, ...skus: readonly string[]): string =>
      `given Order { "id": 1, "version": ${version}, "total": 1, "lines": [${skus
        .map((sku) => `{ "sku": "${sku}", "amount": 1 }`)
        .join(', ')}] }`;
    const result = run(`
      ${lines(2, 'a', 'b')} ${lines(1, 'a', 'b', 'c')} ${lines(2, 'd')}
      expect count(lines) == 2 expect lines { "sku": "a", "version": 2 } expect lines { "sku": "b" }`);
    expect(messagesOf(result)).toEqual([]);
  });

  const deleting = `
    entity Item {
      id: int
      version: int
      gone: bool
      store items { key (id)  upsert on (id) newest by version  delete when gone }
    }
    entity Sale { day: date  revenue: decimal(10, 2)  note: text?  store sales { key (day)  upsert on (day) add (revenue) } }
    entity Part { id: int  a: text?  b: text?  store parts { key (id)  upsert on (id) merge } }`;

  test('delete when deletes the key, unless the row is newer; add sums; merge keeps what null would overwrite', () => {
    const result = run(
      `given Item { "id": 1, "version": 1, "gone": false } given Item { "id": 2, "version": 5, "gone": false }
       given Item { "id": 1, "version": 2, "gone": true } given Item { "id": 2, "version": 4, "gone": true }
       given Item { "id": 3, "version": 1, "gone": true }
       expect count(items) == 1 expect items { "id": 2, "version": 5 }
       given Sale { "day": "2024-01-01", "revenue": 1.25, "note": "a" }
       given Sale { "day": "2024-01-01", "revenue": "2.25" }
       expect sales { "revenue": 3.5, "note": null }
       given Part { "id": 1, "a": "x" } given Part { "id": 1, "b": "y" }
       expect parts { "a": "x", "b": "y" }`,
      nothing,
      deleting,
    );
    expect(messagesOf(result)).toEqual([]);
  });

  test('without versions the last message says which rows remain', () => {
    const result = run(`
      given Basket { "id": 1, "items": [{ "sku": "a" }, { "sku": "b" }] }
      given Basket { "id": 2, "items": [{ "sku": "a" }] }
      given Basket { "id": 1, "items": [{ "sku": "b" }, { "sku": "c" }] }
      expect count(basket_items) == 3
      expect basket_items { "basket": 1, "sku": "b" } expect basket_items { "basket": 1, "sku": "c" }
      expect basket_items { "basket": 2, "sku": "a" }
      given Basket { "id": 1, "items": [] }
      expect count(basket_items) == 1`);
    expect(messagesOf(result)).toEqual([]);
  });

  test('each test begins with empty tables', () => {
    const program = `${shop}\ntest "before" { ${order('')} }\n`;
    const text = `${program}\ntest "after" { expect count(orders) == 0 }\n`;
    const { program: checked } = analyze({ name: 'shop.nom', text });
    const results = runTests(checked, compilePlan(checked, 'shop.nom'), nothing);
    expect(results.map(({ failures }) => failures)).toEqual([[], []]);
  });
});

describe('conditions', () => {
  test('a false one shows what its sides are', () => {
    const result = run(`${order('')} expect count(orders) == 2`);
    expect(messagesOf(result)).toEqual(['expected count(orders) == 2, but count(orders) is 1']);
  });

  test('of an `and` the false part is shown', () => {
    const result = run(`${order('')} expect count(orders) == 1 and count(lines) > count(orders)`);
    expect(messagesOf(result)).toEqual([
      'expected count(orders) == 1 and count(lines) > count(orders), but count(lines) is 0 and count(orders) is 1',
    ]);
  });

  test('steps run in order: a condition sees what came before it', () => {
    const result = run(`expect count(orders) == 0 ${order('')} expect count(orders) == 1`);
    expect(messagesOf(result)).toEqual([]);
  });
});

describe('rejections', () => {
  const bad = 'given Order { "id": 1, "version": 1, "total": -1 }';

  test('an expected rejection passes, with or without its code', () => {
    expect(messagesOf(run(`${bad} expect rejected`))).toEqual([]);
    expect(messagesOf(run(`${bad} expect rejected check_failed expect count(orders) == 0`))).toEqual([]);
  });

  test('another code, or no rejection, is a failure that says what happened', () => {
    expect(messagesOf(run(`${bad} expect rejected missing`))).toEqual([
      'expected the message to be rejected with missing, but it was rejected with check_failed, ' +
        'Order: a total is never negative',
    ]);
    expect(messagesOf(run(`${order('')} expect rejected`))).toEqual([
      'expected the message to be rejected, but it was accepted',
    ]);
    expect(messagesOf(run('expect rejected'))).toEqual([
      'expected the message to be rejected, but no message was given',
    ]);
  });

  test('a rejection that nobody expects is the one failure of the test', () => {
    const result = run(`given Order { "id": 1, "version": 1 } expect count(orders) == 1`);
    expect(messagesOf(result)).toEqual([
      'the message was rejected: missing, Order.total at /total: expected a value, found no such key',
    ]);
    expect(messagesOf(run(`${bad} ${order('')}`))).toHaveLength(1);
  });

  test('it says which line of a file it was, how many more there are, and what in the program refused it', () => {
    const good = '{"id": 1, "version": 1, "total": 1}';
    const lines = [good, '', good.replace('"total": 1', '"total": -1'), good, 'no JSON', ''].join('\n');
    const result = run('given Order "data/many.ndjson" expect count(orders) == 1', () => ({
      bytes: Buffer.from(lines),
    }));
    expect(messagesOf(result)).toEqual([
      'line 3 of data/many.ndjson was rejected, and 1 more of its file: ' +
        'check_failed, Order: a total is never negative (shop.nom:13:3)',
    ]);
    const one = run('given Order "data/one.json" expect count(orders) == 1', () => ({
      bytes: Buffer.from('[]'),
    }));
    expect(messagesOf(one)[0]).toMatch(/^data\/one.json was rejected: /);
  });
});

describe('messages', () => {
  test('one may stand in a file beside the program; NDJSON is a message for each line', () => {
    const files: Readonly<Record<string, string>> = {
      'one.json': '{"id": 9007199254740993, "version": 1, "total": 1}',
      'many.ndjson': '{"id": 1, "version": 1, "total": 1}\n\n{"id": 2, "version": 1, "total": 1}\n',
    };
    const read: ReadFile = (path) => ({ bytes: Buffer.from(files[path] ?? '') });
    const result = run(
      `given Order "one.json" expect orders { "id": 9007199254740993 }
       given Order "many.ndjson" expect count(orders) == 3`,
      read,
    );
    expect(messagesOf(result)).toEqual([]);
  });

  test('a file that cannot be read is a failure that names it', () => {
    expect(messagesOf(run('given Order "gone.json" expect count(orders) == 1'))).toEqual([
      'there is no file gone.json',
    ]);
  });

  const upload = `
    entity Upload {
      name: text(50) @header("x-filename")
      raw:  text @body
      store uploads { key (name)  upsert on (name) }
    }`;

  test('a raw body and headers are written as the fields that take them', () => {
    const steps =
      'given Upload { "name": "a.txt", "raw": "one" } expect uploads { "name": "a.txt", "raw": "one" }';
    expect(messagesOf(run(steps, nothing, upload))).toEqual([]);
  });

  test('a raw body may stand in a file, whose name is in the header x-filename', () => {
    const steps = 'given Upload "data/b.txt" expect uploads { "name": "b.txt", "raw": "two" }';
    expect(messagesOf(run(steps, () => ({ bytes: Buffer.from('two') }), upload))).toEqual([]);
  });

  test('they arrive at one moment with their own ids, so that a run can be repeated', () => {
    const again = (): TestResult => run(`${order('')} expect count(orders) == 2`);
    expect(again().failures.map(({ message }) => message)).toEqual(
      again().failures.map(({ message }) => message),
    );
  });
});

test('a report has a line for each test and the failures below it, with their places', () => {
  const result = run(`${order('')} expect orders { "id": 1, "total": 5 }`);
  expect(reportText('shop.nom', [{ ...result, title: 'good', failures: [] }, result], { color: false })).toBe(
    `shop.nom
  ok    good
  FAIL  t
        shop.nom:36:54: no row of orders matches; the closest row differs in 1 of 2 columns
            column  expected  closest row
            id      1         "1"
          ≠ total   5         "9.90"
`,
  );
  expect(reportText('shop.nom', [], { color: false })).toBe('shop.nom: no tests\n');
});

test('what a test says of a hostile message cannot steer the terminal', () => {
  const hostile = '\u001B[2J\u202E';
  const result = run(`${order('')} expect orders { "id": 1, "total": 5 }`);
  const failures = result.failures.map((failure) => ({
    ...failure,
    message: hostile,
    columns: [{ column: 'state', expected: hostile, found: hostile, same: false }],
  }));
  const report = reportText('shop.nom', [{ ...result, title: hostile, failures }], { color: false });
  expect(report).toContain('\\u{202e}');
  expect(
    [...report].filter((character) => hostile.includes(character) && !'[2J'.includes(character)),
  ).toEqual([]);
});
