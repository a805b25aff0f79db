import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { compileFastPath } from '../../src/plan/decode/fast/fast-path.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { placeOf } from '../../src/plan/evaluate/own-fields.ts';
import { runs } from '../support/property-runs.ts';
import { evaluate } from './evaluating.ts';

/** A pipeline with these settings, whose message has lists of every kind. */
const shop = (settings: string, more = '') => `
pipeline shop { ${settings} }
shape Part { code: text }
shape Line { number: int  parts: Part[]? }
entity Order {
  id:    bigint
  lines: Line[]?
  tags:  text[]?
  ${more}
  store orders { key (id)  upsert on (id) }
}`;

/** Also where NOM509 says that some fields can only be empty: evaluation does not count on it. */
function planFor(text: string): Plan {
  const { program, findings } = analyze({ name: 'shop.nom', text });
  expect(findings.filter(({ code }) => code !== 'NOM509')).toEqual([]);
  return compilePlan(program, 'shop.nom');
}

/** Fields that keep a message from taking the fast path. */
const GENERAL = 'extra: json?  deep: text[]? @json("a.b")';

/** What becomes of a message: alone, and after so many like it that a pattern fits it, whether it is read so or not. */
function outcomes(settings: string, body: unknown, more = '') {
  const source = shop(settings, more);
  const experienced = planFor(source);
  for (const each of [
    { id: 1, lines: [], tags: [] },
    { id: 1, lines: [{ number: 1, parts: [] }], tags: ['a'] },
  ])
    for (let time = 0; time < 9; time += 1) evaluate(experienced, { body: each });
  return [planFor(source), experienced].map((plan) => {
    const evaluation = evaluate(plan, { body });
    return evaluation.kind === 'rows' ? 'rows' : evaluation.rejection;
  });
}

const many = (count: number) => Array.from({ length: count }, () => 'x');
const parts = (count: number) => Array.from({ length: count }, () => ({ code: 'x' }));

test.each([
  ['tags', { id: 1, lines: [], tags: many(4) }, 'Order.tags', '/tags'],
  ['shapes', { id: 1, lines: [{ number: 1, parts: parts(4) }], tags: [] }, 'Line.parts', '/lines/0/parts'],
  ['a list in a list', { id: 1, more: [[1], [1, 2, 3, 4]] }, '', '/more/1'],
  ['a list of empty lists', { id: 1, more: [[], [], [], []] }, '', '/more'],
  ['a list that no field reads', { id: 1, more: { 'a/b': many(4) } }, '', '/more/a~1b'],
])('a list longer than `max_list_length` is refused, with its place: %s', (_what, body, field, pointer) => {
  const refused = {
    code: 'too_many_items',
    entity: 'Order',
    field,
    pointer,
    message: 'expected a list of at most 3 elements (max_list_length), found 4',
  };
  expect(outcomes('max_list_length: 3', body)).toEqual([refused, refused]);
  expect(outcomes('max_list_length: 3', body, GENERAL)).toEqual([refused, refused]);
  expect(outcomes('max_list_length: 4', body)).toEqual(['rows', 'rows']);
});

test.each([
  [{ id: 1, extra: { v: many(4) } }, 'Order.extra', '/extra/v'],
  [{ id: 1, a: { b: many(4) } }, 'Order.deep', '/a/b'],
])('nor does a `json` field or a path take a longer list', (body, field, pointer) => {
  expect(outcomes('max_list_length: 3', body, GENERAL)).toMatchObject([
    { code: 'too_many_items', field, pointer },
    { code: 'too_many_items', field, pointer },
  ]);
  expect(outcomes('max_list_length: 4', body, GENERAL)).toEqual(['rows', 'rows']);
});

test('a list that is too long is refused before anything in it is looked at', () => {
  const body = { id: 1, lines: [], tags: [1, 2, 3, 4] };
  expect(outcomes('max_list_length: 3', body)).toMatchObject(many(2).map(() => ({ code: 'too_many_items' })));
});

test('the shortest text that is over the limit is found', () => {
  expect(outcomes('max_list_length: 3', '[1,1,1,1]')).toMatchObject(
    many(2).map(() => ({ code: 'too_many_items', pointer: '' })),
  );
  expect(outcomes('max_list_length: 3', '[1,1,1]')).toMatchObject(
    many(2).map(() => ({ code: 'not_an_object' })),
  );
});

test('commas that separate no elements of one list do not count', () => {
  const body = { id: 1, lines: [{ number: 1 }, { number: 2 }], tags: ['a,b,c,d,e,f', '"],[,,,,'] };
  expect(outcomes('max_list_length: 2', body)).toEqual(['rows', 'rows']);
});

