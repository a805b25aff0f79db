import { describe, expect, test } from 'vitest';
import { evaluate, MESSAGE_ID, rejectionOf, rowsOf, valueOf } from './evaluating.ts';
import { planOf } from '../support/plan.ts';

const entity = (fields: string, more = '') =>
  `${more} entity T { id: int  ${fields}  store t { key (id)  upsert on (id) } }`;

describe('match', () => {
  test.each([
    ['k: text  v: int = match k { "A" -> 1  "B" -> 2  else -> 3 }', { k: 'B' }, 2],
    ['k: text  v: int = match k { "A" -> 1  "B" -> 2  else -> 3 }', { k: 'C' }, 3],
    ['k: text?  v: int = match k { null -> 0  else -> length(k) }', { k: 'four' }, 4],
    ['k: text?  v: int = match k { null -> 0  else -> length(k) }', {}, 0],
    ['k: text?  v: int = match k { "A" -> 1  else -> 2 }', {}, 2],
    ['k: bool  v: text = match k { true -> "yes"  false -> "no" }', { k: false }, 'no'],
    [
      'k: bigint  v: int = match k { 1 -> 10  9007199254740993 -> 20  else -> 0 }',
      { k: '9007199254740993' },
      20,
    ],
    ['k: decimal(4, 2)  v: int = match k { 1.5 -> 10  else -> 0 }', { k: '1.50' }, 10],
    ['k: date  v: int = match k { "2026-01-01" -> 1  else -> 0 }', { k: '2026-01-01' }, 1],
    ['k: int  v: decimal(4, 1) = match k { 1 -> 1  else -> 2.5 }', { k: 1 }, '1.0'],
    ['k: int  v: text? = match k { 1 -> null  else -> "x" }', { k: 1 }, null],
  ])('%s', (fields, body, expected) => {
    expect(valueOf(fields, body)).toBe(expected);
  });

  test('an arm that fails rejects the message only where it is taken', () => {
    const source = entity('k: text  v: int = match k { "A" -> 1  else -> fail("unknown kind") }');
    expect(rowsOf(source, { body: { id: 1, k: 'A' } })).toEqual({ t: [{ id: 1, k: 'A', v: 1 }] });
    expect(rejectionOf(source, { body: { id: 1, k: 'B' } })).toMatchObject({
      code: 'failed',
      field: 'T.v',
      message: 'unknown kind',
    });
  });
});

describe('fail, skip and try', () => {
  test('`?? fail` rejects with its reason, its field and its place', () => {
    const source = entity('k: text?\n  v: text = k ?? fail(concat("no k in ", to_text(id)))');
    expect(rejectionOf(source, { body: { id: 7 } })).toEqual({
      code: 'failed',
      entity: 'T',
      field: 'T.v',
      pointer: '',
      message: 'no k in 7',
      source: 'test.nom:2:13',
    });
  });

  const lines = `
    shape Line { number: int?  code: text? }
    entity T { id: int  lines: Line[]  store t { key (id)  upsert on (id) } }
    derive L from T as t, each t.lines as line where line.number ?? skip() > 0 {
      number: int = line.number ?? fail("no number")
      code: text = line.code ?? skip()
      id: int = t.id
      store l { key (id, number)  upsert on (id, number) }
    }`;

  test('`?? skip` drops the row, the others stay', () => {
    const body = {
      id: 1,
      lines: [{ number: 1, code: 'a' }, { number: 2 }, { code: 'x' }, { number: 4, code: 'd' }],
    };
    expect(rowsOf(lines, { body })['l']).toEqual([
      { number: 1, code: 'a', id: 1 },
      { number: 4, code: 'd', id: 1 },
    ]);
  });

  test('`try` gives the fallback where the value cannot be computed, and null is no failure', () => {
    const source = entity('a: int  b: int?  v: int? = try(100 % a, -1)  w: int? = try(b, 5)');
    expect(rowsOf(source, { body: { id: 1, a: 0 } })['t']).toEqual([
      { id: 1, a: 0, b: null, v: -1, w: null },
    ]);
    expect(rowsOf(source, { body: { id: 1, a: 7 } })['t']?.[0]).toMatchObject({ v: 2 });
  });

  test('`try` never catches `skip`', () => {
    const source = `
      entity T { id: int  a: int?  store t { key (id)  upsert on (id) } }
      derive D from T as t { id: int = t.id  a: int = try(t.a ?? skip(), 0)  store d { key (id)  upsert on (id) } }`;
    expect(rowsOf(source, { body: { id: 1 } })['d']).toEqual([]);
  });
});

describe('functions of the program', () => {
  test('are computed from their arguments, in any order of declaration', () => {
    const more = `
      fn outer(a: int?, b: int) -> int = inner(a ?? 0) * b
      fn inner(x: int) -> int = x + 1`;
    expect(
      rowsOf(entity('a: int?  v: int = outer(a, 3) + outer(1, id)', more), { body: { id: 2, a: 4 } })['t'],
    ).toEqual([{ id: 2, a: 4, v: 19 }]);
  });

  test('reject the message at the field that calls them', () => {
    const more = 'fn must(x: text?) -> text = x ?? fail("is empty")';
    expect(rejectionOf(entity('a: text?  v: text = must(a)', more), { body: { id: 1 } })).toMatchObject({
      field: 'T.v',
      message: 'is empty',
    });
  });
});

describe('meta', () => {
  const source = `
    fn received() -> timestamp = meta.received_at
    shape Part { n: int  at: timestamp = meta.received_at }
    entity T { id: int  parts: Part[]  m: uuid = meta.message_id  s: text? = meta.source
      store t { key (id)  upsert on (id) } }
    derive D from T as t, each t.parts as p {
      id: uuid = meta.message_id  n: int = p.n  at: timestamp = received()  inner: timestamp = p.at
      store d { key (id, n)  upsert on (id, n) }
    }`;

  test('names the message in entities, shapes, derivations and functions', () => {
    const at = '2026-01-02T03:04:05.678Z';
    expect(rowsOf(source, { body: { id: 1, parts: [{ n: 5 }] }, headers: { 'x-source': 'till 4' } })).toEqual(
      {
        t: [{ id: 1, m: MESSAGE_ID, s: 'till 4' }],
        d: [{ id: MESSAGE_ID, n: 5, at, inner: at }],
      },
    );
    expect(planOf(source).entities[0]?.headers).toEqual(['x-source']);
  });

  test('costs nothing where no expression names it', () => {
    const plan = planOf(entity('a: int'));
    expect(plan.entities[0]?.headers).toEqual([]);
    expect(evaluate(plan, { body: { id: 1, a: 1 } }).kind).toBe('rows');
  });
});
