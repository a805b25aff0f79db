import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const findings = (text: string) =>
  analyze({ name: 'shop.nom', text }).findings.map(({ code, message }) => `${code} ${message}`);

const REFUSED = ['NOM210 `at` changes each time the same message arrives, so it cannot be part of a key'];

test('now() cannot be in a key, however it gets there', () => {
  const store = 'store readings { key (at)  upsert on (at) }';
  expect(findings(`entity Reading { at = now()  ${store} }`)).toEqual(REFUSED);
  expect(findings(`entity Reading { seen = add_days(now(), 1)  at = seen  ${store} }`)).toEqual(REFUSED);
  expect(findings(`fn today() -> date = date_of(now())  entity Reading { at = today()  ${store} }`)).toEqual(
    REFUSED,
  );
  expect(
    findings(`entity Message { seen = now() }  derive Reading from Message as m { at = m.seen  ${store} }`),
  ).toEqual(REFUSED);
});

test('now() can be in any other column', () => {
  expect(
    findings('entity Reading { id: int  at = now()  store readings { key (id)  upsert on (id) } }'),
  ).toEqual([]);
});
