import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../../src/plan/compile.ts';
import type { ReadFile } from '../../../src/tools/testing/messages.ts';
import { reportText } from '../../../src/tools/testing/report.ts';
import type { TestResult } from '../../../src/tools/testing/result.ts';
import { runTests } from '../../../src/tools/testing/run.ts';

const shop = `
entity Customer {
  id:      int
  version: int @default(1)
  gone:    bool @default(false)
  store customers { key (id)  upsert on (id) newest by version  delete when gone }
}

shape Line { number: int  free: bool @default(false) }

entity Order {
  id:       int
  customer: int?
  friend:   int?
  hidden:   bool @default(false)
  lines:    Line[]?
  store orders {
    key (id)
    upsert on (id)
    ref (customer) -> Customer (id)
    ref (friend) -> Customer (id) soft
  }
}

derive Visible from Order as o where not o.hidden {
  id = o.id
  store visible { key (id)  upsert on (id) }
}

derive OrderLine from Order as o, each o.lines as line where not line.free {
  order  = o.id
  number = line.number
  store lines {
    key (order, number)
    upsert on (order, number)
    ref (order) -> Visible (id)
    prune by (order)
  }
}

entity Invoice {
  id:    int
  order: int
  store invoices { key (id)  upsert on (id)  ref (order) -> Order (id) }
}

entity Account {
  id:      int
  version: int @default(1)
  mail:    text?
  phone:   text?
  owner:   int?
  store accounts {
    key (id)
    unique (mail)
    unique (phone, owner) nulls equal
    upsert on (id) newest by version
    ref (owner) -> Customer (id)
  }
}
`;

function run(steps: string, readFile: ReadFile = () => ({ problem: 'no file' })): TestResult {
  const text = `${shop}\ntest "t" {\n${steps}\n}\n`;
  const analysis = analyze({ name: 'shop.nom', text });
  if (!analysis.accepted) throw new Error(renderText(analysis.findings));
  const [result] = runTests(analysis.program, compilePlan(analysis.program, 'shop.nom'), readFile);
  if (result === undefined) throw new Error('there is one test');
  return result;
}

const messagesOf = (result: TestResult): readonly string[] => result.failures.map(({ message }) => message);

const order = (id: number, customer: number | null, rest = ''): string =>
  `given Order { "id": ${id}, "customer": ${customer}${rest} }`;

test('a test may be about a child alone, and then says what it does not enforce', () => {
  const result = run(`${order(1, 7)} expect orders { "customer": 7 }`);
  expect(messagesOf(result)).toEqual([]);
  expect(result.unenforced).toEqual(['customers']);
  expect(reportText('shop.nom', [result], { color: false })).toBe(`shop.nom
  ok    t
        note: no message of this test writes customers, so references to them were not enforced
`);
});

test('a test that gives parents fails where one is missing, and names what refers to it', () => {
  const result = run(`given Customer { "id": 1 } ${order(1, 1)} ${order(2, 7)} expect count(orders) == 2`);
  expect(messagesOf(result)).toEqual([
    'the message would become a dead letter: it writes a row of orders with customer 7, and customers (id) has no such row',
    'expected count(orders) == 2, but count(orders) is 1',
  ]);
  expect(result.unenforced).toEqual([]);
});

test('what a message derives must find its parents among its own rows', () => {
  const lines = ', "lines": [{ "number": 1 }], "hidden":';
  expect(messagesOf(run(`${order(1, null, `${lines} false`)} expect count(lines) == 1`))).toEqual([]);
  expect(messagesOf(run(order(1, null, `${lines} true`)))).toEqual([
    'the message would become a dead letter: it writes a row of lines with order 1, and visible (id) has no such row',
  ]);
});

test('a child waits for its parent, and nothing of it is written before', () => {
  const steps = `${order(1, 1)} expect count(orders) == 0 expect count(visible) == 0
    given Customer { "id": 1 } expect count(orders) == 1 expect count(visible) == 1`;
  expect(messagesOf(run(steps))).toEqual([]);
});

test('those that wait for each other are written as soon as the first parent comes', () => {
  const steps = `given Invoice { "id": 3, "order": 2 } ${order(2, 1)} expect count(invoices) == 0
    given Customer { "id": 1 } expect count(orders) == 1 expect count(invoices) == 1`;
  expect(messagesOf(run(steps))).toEqual([]);
});

describe('a dead letter can be what is expected', () => {
  const given = `given Customer { "id": 1 } ${order(2, 7)}`;

  test.each(['expect rejected', 'expect rejected constraint_violation'])('%s', (expected) => {
    expect(messagesOf(run(`${given} ${expected} expect count(orders) == 0`))).toEqual([]);
  });

  test('all faults of a message that was rejected by surprise are told', () => {
    const [message] = messagesOf(run('given Order { "id": "x", "customer": [] }'));
    expect(message?.match(/Order\.\w+ at \/\w+/g)).toEqual([
      'Order.id at /id',
      'Order.customer at /customer',
    ]);
  });

  test('by another code it is none', () => {
    expect(messagesOf(run(`${given} expect rejected missing`))).toEqual([
      'expected the message to be rejected with missing, but it was rejected with constraint_violation: ' +
        'it writes a row of orders with customer 7, and customers (id) has no such row',
    ]);
  });

  test('and it does not come back with its parent', () => {
    const steps = `${given} expect rejected given Customer { "id": 7 } expect count(orders) == 0`;
    expect(messagesOf(run(steps))).toEqual([]);
  });
});

