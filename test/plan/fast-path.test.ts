import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { compileFastPath } from '../../src/plan/decode/fast/fast-path.ts';
import type { Reading } from '../../src/plan/decode/refused.ts';
import { placeOf } from '../../src/plan/evaluate/own-fields.ts';
import type { ColumnType } from '../../src/types/column-type.ts';
import { columnTypes } from '../../src/types/registry.ts';
import { runs } from '../support/property-runs.ts';
import { decoded } from '../types/decoding.ts';
import { evaluate } from './evaluating.ts';

const SHOP = `
enum Status   { Open = "O"  Paid = "P" }
shape Address { zip: text(5)  city: text(20)? }
shape Part    { code: text(4)  weight: float? }
shape Line    { number: int  price: decimal(9, 2)?  parts: Part[]?  gift: bool?  check number > 0 "from 1" }
entity Order {
  id:      bigint
  status:  Status
  total:   decimal(9, 2)?
  paid:    bool @default(false)
  day:     date?
  at:      timestamp?
  note:    text(6)? @json("a note (*)")
  address: Address?
  lines:   Line[]
  tags:    text(3)[]?
  trace:   text(5)? @header("x-trace")
  double:  decimal(10, 2)? = total * 2
  check (total ?? 0) >= 0 "a total is never negative"
  store orders { key (id)  upsert on (id) }
}
derive OrderLine from Order as o, each o.lines as line {
  id: bigint = o.id
  ...line
  store lines { key (id, number)  upsert on (id, number) }
}`;

const analysis = analyze({ name: 'shop.nom', text: SHOP });
const fresh = () => compilePlan(analysis.program, 'shop.nom');

const reading = (body: string, headers: Readonly<Record<string, string>> = {}): Reading => ({
  refused: undefined,
  alsoRefused: [],
  collects: false,
  unknownKeys: 0,
  unknownNames: undefined,
  body,
  plain: true,
  headers,
  meta: null,
});

const LIMITS = { maxDepth: 64, maxListLength: 100_000 };

function fastPath(text = SHOP) {
  const { program, accepted } = analyze({ name: 'shop.nom', text });
  const [entity] = program.entities;
  if (entity === undefined || !accepted) throw new Error('the program is not accepted');
  const fast = compileFastPath(entity, placeOf, LIMITS);
  if (fast === undefined) throw new Error('the entity has no patterns');
  return fast;
}

const ORDER =
  '{"id":7,"status":"O","total":12.50,"day":"2026-01-02","lines":[{"number":1,"price":3,"parts":[{"code":"ab","weight":1.5}]}],"tags":["a"]}';

test('a message is read as the one before was written, keys, blanks and all', () => {
  const fast = fastPath();
  expect(fast.read(ORDER, reading(ORDER))).toBeUndefined();
  fast.addPattern(JSON.parse(ORDER), ORDER);
  for (const text of [ORDER, ORDER.replaceAll(':', ': ').replaceAll(',', ', '), ` ${ORDER}\n`])
    expect(fast.read(text, reading(text, { 'x-trace': 't' }))).toEqual([
      ...[7n, 'O', '12.50', false, '2026-01-02', null, null, null],
      ...[[[1, '3.00', [['ab', 1.5]], null]], ['a'], 't', '25.00'],
    ]);
});

test.each(['é', '€', '🚀', 'Ģ', '\u2028'])(
  'characters of any width, such as %s, in values and in keys',
  (character) => {
    const fast = fastPath(SHOP.replace('"a note (*)"', `"n${character}te"`));
    const written = (note: string): string =>
      ORDER.replace('"day"', `"n${character}te":"${note}","day"`).replace('["a"]', `["${character}"]`);
    fast.addPattern(JSON.parse(written('')), written(''));
    for (const note of ['', character, `a${character}`, `${character}b${character}`, `\\n${character}`]) {
      const row = fast.read(written(note), reading(written(note)));
      expect([row?.[0], row?.[4], row?.[6], row?.[9]]).toEqual([
        7n,
        '2026-01-02',
        JSON.parse(`"${note}"`),
        [character],
      ]);
    }
    // Only the whole character is the key.
    const other = written('').replace(`n${character}te`, `n${'\u00ff'.repeat(character.length)}te`);
    expect(fast.read(other, reading(other))).toBeUndefined();
  },
);

