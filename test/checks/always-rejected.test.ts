import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { codesOf } from '../model/finding-codes.ts';
import { evaluate } from '../plan/evaluating.ts';
import { runs } from '../support/property-runs.ts';

const program = (member: string): string =>
  `fn never() -> int = fail("no")
   entity A { id: int  r: int  n: int?  ${member}  store a { key (id)  upsert on (id) } }`;

test.each([
  ['check 1 == 2', true],
  ['check r == null', true],
  ['check r < r', true],
  ['check not (r == r) or 2 > 3', true],
  ['check r > 1 and length("abc") == 4', true],
  ['check r > 1 or length("abc") == 4', false],
  ['check n == n', false],
  ['v = if id == id then fail("no") else 1', true],
  ['v = if r > 1 then fail("no") else 1', false],
  ['v = if r > 1 then never() else fail("no")', true],
  ['v = n ?? fail("no")', false],
  ['v = nonempty("") ?? fail("no")', true],
  ['v = nonempty("a") ?? fail("no")', false],
  ['k = "x"  check k == "y"', true],
  ['k = "x"  check k == "x" or r > 1', false],
  ['k = "x"  v = if k == "x" then fail("no") else 1', true],
  ['k = "x"  v = match k { "x" -> 1  else -> fail("no") }', false],
  ['k = "x"  v = match k { "y" -> 1  else -> fail("no") }', true],
  ['k: text? = null  v = k ?? fail("no")', true],
  ['v = try(parse_int("x"), fail("no"))', true],
  ['v = try(never(), 1)', false],
  ['v = match r { 1 -> 2  else -> fail("no") }', false],
  ['v = never() + 1', true],
])('%s: every message is rejected: %s', (member, rejected) => {
  expect(codesOf(program(member)).includes('NOM314')).toBe(rejected);
});

test('a derivation that not every message reaches may fail', () => {
  const derived = (rest: string): readonly string[] =>
    codesOf(`entity A { id: int  l: int[] }
      derive D from A as a${rest} { id = a.id  v: int = fail("no")  store d { key (id)  upsert on (id) } }`);
  expect(derived('')).toEqual(['NOM314']);
  expect(derived(' where a.id > 1')).toEqual([]);
  expect(derived(', each a.l as x')).not.toContain('NOM314');
});

const { condition } = fc.letrec<{ condition: string; value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    fc.constantFrom('r', 'id', '1', '2'),
    fc
      .tuple(tie('condition'), tie('value'), tie('value'))
      .map(([c, a, b]) => `(if ${c} then ${a} else ${b})`),
    tie('condition').map((c) => `(if ${c} then fail("no") else 1)`),
  ),
  condition: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.constantFrom('n == null', 'n != null', 'r != null', 'r == null', 'n == n', 'n != n'),
    fc.constantFrom('r < r', 'r <= r', 'r > r', 'r >= r', 'r == r', 'r != r', '1 < 2'),
    fc
      .tuple(tie('value'), fc.constantFrom('==', '!=', '<', '>='), tie('value'))
      .map(([l, by, r]) => `(${l} ${by} ${r})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
      .map(([l, by, r]) => `(${l} ${by} ${r})`),
    tie('condition').map((c) => `not (${c})`),
  ),
}));

test('what is said to reject every message does', () => {
  const numbers = [0, 1, 2, 3];
  const messages = numbers.flatMap((id) => numbers.flatMap((r) => [null, 1].map((n) => ({ id, r, n }))));
  fc.assert(
    fc.property(condition, (text) => {
      const { program: made, findings } = analyze({ name: 'x.nom', text: program(`check ${text}`) });
      const errors = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
      fc.pre(errors.every((code) => code === 'NOM314'));
      const plan = compilePlan(made, 'x.nom');
      const accepts = messages.some((body) => evaluate(plan, { body }).kind === 'rows');
      expect(errors.length > 0 && accepts).toBe(false);
    }),
    { numRuns: runs(1000) },
  );
});