test.each([
  [1, { id: 1, lines: [] }, '/lines'],
  [2, { id: 1, lines: [{ number: 1 }] }, '/lines/0'],
  [2, { id: 1, more: [[]] }, '/more/0'],
  [4, { id: 1, lines: [{ number: 1, parts: [{ code: 'x' }] }] }, '/lines/0/parts/0'],
  [2, { id: 1, more: { a: { b: 1 } } }, '/more/a'],
])('a message deeper than `max_depth: %s` is refused, with its place: %j', (depth, body, pointer) => {
  const refused = {
    code: 'too_deep',
    entity: 'Order',
    field: '',
    pointer,
    message: expect.stringContaining(
      `expected arrays and objects at most ${depth} deep in each other, found a deeper one`,
    ),
  };
  expect(outcomes(`max_depth: ${depth}`, body)).toEqual([refused, refused]);
  expect(outcomes(`max_depth: ${depth}`, body, GENERAL)).toEqual([refused, refused]);
  expect(outcomes(`max_depth: ${depth + 1}`, body)).toEqual(['rows', 'rows']);
});

test('brackets in texts are not deep', () => {
  expect(outcomes('max_depth: 2', { id: 1, tags: ['[[[[{{{{', '"[[[['] })).toEqual(['rows', 'rows']);
});

/** How deep a value is, and how long its longest list. */
function sizeOf(json: unknown): { readonly depth: number; readonly length: number } {
  if (typeof json !== 'object' || json === null) return { depth: 0, length: 0 };
  const inside = Object.values(json).map(sizeOf);
  return {
    depth: 1 + Math.max(0, ...inside.map(({ depth }) => depth)),
    length: Math.max(Array.isArray(json) ? json.length : 0, ...inside.map(({ length }) => length)),
  };
}

const word = fc.constantFrom('x', 'a,b', '[[', ',,,,', '{"');
const list = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 5 });
const message = fc.record(
  {
    id: fc.constant(1),
    lines: list(
      fc.record({ number: fc.nat(9), parts: list(fc.record({ code: word })) }, { requiredKeys: ['number'] }),
    ),
    tags: list(word),
    more: fc.oneof(
      { weight: 9, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: list(fc.constant([[1]])) },
    ),
  },
  { requiredKeys: ['id'] },
);

test.each(['', GENERAL])(
  'of any messages those are refused that are over a limit, and no others (%s)',
  (more) => {
    for (const [maxDepth, maxListLength] of [
      [2, 3],
      [3, 4],
      [5, 2],
      [64, 4],
      [4, 100],
    ] as const) {
      const plan = planFor(shop(`max_depth: ${maxDepth}  max_list_length: ${maxListLength}`, more));
      const seen = new Set<string>();
      fc.assert(
        fc.property(message, (body) => {
          const { depth, length } = sizeOf(body);
          const expected = depth > maxDepth ? 'too_deep' : length > maxListLength ? 'too_many_items' : 'rows';
          const evaluation = evaluate(plan, { body });
          const found = evaluation.kind === 'rows' ? 'rows' : evaluation.rejection.code;
          seen.add(found);
          expect({ body, found }).toEqual({ body, found: expected });
        }),
        { numRuns: runs(1000) },
      );
      expect(seen.size).toBeGreaterThan(1);
    }
  },
);

test('the fast path reads up to the limits, and leaves what is beyond them to the reader that says why', () => {
  const { program } = analyze({ name: 'shop.nom', text: shop('') });
  const [entity] = program.entities;
  if (entity === undefined) throw new Error('there is no entity');
  const read = (maxDepth: number, maxListLength: number, body: unknown) => {
    const fast = compileFastPath(entity, placeOf, { maxDepth, maxListLength });
    if (fast === undefined) return 'no layouts';
    const first = { id: 1, lines: [{ number: 1, parts: [{ code: 'x' }] }], tags: [] };
    fast.addPattern(first, JSON.stringify(first));
    const text = JSON.stringify(body);
    const state = {
      refused: undefined,
      alsoRefused: [],
      collects: false,
      unknownKeys: 0,
      unknownNames: undefined,
      body: text,
      plain: true,
      headers: {},
      meta: null,
    };
    return fast.read(text, state) === undefined ? 'left' : 'read';
  };
  const body = (lines: number, inner: number) => ({
    id: 1,
    lines: Array.from({ length: lines }, () => ({ number: 1, parts: parts(inner) })),
    tags: many(inner),
  });
  expect(read(5, 3, body(3, 3))).toBe('read');
  expect(read(5, 3, body(4, 3))).toBe('left');
  expect(read(5, 3, body(3, 4))).toBe('left');
  expect(read(4, 3, body(1, 1))).toBe('no layouts');
});

test('the limits stand in the plan, where explain finds them', () => {
  expect(planFor(shop('max_depth: 8')).limits).toMatchObject({ maxDepth: 8, maxListLength: 100_000 });
});
