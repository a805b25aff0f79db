import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointerTo } from '../../src/types/json-pointer.ts';
import { planOf } from '../support/plan.ts';
import { runs } from '../support/property-runs.ts';
import { evaluate, rejectionOf } from './evaluating.ts';

const key = fc.constantFrom('a', 'b', 'c', 'toString', 'x/y');
const path = fc.array(key, { minLength: 1, maxLength: 4 });
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, 'text', 7, 12345678901234567890n, true, [], [{ a: 1 }], {}),
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** Where a path first meets something that is neither an object nor null nor absent, before its last key. */
function stoppedAt(message: unknown, keys: readonly string[]): string | undefined {
  let at = message;
  for (const [step, name] of keys.entries()) {
    if (at === undefined || at === null) return undefined;
    if (typeof at !== 'object' || Array.isArray(at)) return keys.slice(0, step).map(pointerTo).join('');
    at = Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
  }
  return undefined;
}

/** Large numbers keep their digits. */
function written(message: unknown): string {
  return JSON.stringify(message, (_key, value: unknown) =>
    typeof value === 'bigint'
      ? (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON(`${value}`)
      : value,
  );
}

describe('a path that runs into something else than an object', () => {
  test('refuses the message, for each such path and no other, with the place', () => {
    let met = 0;
    fc.assert(
      fc.property(
        fc.array(path, { minLength: 1, maxLength: 3 }),
        fc.dictionary(key, json, { maxKeys: 3 }),
        (paths, message) => {
          const fields = paths.map((keys, at) => `f${at}: json? @json("${keys.join('.')}")`).join('  ');
          const plan = planOf(
            `entity E { id: text? @header("id")  ${fields} }
             derive D from E as e { n = 1  store t { key (n)  upsert on (n) } }`,
          );
          const expected = new Set(paths.flatMap((keys) => stoppedAt(message, keys) ?? []));
          met += expected.size > 0 ? 1 : 0;
          const evaluation = evaluate(plan, { body: written(message) });
          const rejection = evaluation.kind === 'rejected' ? evaluation.rejection : undefined;
          const faults = rejection === undefined ? [] : (rejection.faults ?? [rejection]);
          expect(faults.map(({ code }) => code)).toEqual(faults.map(() => 'wrong_type'));
          expect(faults.map(({ pointer }) => pointer).toSorted()).toEqual([...expected].toSorted());
        },
      ),
      { numRuns: runs(2000) },
    );
    expect(met).toBeGreaterThan(runs(100));
  });

  const program = `entity E {
    id:   int
    zip:  text? @json("customer.address.zip")
    city: text @default("none") @json("customer.address.city")
    store e { key (id)  upsert on (id) }
  }`;

  test('names the place, what is expected and what was found, once', () => {
    expect(rejectionOf(program, { body: { id: 1, customer: { address: 'Main Street 1' } } })).toEqual({
      code: 'wrong_type',
      entity: 'E',
      field: 'E.zip',
      pointer: '/customer/address',
      message: 'expected an object, found a string',
    });
  });

  test.each([
    ['an absent key', { id: 1, customer: {} }],
    ['null', { id: 1, customer: null }],
  ])('%s on the way is no value', (_what, body) => {
    expect(evaluate(planOf(program), { body }).kind).toBe('rows');
  });
});
