import type { ClientBase } from 'pg';
import type { Line, Order } from './order.ts';
import { LINE_COLUMNS, NEWEST_LINE, NEWEST_ORDER, ORDER_COLUMNS, REVENUE } from './upsert.ts';

const UPSERT_ORDERS = `INSERT INTO orders AS t (${ORDER_COLUMNS})
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::numeric[], $5::date[], $6::text[], $7::text[], $8::int[],
  $9::bigint[], $10::text[])
${NEWEST_ORDER}`;

const UPSERT_LINES = `INSERT INTO order_line_items AS t (${LINE_COLUMNS})
SELECT order_key, line_number, version, part_key, supplier_key, quantity, extended_price, discount, tax, ${REVENUE},
  return_flag, line_status, ship_date, commit_date, receipt_date, ship_instructions, ship_mode, comment
FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::numeric[], $7::numeric[], $8::numeric[],
  $9::numeric[], $10::text[], $11::text[], $12::date[], $13::date[], $14::date[], $15::text[], $16::text[], $17::text[])
  AS l (order_key, line_number, version, part_key, supplier_key, quantity, extended_price, discount, tax, return_flag,
    line_status, ship_date, commit_date, receipt_date, ship_instructions, ship_mode, comment)
${NEWEST_LINE}`;

type LineOf = readonly [Order, Line];

const ORDER_VALUES: readonly ((order: Order) => unknown)[] = [
  (order) => order.order_key,
  (order) => order.customer_key,
  (order) => order.order_status,
  (order) => order.total_price,
  (order) => order.order_date,
  (order) => order.order_priority,
  (order) => order.clerk,
  (order) => order.ship_priority,
  versionOf,
  (order) => order.comment,
];

const LINE_VALUES: readonly ((line: LineOf) => unknown)[] = [
  ([order]) => order.order_key,
  ([, line]) => line.line_number,
  ([order]) => versionOf(order),
  ([, line]) => line.part_key,
  ([, line]) => line.supplier_key,
  ([, line]) => line.quantity,
  ([, line]) => line.extended_price,
  ([, line]) => line.discount,
  ([, line]) => line.tax,
  ([, line]) => line.return_flag,
  ([, line]) => line.line_status,
  ([, line]) => line.ship_date,
  ([, line]) => line.commit_date,
  ([, line]) => line.receipt_date,
  ([, line]) => line.ship_instructions,
  ([, line]) => line.ship_mode,
  ([, line]) => line.comment,
];

function versionOf(order: Order): number {
  return order.version ?? 1;
}

/** Upserts the orders and their lines with one statement for each table. The caller has a transaction open. */
export async function upsertOrders(client: ClientBase, orders: readonly Order[]): Promise<void> {
  const newest = newestOfEach(orders);
  const lines = newest.flatMap((order) => order.line_items.map((line): LineOf => [order, line]));
  await client.query({
    name: 'orders',
    text: UPSERT_ORDERS,
    values: ORDER_VALUES.map((value) => newest.map(value)),
  });
  await client.query({
    name: 'lines',
    text: UPSERT_LINES,
    values: LINE_VALUES.map((value) => lines.map(value)),
  });
}

/** One statement must not write a row twice, and two workers must lock rows in the same order. */
function newestOfEach(orders: readonly Order[]): readonly Order[] {
  const newest = new Map<number, Order>();
  for (const order of orders) {
    const known = newest.get(order.order_key);
    if (known === undefined || versionOf(known) < versionOf(order)) newest.set(order.order_key, order);
  }
  return [...newest.values()].sort((left, right) => left.order_key - right.order_key);
}
