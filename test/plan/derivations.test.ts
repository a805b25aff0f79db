import { describe, expect, test } from 'vitest';
import { planOf } from '../support/plan.ts';
import { evaluate, rejectionOf, rowsOf } from './evaluating.ts';

const SHOP = `
shape Item { sku: text(8)  count: int }
shape Parcel { code: text(8)  items: Item[]  weight: int? }
entity Order {
  id: int
  parcels: Parcel[]?
  coupon: text(8)?
  store orders { key (id)  upsert on (id) }
}
derive Box from Order as o, each o.parcels as p where p.weight != null {
  code: text(8) = p.code
  weight: int = p.weight
}
derive Coupon from Order as o where o.coupon != null { code: text(8) = o.coupon }
derive OrderItem from Order as o, each o.parcels as p, each p.items as i, optional Coupon as c {
  ...i
  order_id: int      = o.id
  code:     text(8)  = p.code
  coupon:   text(8)? = c?.code
  store order_items {
    key (order_id, code, sku)
    upsert on (order_id, code, sku)
    prune by (order_id)
  }
}
derive Heavy from Order as o, each Box as box where box.weight > 10 {
  order_id: int     = o.id
  code:     text(8) = box.code
  double:   int     = box.weight + box.weight
  store heavy { key (order_id, code)  upsert on (order_id, code) }
}`;

const order = {
  id: 1,
  parcels: [
    {
      code: 'a',
      weight: 20,
      items: [
        { sku: 'x', count: 1 },
        { sku: 'y', count: 2 },
      ],
    },
    { code: 'b', items: [{ sku: 'x', count: 3 }] },
    { code: 'c', weight: 5, items: [] },
  ],
};

describe('rows that are derived', () => {
  test('nested lists give a row for each innermost element, in order', () => {
    expect(rowsOf(SHOP, { body: order })['order_items']).toEqual([
      { sku: 'x', count: 1, order_id: 1, code: 'a', coupon: null },
      { sku: 'y', count: 2, order_id: 1, code: 'a', coupon: null },
      { sku: 'x', count: 3, order_id: 1, code: 'b', coupon: null },
    ]);
  });

  test('derived from derived rows, filtered at each level', () => {
    expect(rowsOf(SHOP, { body: order })['heavy']).toEqual([{ order_id: 1, code: 'a', double: 40 }]);
  });

  test('an optional source gives null where it has no row, and its row where it has one', () => {
    const coupons = (body: object) =>
      rowsOf(SHOP, { body })['order_items']?.map((row) => (row as { coupon: string }).coupon);
    expect(coupons({ ...order, coupon: 'SPRING' })).toEqual(['SPRING', 'SPRING', 'SPRING']);
    expect(coupons(order)).toEqual([null, null, null]);
  });

  test.each([[null], [[]]])('a list that is %j gives no rows', (parcels) => {
    expect(rowsOf(SHOP, { body: { id: 1, parcels } })).toEqual({
      orders: [{ id: 1, coupon: null }],
      order_items: [],
      heavy: [],
    });
  });

  test('`prune by` names the parent even where the list is empty', () => {
    const evaluation = evaluate(planOf(SHOP), { body: { id: 7, parcels: [] } });
    if (evaluation.kind !== 'rows') throw new Error('rejected');
    expect(evaluation.writes.flatMap((writes) => writes.parents)).toEqual([{ key: [7] }]);
  });

  test('`prune by` names the parent also where an object inside the list is a source', () => {
    const source = `
      shape Part { code: text }  shape Line { n: int  part: Part? }
      entity T { id: int  lines: Line[]  store t { key (id)  upsert on (id) } }
      derive L from T as t, each t.lines as l, l.part as p {
        id: int = t.id  n: int = l.n  code: text = p.code
        store l { key (id, n)  upsert on (id, n)  prune by (id) }
      }`;
    const writesOf = (lines: unknown[]) => {
      const evaluation = evaluate(planOf(source), { body: { id: 4, lines } });
      return evaluation.kind === 'rows' ? evaluation.writes[1] : undefined;
    };
    expect(writesOf([])).toEqual({ table: 1, rows: [], parents: [{ key: [4] }] });
    expect(writesOf([{ n: 1 }, { n: 2, part: { code: 'x' } }])).toEqual({
      table: 1,
      rows: [[4, 2, 'x']],
      parents: [{ key: [4] }],
    });
  });

  test('a required single source without a row gives no rows', () => {
    const source = `
      entity T { id: int  a: int?  store t { key (id)  upsert on (id) } }
      derive A from T as t where t.a != null { a: int = t.a }
      derive B from T as t, A as a { id: int = t.id  v: int = a.a  store b { key (id)  upsert on (id) } }`;
    expect(rowsOf(source, { body: { id: 1 } })['b']).toEqual([]);
    expect(rowsOf(source, { body: { id: 1, a: 5 } })['b']).toEqual([{ id: 1, v: 5 }]);
  });

  test('a value that cannot be computed is refused with the element that it comes from', () => {
    const body = { ...order, parcels: [order.parcels[2], { code: 'z', weight: 2 ** 30, items: [] }] };
    expect(rejectionOf(SHOP, { body })).toMatchObject({
      code: 'out_of_range',
      entity: 'Order',
      field: 'Heavy.double',
      pointer: '/parcels/1',
      source: 'test.nom:29:23',
    });
  });
});
