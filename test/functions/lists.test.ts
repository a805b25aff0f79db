import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { planOf } from '../support/plan.ts';

const SHOP = `
shape Item { price: decimal(5, 2)  quantity: int  discount: decimal(5, 2)?  gift: bool  tags: text[] }
entity Order {
  id:    int
  items: Item[]
  more:  Item[]?
  total:     decimal(20, 2) = sum(items.price)
  saved:     decimal(20, 2) = sum(items.discount)
  discounts: int            = count(items.discount)
  gifts:     bool           = any(items.gift)
  cheapest:  decimal(5, 2)? = first(items.price)
  tags:      text           = join(items.tags, " ")
  extra:     decimal(20, 2) = sum(more?.price)
  store orders { key (id)  upsert on (id) }
}`;

function orderOf(message: string): Readonly<Record<string, unknown>> {
  const plan = planOf(SHOP);
  const evaluation = plan.entities[0]?.evaluate({
    body: message,
    headers: {},
    messageId: '1',
    receivedAt: 0,
  });
  if (evaluation?.kind !== 'rows') throw new Error(JSON.stringify(evaluation));
  const row = evaluation.writes[0]?.rows[0] ?? [];
  return Object.fromEntries(
    (plan.tables[0]?.columns ?? []).map((column, at) => [column.name, column.toJson(row[at] ?? null)]),
  );
}

test('a field of all elements of a list is a list: sums, counts and joins read nested lines', () => {
  const items = [
    { price: 1.5, quantity: 1, discount: 0.25, gift: false, tags: ['a', 'b'] },
    { price: 100, quantity: 2, gift: true, tags: [] },
    { price: 0.01, quantity: 3, discount: null, gift: false, tags: ['c'] },
  ];
  expect(orderOf(JSON.stringify({ id: 1, items }))).toEqual({
    id: 1,
    total: '101.51',
    saved: '0.25',
    discounts: 1,
    gifts: true,
    cheapest: '1.50',
    tags: 'a b c',
    extra: '0.00',
  });
});

test('a list without elements has no sum but 0, and no first element', () => {
  expect(
    orderOf('{"id": 1, "items": [], "more": [{"price": 2, "quantity": 1, "gift": false, "tags": []}]}'),
  ).toEqual({
    id: 1,
    total: '0.00',
    saved: '0.00',
    discounts: 0,
    gifts: false,
    cheapest: null,
    tags: '',
    extra: '2.00',
  });
});

test('a list that may be null and a field that is not there are found before anything runs', () => {
  const findings = (from: string, to: string) =>
    analyze({ name: 'shop.nom', text: SHOP.replace(from, to) }).findings.map(
      ({ code, message }) => `${code} ${message}`,
    );
  expect(findings('more?.price', 'more.price')).toEqual([
    'NOM302 `price` is read from `more`, which can be null',
  ]);
  expect(findings('more?.price', 'more?.prize')).toEqual(['NOM103 Item has no `prize`']);
});

test('a source of a derivation leads through one list at a time', () => {
  const text = `
shape Box { size: int }
shape Parcel { boxes: Box[] }
entity Order { id: int  parcels: Parcel[]  store orders { key (id)  upsert on (id) } }
derive Boxed from Order as o, each o.parcels.boxes as box {
  id: int = o.id  size: int = box.size
  store boxes { key (id, size)  upsert on (id, size) }
}`;
  expect(analyze({ name: 'shop.nom', text }).findings.map(({ message }) => message)).toEqual([
    'this path goes through two lists, but a source is one list',
  ]);
  const fixed = text.replace(
    'each o.parcels.boxes as box',
    'each o.parcels as parcel, each parcel.boxes as box',
  );
  expect(analyze({ name: 'shop.nom', text: fixed }).accepted).toBe(true);
});