test('a text that ends too early is not read on in what is left of the one before', () => {
  const fast = fastPath();
  fast.addPattern(JSON.parse(ORDER), ORDER);
  for (let end = 0; end < ORDER.length; end += 1) {
    expect(fast.read(ORDER, reading(ORDER))).toBeDefined();
    expect([end, fast.read(ORDER.slice(0, end), reading(ORDER))]).toEqual([end, undefined]);
  }
});

test.each([
  ['a number with an exponent', (text: string) => text.replace('12.50', '1e2')],
  ['a number that is no double', (text: string) => text.replace('1.5', `0.${'0'.repeat(400)}1`)],
  ['a value of another kind', (text: string) => text.replace('12.50', '"12.50"')],
  ['a key that comes twice', (text: string) => text.replace('{"id":7,', '{"id":7,"id":8,')],
  ['an unknown key', (text: string) => text.replace('{"id":7,', '{"id":7,"more":8,')],
  ['a forbidden key', (text: string) => text.replace('{"id":7,', '{"id":7,"__proto__":8,')],
  ['something behind it', (text: string) => `${text}0`],
  ['a control character', (text: string) => text.replace('"O"', '"O\n"')],
  ['a total that a check refuses', (text: string) => text.replace('12.50', '-1')],
])('%s is left to the reader that is ready for everything', (_what, change) => {
  const fast = fastPath();
  fast.addPattern(JSON.parse(ORDER), ORDER);
  expect(fast.read(change(ORDER), reading(change(ORDER)))).toBeUndefined();
});

test('what no field reads is passed by, and what is met there again and again gets patterns too', () => {
  const fast = fastPath();
  fast.addPattern(JSON.parse(ORDER), ORDER);
  for (const sender of ['{"a":1}', '{"z":1}']) {
    const text = ORDER.replace('"day"', `"sender":${sender},"day"`);
    expect(fast.read(text, reading(text))).toBeUndefined();
    fast.addPattern(JSON.parse(text), text);
  }
  for (const sender of [
    '{"a":2}',
    '{"b":[{"c":"\\u0000"}],"d":1e400}',
    '{"b":[{"c":""}],"d":-0}',
    '[1, {"a": 2}]',
    'null',
  ]) {
    const text = ORDER.replace('"day"', `"sender":${sender},"day"`);
    for (let times = 0; times < 3; times += 1) {
      const state = reading(text);
      expect(fast.read(text, state)).toBeDefined();
      expect([state.unknownKeys, state.unknownNames]).toEqual([1, ['Order.sender']]);
    }
  }
  for (const sender of [
    '{"a":1,"a":1}',
    '{"b":{"a":1,"a":1}}',
    '{"__proto__":1}',
    '{"a":01}',
    '["a\nb"]',
    '{"a":1}}',
  ]) {
    const text = ORDER.replace('"day"', `"sender":${sender},"day"`);
    expect([sender, fast.read(text, reading(text))]).toEqual([sender, undefined]);
  }
});

test('what has a shape inside itself, or a value that is read twice, is never read so', () => {
  const without = (fields: string) => () =>
    fastPath(`shape T { name: text  more: T[]? }
             entity E { id: int  ${fields}  store e { key (id)  upsert on (id) } }`);
  expect(without('name: text')).not.toThrow();
  expect(without('any: json?  deep: text? @json("any.b")')).not.toThrow();
  expect(without('tree: T')).toThrow('no patterns');
  expect(without('one: text? @json("a.b")  two: text? @json("a.b")')).toThrow('no patterns');
  expect(without('one: T? @json("a")  two: text? @json("a.name")')).toThrow('no patterns');
});

/** Mostly what a sender would write, now and then what none should. */
function value(...usual: string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...usual) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...[
          'null',
          'true',
          '0',
          '-0',
          '1e2',
          '1E400',
          '4e-400',
          '12345678901234567',
          '1.0',
          '0.005',
          '01',
          '-',
        ],
        ...[
          '1.00000000000000000001',
          '-7',
          '"7"',
          '"1.25"',
          '""',
          '"a\\nb"',
          '"\\u0000"',
          '"\\ud83d"',
          '"\ud83d"',
        ],
        ...['"é"', '"😀"', '"{"', '"a long text"', '[]', '{}', '[1]', '[[]]', '{"__proto__":1}', ''],
      ),
    },
  );
}

type Member = readonly [key: string, value: string];

