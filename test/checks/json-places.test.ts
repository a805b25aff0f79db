import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePlan } from '../../src/plan/compile.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { evaluate } from '../plan/evaluating.ts';
import { codesOf } from '../model/finding-codes.ts';
import { runs } from '../support/property-runs.ts';

const program = (fields: string): string => `enum Colour { Red = "red" }
  shape Inner { y: text  z: Inner? }
  shape Other { y: bool  z: Other? }
  entity T { id: text @header("id")  ${fields}  store t { key (id)  upsert on (id) } }`;

test.each([
  ['x: text  y: int @json("x.y")', true],
  ['x: text?  y: int @json("x.y")', true],
  ['x: text  y: int? @json("x.y")', true],
  ['x: text?  y: int? @json("x.y")', false],
  ['x: text @default("a")  y: int @json("x.y")', true],
  ['x: json  y: int @json("x.y")', false],
  ['x: Inner  y: text @json("x.y")', false],
  ['x: Inner  y: int @json("x.y")', false],
  ['x: Inner  y: bool @json("x.y")', true],
  ['x: Inner?  y: bool? @json("x.y")', false],
  ['x: Inner[]  y: text @json("x.y")', true],
  ['x: Colour  y: bool @json("x")', true],
  ['x: Colour  y: text @json("x")', false],
  ['x: int  y: text @json("x")', false],
  ['x: float  y: text @json("x")', true],
  ['x: Inner  y: Other @json("x")', true],
  ['x: Inner?  y: Other? @json("x")', false],
  ['a: int @json("x.y")  b: int @json("x.y.z")', true],
  ['a: int @json("x.y")  b: int @json("x.z")', false],
])('%s: no message has both: %s', (fields, impossible) => {
  expect(codesOf(program(fields)).includes('NOM315')).toBe(impossible);
});

test('what is told of a shape is told of rows, not of what a record spreads', () => {
  const shape = 'shape S { x: text  y: int @json("x.y") }';
  const entity = (member: string): string =>
    `${shape} entity T { id: int  ${member}  store t { key (id)  upsert on (id) } }`;
  expect(codesOf(entity('rows: S[]')).includes('NOM315')).toBe(true);
  expect(codesOf(entity('...S')).includes('NOM315')).toBe(true);
  expect(codesOf(entity('...S  x: json')).includes('NOM315')).toBe(false);
});

const type = fc.constantFrom(
  'text',
  'int',
  'float',
  'bool',
  'json',
  'int[]',
  'Inner',
  'Other',
  'Colour',
  'date',
);
const path = fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 3 });
const member = fc.tuple(type, fc.boolean(), path);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, 'red', '7', '2000-01-01', 7, true, [], [1]),
    fc.dictionary(fc.constantFrom('x', 'y', 'z'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

test('no message is accepted by a program of which that is said', () => {
  const met = { impossible: 0, accepted: 0 };
  fc.assert(
    fc.property(
      fc.array(member, { minLength: 2, maxLength: 3 }),
      fc.array(value, { minLength: 20 }),
      (all, bodies) => {
        const fields = all.map(
          ([name, optional, keys], at) => `f${at}: ${name}${optional ? '?' : ''} @json("${keys.join('.')}")`,
        );
        const { program: made, findings } = analyze({ name: 'x.nom', text: program(fields.join('  ')) });
        const errors = new Set(
          findings.flatMap(({ severity, code }) => (severity === 'error' ? [code] : [])),
        );
        fc.pre([...errors].every((code) => code === 'NOM315'));
        const plan = compilePlan(made, 'x.nom');
        const accepts = bodies.some((body) => evaluate(plan, { body, headers: { id: 'a' } }).kind === 'rows');
        if (errors.size > 0) met.impossible += 1;
        if (accepts) met.accepted += 1;
        expect([fields, errors.size > 0 && accepts]).toEqual([fields, false]);
      },
    ),
    { numRuns: runs(1000) },
  );
  expect(Math.min(met.impossible, met.accepted)).toBeGreaterThan(runs(20));
});
