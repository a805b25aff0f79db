import { describe, expect, test } from 'vitest';
import { planOf } from '../support/plan.ts';
import { evaluate, rejectionOf, rowsOf } from './evaluating.ts';

const SHOP = `
shape Address { zip: text(5)  city: text(20)? }
shape Part    { code: text(4) }
shape Line    { number: int  parts: Part[]  note: text(5)? }
enum Status   { Open = "O"  Paid = "P" }
entity Order {
  id:      int
  status:  Status
  total:   decimal(9, 2)
  address: Address?
  lines:   Line[]
  tags:    text(3)[]?
  zip:     text(5)? @json("customer.home/address.zip")
  version: int @default(7)
  check total >= 0 "a total is never negative"
  store orders { key (id)  upsert on (id) }
}`;

const order = { id: 1, status: 'O', total: '12.50', lines: [] };

describe('a refused message names its code, its field and the place in the body', () => {
  test.each([
    [{ ...order, id: undefined }, 'missing', 'Order.id', '/id'],
    [{ ...order, id: null }, 'null_not_allowed', 'Order.id', '/id'],
    [{ ...order, id: '1x' }, 'invalid_format', 'Order.id', '/id'],
    [{ ...order, id: 2 ** 31 }, 'out_of_range', 'Order.id', '/id'],
    [{ ...order, status: 'X' }, 'not_in_enum', 'Order.status', '/status'],
    [{ ...order, status: 3 }, 'wrong_type', 'Order.status', '/status'],
    [{ ...order, total: '0.001' }, 'too_precise', 'Order.total', '/total'],
    [{ ...order, address: [] }, 'wrong_type', 'Address', '/address'],
    [{ ...order, address: { zip: '123456' } }, 'too_long', 'Address.zip', '/address/zip'],
    [{ ...order, lines: {} }, 'wrong_type', 'Order.lines', '/lines'],
    [{ ...order, lines: [null] }, 'null_not_allowed', 'Order.lines', '/lines/0'],
    [
      { ...order, lines: [{ number: 1, parts: [] }, { parts: [] }] },
      'missing',
      'Line.number',
      '/lines/1/number',
    ],
    [
      { ...order, lines: [{ number: 1, parts: [{ code: 'a' }, { code: 'abcde' }] }] },
      'too_long',
      'Part.code',
      '/lines/0/parts/1/code',
    ],
    [{ ...order, tags: ['abc', 'abcd'] }, 'too_long', 'Order.tags', '/tags/1'],
    [
      { ...order, customer: { 'home/address': { zip: 7 } } },
      'wrong_type',
      'Order.zip',
      '/customer/home~1address/zip',
    ],
    [{ ...order, total: '-1' }, 'check_failed', 'Order', ''],
    [
      '{"id":1,"status":"O","total":1,"lines":[],"tags":["\\u0000"]}',
      'invalid_format',
      'Order.tags',
      '/tags/0',
    ],
    [
      '{"id":1,"status":"O","total":1,"lines":[],"tags":["\ud800"]}',
      'invalid_format',
      'Order.tags',
      '/tags/0',
    ],
    [
      '{"id":1,"status":"O","total":1,"lines":[],"address":{"zip":"\\udfff"}}',
      'invalid_format',
      'Address.zip',
      '/address/zip',
    ],
    ['{"id":1,"status":"O","total":1,"lines":[12345678901234567890.5]}', 'wrong_type', 'Line', '/lines/0'],
    ['{"id":1,"status":"O","total":1,"lines":[],"address":1e999}', 'wrong_type', 'Address', '/address'],
    ['[]', 'not_an_object', 'Order', ''],
    ['{"id":', 'invalid_json', '', ''],
    ['{"__proto__": 1}', 'invalid_json', '', ''],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'too_deep', '', '/a'.repeat(64)],
  ])('%j → %s at %s', (body, code, field, pointer) => {
    expect(rejectionOf(SHOP, { body })).toMatchObject({ code, entity: 'Order', field, pointer });
  });

  test('a failed check gives its message and its place in the file', () => {
    expect(rejectionOf(SHOP, { body: { ...order, total: '-1' } })).toMatchObject({
      message: 'a total is never negative',
      source: 'test.nom:15:3',
    });
  });
});