/** The members of an object: some left out, now and then in another order, twice, or unknown. */
function object(members: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const given = Object.entries(members).map(([key, text]) =>
    fc
      .tuple(fc.constant(key), text, fc.nat(24))
      .map(([name, written, chance]): Member[] => (chance === 0 ? [] : [[name, written]])),
  );
  const odd = fc.constantFrom<Member>(['id', '3'], ['more', '1.5'], ['__proto__', '1'], ['number', '2']);
  return fc
    .tuple(fc.tuple(...given), odd, fc.nat(30), fc.constantFrom(',', ',', ', ', ',\n  '))
    .map(([all, extra, chance, comma]) => {
      const list = all.flat();
      if (chance === 1) list.reverse();
      if (chance === 2) list.push(extra);
      return `{${list.map(([key, text]) => `"${key}":${comma.slice(1)}${text}`).join(comma)}}`;
    });
}

const list = (element: fc.Arbitrary<string>) =>
  fc.array(element, { maxLength: 3 }).map((elements) => `[${elements.join(',')}]`);

const part = object({ code: value('"ab"', '"abcd"'), weight: value('1.5', '0', '2', 'null') });
const line = object({
  number: value('1', '2', '77'),
  price: value('1.50', '3', '0.05', 'null', '1234567.89'),
  parts: fc.oneof({ weight: 9, arbitrary: list(part) }, { weight: 1, arbitrary: value('null') }),
  gift: value('true', 'false'),
});
const order = object({
  id: value('1', '42', '9007199254740993', '-5'),
  status: value('"O"', '"P"'),
  total: value('12.50', '7', '99.9', 'null'),
  paid: value('true', 'false'),
  day: value('"2026-01-02"', 'null'),
  at: value('"2026-01-02T03:04:05Z"', 'null'),
  'a note (*)': value('"hello"', '"é😀"', '"}{,"', 'null'),
  address: fc.oneof(object({ zip: value('"10115"'), city: value('"Berlin"', 'null') }), fc.constant('null')),
  lines: list(line),
  tags: value('["a","bc"]', '[]', '["]"]', 'null'),
});

/** One character left out, put in or replaced. */
const slip = fc.option(
  fc.tuple(fc.nat(400), fc.constantFrom('', ...Array.from('{}[]",:0123456789eE+-. \\\nax\u0000')), fc.nat(1)),
  { nil: undefined, freq: 2 },
);

test('whatever patterns there are, a message gives the rows or the refusal that it gives alone', () => {
  const experienced = fresh();
  const fast = fastPath();
  const met = { read: 0, accepted: 0 };
  fc.assert(
    fc.property(order, slip, (text, fault) => {
      const at = fault === undefined ? 0 : fault[0] % (text.length + 1);
      const body = fault === undefined ? text : text.slice(0, at) + fault[1] + text.slice(at + fault[2]);
      const alone = evaluate(fresh(), { body });
      expect({ body, ...evaluate(experienced, { body }) }).toEqual({ body, ...alone });
      expect({ body, ...evaluate(experienced, { body }) }).toEqual({ body, ...alone });
      if (alone.kind !== 'rows' || alone.unknownFields > 0) return;
      met.accepted += 1;
      if (body.includes('\\')) return;
      if (fast.read(body, reading(body)) === undefined) fast.addPattern(JSON.parse(body), body);
      else met.read += 1;
    }),
    { numRuns: runs(6000) },
  );
  // Otherwise this test would compare the general way with itself.
  expect(met.accepted).toBeGreaterThan(runs(1000));
  expect(met.read / met.accepted).toBeGreaterThan(0.1);
});

const number = fc.stringMatching(/^-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?$/);
const digitTypes = [...columnTypes.values()].filter((type) => type.literal === 'digits');

test.each(digitTypes)('$name decodes the digits of a number as the number, or leaves them', (type) => {
  const parameters = type.parameters.length === 0 ? [] : [20, 3];
  const decodedDigits = (text: string) => {
    const found = decoded(type, `"${text}"`, parameters);
    return 'text' in found ? found : undefined;
  };
  fc.assert(
    fc.property(number, (text) => {
      const asNumber = decoded(type, text, parameters);
      expect(decodedDigits(text) ?? asNumber).toEqual(asNumber);
    }),
    { numRuns: runs(3000) },
  );
  expect(decodedDigits('17')).toBeDefined();
});

test('what senders mostly write is what the first example of a type shows', () => {
  const shown = ({ examples }: ColumnType) => typeof JSON.parse(examples.accepted[0]?.json ?? '');
  const numbers: readonly unknown[] = ['digits', 'number'];
  for (const type of [...columnTypes.values()].filter(({ name }) => name !== 'json'))
    expect({ type: type.name, written: numbers.includes(type.literal) ? 'number' : type.literal }).toEqual({
      type: type.name,
      written: shown(type),
    });
});
