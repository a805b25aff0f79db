import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { runs } from '../support/property-runs.ts';
import { rowsOf } from '../plan/evaluating.ts';

/** `n`, `m` and `o` can be absent, two of them with a default; each message has `r`. */
const program = (values: readonly string[], action: string): string => `
  fn plus(n: int?) -> int = (n ?? 7) + 1
  entity Change { id: int  n: int @default(1)  m: int?  o: bool @default(false)  r: int }
  derive Kept from Change as a {
    id = a.id
    ${values.map((value, at) => `v${at}: int? = ${value}`).join('\n')}
    store kept { key (id)  upsert on (id) ${action} }
  }`;

const { value: generated } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.constantFrom('a.n', 'a.m', 'a.r', '3', 'null'),
    fc
      .tuple(tie('value'), fc.constantFrom('+', '*', '??'), tie('value'))
      .map(([l, by, r]) => `(${l}) ${by} (${r})`),
    fc.tuple(tie('value'), tie('value')).map(([then, other]) => `if a.o then (${then}) else (${other})`),
    fc
      .tuple(tie('value'), tie('value'))
      .map(([then, other]) => `if a.m == null then (${then}) else (${other})`),
    tie('value').map((value) => `plus(${value})`),
    fc.constantFrom('v0', 'v1'),
  ),
}));

test('what a message overwrites by leaving everything out is an error where the store merges, and nothing else is', () => {
  fc.assert(
    fc.property(fc.tuple(generated, generated, generated), (all) => {
      // A field never reads itself, nor one that reads it.
      const values = all.map((value, at) =>
        value.replaceAll(/v[01]/g, (name) => (Number(name[1]) < at ? name : 'a.n')),
      );
      const replacing = analyze({ name: 'x.nom', text: program(values, 'replace') });
      fc.pre(replacing.accepted);
      const [row] = rowsOf(program(values, 'replace'), { body: { id: 1, r: 5 } })['kept'] as [
        Record<string, unknown>,
      ];
      const reads = (at: number): string =>
        values[at]?.replaceAll(/v([01])/g, (_, other: string) => reads(Number(other))) ?? '';
      const overwritten = values.flatMap((_, at) =>
        /a\.[nmo]/.test(reads(at)) && !reads(at).includes('a.r') && row[`v${at}`] !== null ? [`v${at}`] : [],
      );
      const found = analyze({ name: 'x.nom', text: program(values, 'merge') }).findings;
      expect(
        found
          .filter(({ code }) => code === 'NOM219')
          .map(({ message }) => /overwrites `(v\d)`/.exec(message)?.[1]),
      ).toEqual(overwritten);
    }),
    { numRuns: runs(120) },
  );
});

test.each([
  ['says whether the message has it', 'v: bool = a.m != null'],
  ['flags what is deleted', 'v: bool = a.gone ?? false'],
  ['is a constant', 'v: text = "web"'],
  ['says when the message came', 'v: timestamp = meta.received_at'],
])('a column that %s is not reported', (_, field) => {
  const text = `entity Change { id: int  m: int?  gone: bool? }
    derive Kept from Change as a {
      id = a.id
      ${field}
      store kept { key (id)  upsert on (id) merge  ${field.includes('gone') ? 'delete when v' : ''} }
    }`;
  expect(analyze({ name: 'x.nom', text }).findings.filter(({ severity }) => severity === 'error')).toEqual(
    [],
  );
});