describe('where a field comes from', () => {
  test('`@json` reads a path, and no part of it from the prototype', () => {
    const zip = (customer: unknown) => rowsOf(SHOP, { body: { ...order, customer } })['orders']?.[0];
    expect(zip({ 'home/address': { zip: '12345' } })).toMatchObject({ zip: '12345' });
    expect(zip({ 'home/address': null })).toMatchObject({ zip: null });
    expect(zip(null)).toMatchObject({ zip: null });
    const inherited = `entity T { id: int  v: text? @json("toString.name")  store t { key (id)  upsert on (id) } }`;
    expect(rowsOf(inherited, { body: { id: 1 } })).toEqual({ t: [{ id: 1, v: null }] });
  });

  test('`@default` fills an absent key, and never a null', () => {
    expect(rowsOf(SHOP, { body: order })['orders']?.[0]).toMatchObject({ version: 7 });
    expect(rejectionOf(SHOP, { body: { ...order, version: null } })).toMatchObject({
      code: 'null_not_allowed',
      pointer: '/version',
    });
  });

  test('`@body` and `@header` take the request as it came; a missing header is refused by name', () => {
    const scan = `entity Scan {
      device: text(4) @header("X-Device")  site: text? @header("x-site")  raw: text @body
      store scans { key (device)  upsert on (device) }
    }`;
    expect(rowsOf(scan, { body: 'no { json', headers: { 'x-device': 'd1' } })).toEqual({
      scans: [{ device: 'd1', site: null, raw: 'no { json' }],
    });
    expect(rejectionOf(scan, { body: 'x' })).toMatchObject({
      code: 'missing',
      field: 'Scan.device',
      message: 'expected the request header x-device, found none',
    });
    expect(rejectionOf(scan, { body: 'x', headers: { 'x-device': 'too long' } }).code).toBe('too_long');
    const [entity] = planOf(scan).entities;
    expect(entity).toMatchObject({ body: 'raw', headers: ['x-device', 'x-site'] });
  });

  test('unknown keys are counted in every object, and refused by `@strict`', () => {
    const plan = planOf(SHOP);
    const body = { ...order, more: 1, lines: [{ number: 1, parts: [], odd: 1, even: 2 }] };
    expect(evaluate(plan, { body })).toMatchObject({ kind: 'rows', unknownFields: 3 });
    const strict = 'entity T @strict { id: int  store t { key (id)  upsert on (id) } }';
    expect(rejectionOf(strict, { body: { id: 1, 'a~/b': 2 } })).toMatchObject({
      code: 'unknown_field',
      pointer: '/a~0~1b',
    });
  });

  describe('`@strict` refuses a key that no field reads, wherever it stands', () => {
    const strict = `
      shape Part { code: text  more: Part[]? }
      shape Address { city: text }
      entity Order @strict {
        id:      int
        zip:     text? @json("customer.flat.zip")
        name:    text? @json("customer.name")
        address: Address? @json("ship.to")
        floor:   int? @json("ship.to.floor")
        extra:   json?
        parts:   Part[]?
        store orders { key (id)  upsert on (id) }
      }`;
    const good = {
      id: 1,
      customer: { name: 'a', flat: { zip: '1' } },
      ship: { to: { city: 'x', floor: 1 } },
      extra: { any: { thing: 1 } },
      parts: [{ code: 'a', more: [{ code: 'b' }] }],
    };

    test('and nothing else', () => {
      expect(evaluate(planOf(strict), { body: good })).toMatchObject({ kind: 'rows' });
    });

    test.each([
      [
        '/parts/0/more/1/size',
        'Part',
        { parts: [{ code: 'a', more: [{ code: 'b' }, { code: 'c', size: 1 }] }] },
      ],
      ['/customer/flat/street', 'Order', { customer: { flat: { zip: '1', street: 'x' } } }],
      ['/customer/phone', 'Order', { customer: { phone: 1 } }],
      ['/ship/by', 'Order', { ship: { by: 'sea' } }],
    ])('at %s', (pointer, name, change) => {
      const who = name === 'Order' ? 'it' : 'Order';
      expect(rejectionOf(strict, { body: { ...good, ...change } })).toMatchObject({
        code: 'unknown_field',
        pointer,
        message: `${name} has no field for this key, and ${who} is @strict`,
      });
    });

    test('without it the first of such keys are named, with what they stand in', () => {
      const source = `shape Line { sku: text }
        entity E { id: int  lines: Line[]  store e { key (id)  upsert on (id) } }`;
      const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, at]));
      const body = { more: 1, id: 1, lines: [{ sku: 'a', colour: 'red', ...many }] };
      const evaluation = evaluate(planOf(source), { body });
      const names = evaluation.kind === 'rows' ? evaluation.unknownNames : undefined;
      expect(names?.slice(0, 2)).toEqual(['E.more', 'Line.colour']);
      expect(names).toHaveLength(8);
    });

    test('without it such keys are counted, on the paths of fields too', () => {
      const plan = planOf(strict.replace('@strict', ''));
      const body = {
        ...good,
        ship: undefined,
        customer: { phone: 1, flat: { zip: '1', street: 'x' } },
        parts: [{ code: 'a', size: 1 }],
      };
      expect(evaluate(plan, { body })).toMatchObject({ kind: 'rows', unknownFields: 3 });
    });

    test('in a shape that stands in itself and has paths into itself', () => {
      const chain = `shape Link { next: Link?  far: int? @json("next.far")  id: int? }
        entity T @strict { id: int  head: Link?  store t { key (id)  upsert on (id) } }`;
      expect(evaluate(planOf(chain), { body: { id: 1, head: { next: { far: 1, id: 2 } } } }).kind).toBe(
        'rows',
      );
      expect(rejectionOf(chain, { body: { id: 1, head: { near: 1 } } }).pointer).toBe('/head/near');
    });
  });
});

