import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const stores = `
entity A { id: int  total: int  store app.orders { key (id)  upsert on (id) } }
entity B { id: int  store shop.orders { key (id)  upsert on (id) } }
entity C { id: int  store public.notes { key (id)  upsert on (id) } }
entity D { id: int  store app.notes { key (id)  upsert on (id) } }
entity E { id: int  shop: int  notes: int  store app { key (id)  upsert on (id) } }
entity F { id: int  store app.lines { key (id)  upsert on (id) } }
`;

/** Message and help of each error in a test of these tables. */
function errorsOf(expectation: string): readonly string[] {
  const text = `${stores}test "tables" {\n  expect ${expectation}\n}\n`;
  return analyze({ name: 'shop.nom', text })
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code, message, help }) => `${code} ${message}; ${help ?? ''}`);
}

test.each([
  'count(app.orders) == 0',
  'sum(app.orders.total) == 0',
  'app.orders { "id": 1, "total": 2 }',
  'shop.orders { "id": 1 }',
  // Without a schema it is the table of `public`, however its `store` writes it.
  'count(notes) == count(public.notes)',
  'notes { "id": 1 }',
  // The only table of that name.
  'count(lines) == count(app.lines)',
  'lines { "id": 1 }',
  // A table first, with its columns.
  'count(app.shop) == 0',
  'sum(app.notes) == 0',
  'app.notes { "id": 1 }',
])('a test means one table by a name, with and without a schema: expect %s', (expectation) => {
  expect(errorsOf(expectation)).toEqual([]);
});

const SEVERAL =
  'NOM101 several tables are called `orders`: `app.orders`, `shop.orders`; write the schema too: `app.orders` or `shop.orders`';

test.each([
  ['count(orders) == 0', SEVERAL],
  ['orders { "id": 1 }', SEVERAL],
  ['shop.orders { "id": 1, "total": 2 }', 'NOM103 shop.orders has no column `total`; known names: `id`'],
  ['shop.order { "id": 1 }', 'NOM101 there is no table `shop.order`; did you mean `shop.orders`?'],
  ['shop.notes { "id": 1 }', 'NOM101 there is no table `shop.notes`; did you mean `app.notes`?'],
  ['public.lines { "id": 1 }', 'NOM101 there is no table `public.lines`; did you mean `public.notes`?'],
])('and says what is wrong with a name that means none or several: expect %s', (expectation, error) => {
  expect(errorsOf(expectation)).toEqual([error]);
});
