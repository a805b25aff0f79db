import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { evaluate } from './evaluating.ts';

const SHOP = `
lookup Countries "countries.csv" { code: text(2)  name: text(40)  vat: decimal(4, 2)?  key (code) }
entity Order {
  id: int
  country: text(2)?
  name: text(40) = Countries[country]?.name ?? "unknown"
  vat: decimal(4, 2)? = Countries[country]?.vat
  store orders { key (id)  upsert on (id) }
}`;

const CSV = 'vat,code,name\n8.1,CH,Switzerland\n,XK,Kosovo\n';

test('a lookup gives the row of a key, and null where there is none', () => {
  const { program, findings } = analyze({ name: 'pipes/shop.nom', text: SHOP }, (path) =>
    path === 'pipes/countries.csv' ? CSV : undefined,
  );
  expect(findings).toEqual([]);
  const plan = compilePlan(program, 'pipes/shop.nom');
  const rowOf = (country?: string) => evaluate(plan, { body: { id: 1, country } });
  expect(rowOf('CH')).toMatchObject({ writes: [{ rows: [[1, 'CH', 'Switzerland', '8.10']] }] });
  expect(rowOf('XK')).toMatchObject({ writes: [{ rows: [[1, 'XK', 'Kosovo', null]] }] });
  expect(rowOf('FR')).toMatchObject({ writes: [{ rows: [[1, 'FR', 'unknown', null]] }] });
  expect(rowOf()).toMatchObject({ writes: [{ rows: [[1, null, 'unknown', null]] }] });
});

test('a rejection by a rule of an imported file names that file', () => {
  const { program } = analyze(
    {
      name: 'shop.nom',
      text: 'import "rules.nom" entity T { id: int  ...Rules  store t { key (id)  upsert on (id) } }',
    },
    () => '\nshape Rules { a: int  b: int = 1 % a }',
  );
  expect(evaluate(compilePlan(program, 'shop.nom'), { body: { id: 1, a: 0 } })).toMatchObject({
    rejection: { code: 'failed', field: 'T.b', source: 'rules.nom:2:32' },
  });
});