describe('a rule that cannot be evaluated rejects at the record and the rule', () => {
  const rejected = (source: string) => rejectionOf(source, { body: { id: 1, n: 0 } });

  test('a check', () => {
    const source = `entity T { id: int  n: int
      check 1 % n == 0  store t { key (id)  upsert on (id) } }`;
    expect(rejected(source)).toMatchObject({ code: 'failed', field: 'T', source: 'test.nom:2:7' });
  });

  test('`where`', () => {
    const source = `entity T { id: int  n: int  store t { key (id)  upsert on (id) } }
      derive D from T as t where 1 % t.n == 0 { id: int = t.id  store d { key (id)  upsert on (id) } }`;
    expect(rejected(source)).toMatchObject({ code: 'failed', field: 'D', source: 'test.nom:2:34' });
  });

  test('`delete when`', () => {
    const source = `entity T { id: int  n: int  store t { key (id)  upsert on (id)
      delete when 1 % n == 0 } }`;
    expect(rejected(source)).toMatchObject({ code: 'failed', field: 'T', source: 'test.nom:2:19' });
  });
});

test('the checks of a shape hold wherever it is spread or nested', () => {
  const shape = 'shape P { low: int  high: int  check low <= high "low above high" }';
  const wrong = { id: 1, low: 2, high: 1 };
  const spread = `${shape} entity T { id: int  ...P  store t { key (id)  upsert on (id) } }`;
  expect(rejectionOf(spread, { body: wrong })).toMatchObject({ field: 'T', message: 'low above high' });
  const nested = `${shape} entity T { id: int  p: P  store t { key (id)  upsert on (id) } }`;
  expect(rejectionOf(nested, { body: { id: 1, p: wrong } })).toMatchObject({ field: 'P', pointer: '/p' });
  const derived = `${shape} entity T { id: int  a: int  b: int }
    derive D from T as t { ...P  low = t.a  high = t.b  id: int = t.id  store d { key (id)  upsert on (id) } }`;
  expect(rejectionOf(derived, { body: { id: 1, a: 2, b: 1 } })).toMatchObject({ field: 'D' });
});

test('a key __proto__ is refused wherever a message holds one', () => {
  const plan = planOf(`
entity Order {
  id: int
  zip: text? @json("address.zip")
  note: json?
  lines: Line[]
  store orders { key (id)  upsert on (id) }
}
shape Line { sku: text  extra: json? }`);
  const strict = planOf('entity Order { id: int  name: text?  store orders { key (id)  upsert on (id) } }');
  const codeOf = (each: typeof plan, body: string): string => {
    const found = each.entities[0]?.evaluate({ body, headers: {}, messageId: '', receivedAt: 0 });
    return found?.kind === 'rejected' ? found.rejection.code : 'accepted';
  };
  for (const body of [
    '{"id":1,"lines":[],"__proto__":1}',
    '{"id":1,"lines":[],"address":{"zip":"1","__proto__":1}}',
    '{"id":1,"lines":[],"note":{"a":{"__proto__":1}}}',
    '{"id":1,"lines":[{"sku":"a","__proto__":1}]}',
    '{"id":1,"lines":[{"sku":"a","extra":[{"__proto__":1}]}]}',
    '{"id":1,"lines":[],"other":{"__proto__":1}}',
  ])
    expect(codeOf(plan, body), body).toBe('invalid_json');
  expect(codeOf(plan, '{"id":1,"lines":[{"sku":"__proto__"}]}')).toBe('accepted');
  expect(codeOf(strict, '{"id":1,"name":{"__proto__":1}}')).toBe('invalid_json');
  expect(codeOf(strict, '{"id":1,"name":"x"}')).toBe('accepted');
});
