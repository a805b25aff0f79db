import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pointerTo } from '../../src/types/json-pointer.ts';
import { planOf } from '../support/plan.ts';
import { runs } from '../support/property-runs.ts';
import { evaluate } from './evaluating.ts';

/** A JSON text, and the pointer of the first key in it that comes twice. */
interface Written {
  readonly text: string;
  readonly twice: string | undefined;
}

const KEYS = ['a', 'b', 'c/d', 'with ":', '__x', 'é'] as const;

/** The same key, sometimes with an escape. */
const written = (key: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    JSON.stringify(key),
    JSON.stringify(key),
    `"\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${JSON.stringify(key).slice(2)}`,
  );

const single: fc.Arbitrary<Written> = fc
  .constantFrom(
    '1',
    'null',
    '":"',
    '"\\":"',
    '"{\\"a\\": 1, \\"a\\": 2}"',
    '12345678901234567890',
    '"x"',
    '[]',
    '{}',
  )
  .map((text) => ({ text, twice: undefined }));

const value: fc.Arbitrary<Written> = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    single,
    fc.array(tie('value'), { maxLength: 3 }).map((all) => ({
      text: `[${all.map(({ text }) => text).join(',')}]`,
      twice: firstOf(all.map(({ twice }, at) => (twice === undefined ? undefined : `/${at}${twice}`))),
    })),
    object(tie('value')),
  ),
})).value;

function object(inner: fc.Arbitrary<Written>): fc.Arbitrary<Written> {
  const member = fc
    .constantFrom(...KEYS)
    .chain((key) => fc.tuple(fc.constant(key), written(key), fc.constantFrom(':', ' : ', '\n:'), inner));
  return fc.array(member, { maxLength: 3 }).map((members) => ({
    text: `{${members.map(([, name, colon, { text }]) => name + colon + text).join(', ')}}`,
    twice: firstOf(
      members.map(([key, , , { twice }], at) => {
        const before = members.slice(0, at).some(([other]) => other === key);
        if (before) return pointerTo(key);
        return twice === undefined ? undefined : pointerTo(key) + twice;
      }),
    ),
  }));
}

function firstOf(pointers: readonly (string | undefined)[]): string | undefined {
  return pointers.find((pointer) => pointer !== undefined);
}

const plan = planOf(
  'entity E { id: int  a: json?  b: text? @json("b.x")  store e { key (id)  upsert on (id) } }',
);

test('a key that comes twice refuses the message, whether a field reads it or not, and nothing else does', () => {
  const met = { twice: 0, once: 0 };
  fc.assert(
    fc.property(value, ({ text, twice }) => {
      for (const [body, at] of [
        [`{"id": 1, "a": ${text}}`, '/a'],
        [`{"id": 1, "unread": ${text}}`, '/unread'],
      ] as const) {
        const evaluation = evaluate(plan, { body });
        met[twice === undefined ? 'once' : 'twice'] += 1;
        const found =
          evaluation.kind === 'rejected' && evaluation.rejection.code === 'repeated_key'
            ? evaluation.rejection.pointer
            : undefined;
        expect([body, found]).toEqual([body, twice === undefined ? undefined : at + twice]);
      }
    }),
    { numRuns: runs(3000) },
  );
  expect(Math.min(met.twice, met.once)).toBeGreaterThan(runs(200));
});

test('the place is told, and no key is quoted in the sentence', () => {
  const evaluation = evaluate(plan, { body: '{"id": 1,\n "id": 2}' });
  expect(evaluation).toEqual({
    kind: 'rejected',
    rejection: {
      code: 'repeated_key',
      entity: 'E',
      field: '',
      pointer: '/id',
      message: 'expected each key of an object once, found one twice, at line 2, column 2',
    },
  });
});
