import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf } from '../support/plan.ts';

/** The order key of a message of an entity with these fields, ordered by what is listed. */
function orderKeys(
  fields: string,
  list: string,
): (message: unknown, headers?: Record<string, string>) => string {
  const [entity] = planOf(`
    enum Kind { A = "a"  B = "b" }
    entity Order { id: int  kind: Kind @default("a")  ${fields}  ordered by (${list})  store orders { key (id)  upsert on (id) } }
  `).entities;
  return (message, headers = {}) => {
    const body = typeof message === 'string' ? message : JSON.stringify({ id: 1, ...(message as object) });
    const result = entity?.evaluate({ body, headers, messageId: '0', receivedAt: 0 });
    if (result?.kind !== 'rows' || result.orderKey === undefined) throw new Error(JSON.stringify(result));
    return result.orderKey;
  };
}

test.each([
  ['decimal(10, 2)', ['1', '1.0', '1.00', '"1"', '"1.00"', '1e0', '10e-1']],
  ['decimal(10, 2)', ['0', '-0', '"-0.00"', '0e5']],
  ['decimal(30, 20)', ['0.1', '"0.10"', '1e-1']],
  ['int', ['7', '"7"', '7.0']],
  ['bigint', ['12345678901234567890'.slice(0, 18), `"${'12345678901234567890'.slice(0, 18)}"`]],
  [
    'timestamp',
    [
      '"2024-03-01T05:00:00Z"',
      '"2024-02-29T23:30:00-05:30"',
      '"2024-03-01T05:00:00.000Z"',
      '"2024-03-01T05:00Z"',
    ],
  ],
  ['uuid', ['"6f0a2b1c-1111-4222-8333-0123456789ab"', '"6F0A2B1C-1111-4222-8333-0123456789AB"']],
  ['time', ['"10:30:00"', '"10:30:00.0"']],
  ['text', ['"caf\\u00e9"', '"café"']],
])('%s: one value is one key, however it is spelt', (type, spellings) => {
  const keyOf = orderKeys(`a: ${type}`, 'a');
  const keys = spellings.map((spelling) => keyOf(`{"id": 1, "a": ${spelling}}`));
  expect(new Set(keys).size).toBe(1);
});

test.each([
  ['text', ['"a"', '"A"', '"a "', '""', '"1"']],
  ['decimal(10, 2)', ['1', '1.01', '-1', '10']],
  ['bigint', ['9007199254740992', '9007199254740993']],
  ['timestamp', ['"2024-03-01T05:00:00Z"', '"2024-03-01T05:00:00+01:00"', '"2024-03-01T05:00:00.000001Z"']],
  ['bool', ['true', 'false']],
  ['Kind', ['"a"', '"b"']],
])('%s: different values are different keys', (type, values) => {
  const keyOf = orderKeys(`a: ${type}`, 'a');
  const keys = values.map((value) => keyOf(`{"id": 1, "a": ${value}}`));
  expect(new Set(keys).size).toBe(values.length);
});

test('several fields: equal keys exactly where all values are equal', () => {
  const keyOf = orderKeys('a: text  b: text  c: decimal(12, 3)  d: bigint', 'a, b, c, d');
  // Digits, colons and quotes: what a careless separator would take for its own.
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('1', '2', ':', ',', '"', '\\', '|', 'a'), maxLength: 4 }),
    fc.string({ maxLength: 6 }).filter((each) => !each.includes('\u0000')),
  );
  const thousandths = fc.integer({ min: -2000, max: 2000 });
  const message = fc.record({
    a: text,
    b: text,
    c: thousandths,
    d: fc.constantFrom('1', '01'.slice(1), '12', '-1'),
  });
  const spelt = ({ a, b, c, d }: { a: string; b: string; c: number; d: string }, loose: boolean) =>
    keyOf({ a, b, c: loose ? c / 1000 : (c / 1000).toFixed(3), d: loose ? Number(d) : d });
  fc.assert(
    fc.property(message, message, fc.boolean(), (one, other, loose) => {
      expect(spelt(one, true)).toBe(spelt(one, false));
      const equal = one.a === other.a && one.b === other.b && one.c === other.c && one.d === other.d;
      expect(spelt(one, loose) === spelt(other, !loose)).toBe(equal);
    }),
    { numRuns: 500 },
  );
});

test('texts never run into each other, whatever stands in them', () => {
  const keyOf = orderKeys('a: text  b: text', 'a, b');
  const text = fc.string({
    unit: fc.constantFrom('1', '2', ':', ',', '"', '\\', '|', 'a', '\u001f'),
    maxLength: 3,
  });
  fc.assert(
    fc.property(
      text,
      text,
      text,
      fc.constantFrom('', ':', ',', '","', '|', '\u001f', '1:', ':1:'),
      (x, y, z, separator) => {
        const early = { a: x, b: `${y}${separator}${z}` };
        const late = { a: `${x}${separator}${y}`, b: z };
        expect(keyOf(early) === keyOf(late)).toBe(early.a === late.a && early.b === late.b);
      },
    ),
    { numRuns: 500 },
  );
});

test('computed fields, headers and defaults make keys as what is read does', () => {
  const keyOf = orderKeys(
    'x: decimal(6, 2)  y: decimal(6, 2)  sum = x + y  site: text @header("x-site")  region: text @default("eu")',
    'sum, site, region',
  );
  expect(keyOf({ x: 1, y: 2.5 }, { 'x-site': 'a' })).toBe(
    keyOf({ x: '2.50', y: '1.00', region: 'eu' }, { 'x-site': 'a' }),
  );
  expect(keyOf({ x: 1, y: 2.5 }, { 'x-site': 'a' })).not.toBe(keyOf({ x: 1, y: 2.5 }, { 'x-site': 'b' }));
  expect(keyOf({ x: 1, y: 2 }, { 'x-site': 'a' })).not.toBe(keyOf({ x: 1, y: 2.5 }, { 'x-site': 'a' }));
});

test('a computed number is one key whichever way it was computed', () => {
  const keyOf = orderKeys('x: decimal(8, 4)  kind2 = if x > 0 then x * 1 else 0 - x', 'kind2');
  expect(keyOf({ x: 1.5 })).toBe(keyOf({ x: -1.5 }));
  expect(keyOf({ x: 0 })).toBe(keyOf({ x: '-0.0' }));
});

test('an entity that is not ordered has no key', () => {
  const [entity] = planOf('entity Order { id: int  store orders { key (id)  upsert on (id) } }').entities;
  const result = entity?.evaluate({ body: '{"id": 1}', headers: {}, messageId: '0', receivedAt: 0 });
  expect(result).not.toHaveProperty('orderKey');
});
