import type { ClientBase } from 'pg';
import type { Order } from './order.ts';
import { LINE_COLUMNS, NEWEST_LINE, NEWEST_ORDER, ORDER_COLUMNS, REVENUE } from './upsert.ts';

const UPSERT_ORDER = `INSERT INTO orders AS t (${ORDER_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
${NEWEST_ORDER}`;

const REVENUE_OF_PARAMETERS = REVENUE.replace('extended_price', '$7::numeric').replace(
  'discount',
  '$8::numeric',
);

const UPSERT_LINE = `INSERT INTO order_line_items AS t (${LINE_COLUMNS})
VALUES ($1, $2, $3, $4, $5, $6, $7::numeric, $8::numeric, $9, ${REVENUE_OF_PARAMETERS}, $10, $11, $12, $13, $14, $15, $16, $17)
${NEWEST_LINE}`;

/** Upserts an order, and then one line after the other. The caller has a transaction open. */
export async function upsertOrder(client: ClientBase, order: Order): Promise<void> {
  const version = order.version ?? 1;
  await client.query(UPSERT_ORDER, [
    order.order_key,
    order.customer_key,
    order.order_status,
    order.total_price,
    order.order_date,
    order.order_priority,
    order.clerk,
    order.ship_priority,
    version,
    order.comment,
  ]);
  for (const line of order.line_items)
    await client.query(UPSERT_LINE, [
      order.order_key,
      line.line_number,
      version,
      line.part_key,
      line.supplier_key,
      line.quantity,
      line.extended_price,
      line.discount,
      line.tax,
      line.return_flag,
      line.line_status,
      line.ship_date,
      line.commit_date,
      line.receipt_date,
      line.ship_instructions,
      line.ship_mode,
      line.comment,
    ]);
}