test('a parent is not deleted while others refer to it', () => {
  const gone = 'given Customer { "id": 1, "version": 2, "gone": true }';
  const steps = `given Customer { "id": 1 } given Customer { "id": 2 } ${order(1, 1)} ${gone}`;
  expect(messagesOf(run(`${steps} expect count(customers) == 2`))).toEqual([
    'the message would become a dead letter: it deletes a row of customers (id) that a row of orders with customer 1 refers to',
  ]);
  expect(messagesOf(run(`${steps} ${order(1, 2)} expect count(customers) == 1`))).toEqual([]);
});

test('null refers to nothing, and a soft reference waits for nobody', () => {
  const steps = `given Customer { "id": 1 } given Order { "id": 1, "friend": 7 } expect count(orders) == 1`;
  expect(messagesOf(run(steps))).toEqual([]);
});

test('of a file the first message is shown and the others are counted', () => {
  const lines = [7, 1, 8, 9].map((customer, id) => JSON.stringify({ id, customer })).join('\n');
  const result = run(`given Customer { "id": 1 } given Order "data/orders.ndjson"`, () => ({
    bytes: Buffer.from(lines),
  }));
  expect(messagesOf(result)).toEqual([
    'line 1 of data/orders.ndjson would become a dead letter, and 2 more of its file: ' +
      'it writes a row of orders with customer 7, and customers (id) has no such row',
  ]);
});

describe('a constraint beside that of the upsert', () => {
  const account = (id: number, rest: string): string => `given Account { "id": ${id}${rest} }`;

  test('is broken by a second row with its values: a dead letter, at once and for good', () => {
    const steps = `${account(1, ', "mail": "a"')} ${account(2, ', "mail": "a", "phone": "1"')}`;
    expect(messagesOf(run(`${steps} expect count(accounts) == 2`))).toEqual([
      'the message was rejected: constraint_violation: it writes a second row of accounts with mail "a", which is unique there',
    ]);
    const expected = `${steps} expect rejected constraint_violation expect count(accounts) == 1`;
    expect(
      messagesOf(run(`${expected} ${account(1, ', "version": 2, "mail": "b"')} expect count(accounts) == 1`)),
    ).toEqual([]);
  });

  test('is not broken by the row itself, by one that has given the values up, or by nulls', () => {
    const steps = `${account(1, ', "mail": "a", "phone": "1"')} ${account(1, ', "version": 2, "mail": "b", "phone": "2"')}
      ${account(2, ', "mail": "a", "phone": "1"')} ${account(3, ', "phone": "3"')} ${account(4, ', "phone": "4"')}
      expect count(accounts) == 4`;
    expect(messagesOf(run(steps))).toEqual([]);
  });

  test('with `nulls equal` is broken by nulls too', () => {
    expect(messagesOf(run(`${account(1, ', "phone": "1"')} ${account(2, ', "phone": "1"')}`))).toEqual([
      'the message was rejected: constraint_violation: ' +
        'it writes a second row of accounts with phone "1" and owner null, which is unique there',
    ]);
  });
});

test('a message that is superseded needs no parents', () => {
  const steps = `given Customer { "id": 1 } given Account { "id": 1, "version": 2, "phone": "1", "owner": 1 }
    given Account { "id": 1, "version": 1, "phone": "1", "owner": 7 } expect count(accounts) == 1`;
  expect(messagesOf(run(steps))).toEqual([]);
});

test('what was refused leaves nothing behind: later messages see what was there before', () => {
  const steps = `given Customer { "id": 1 } ${order(1, 1)} given Customer { "id": 1, "version": 2, "gone": true } expect rejected
    ${order(2, 1)} given Account { "id": 1, "mail": "a", "owner": 1 } expect count(orders) == 2`;
  expect(messagesOf(run(steps))).toEqual([]);
});

test('many messages with many references take a moment', () => {
  const customers = Array.from({ length: 5000 }, (_, id) => JSON.stringify({ id })).join('\n');
  const orders = Array.from({ length: 5000 }, (_, id) => JSON.stringify({ id, customer: id })).join('\n');
  const files: Readonly<Record<string, string>> = { 'c.ndjson': customers, 'o.ndjson': orders };
  const read: ReadFile = (path) => ({ bytes: Buffer.from(files[path] ?? '') });
  expect(
    messagesOf(run('given Order "o.ndjson" given Customer "c.ndjson" expect count(orders) == 5000', read)),
  ).toEqual([]);
});
