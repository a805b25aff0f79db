import { LINE_COLUMNS, NEWEST_LINE, NEWEST_ORDER, ORDER_COLUMNS, REVENUE } from './upsert.ts';

/**
 * Upserts the orders of a JSON array, which is an expression of SQL, and their lines. One row must not be written twice, and
 * two workers must lock rows in the same order: hence DISTINCT ON.
 */
export const upsertRecords = (array: string): string => `WITH message AS MATERIALIZED (
  SELECT DISTINCT ON (order_key) *, coalesce(version, 1) AS newest
  FROM jsonb_to_recordset(${array}) AS m (order_key bigint, customer_key bigint, order_status text, total_price numeric,
    order_date date, order_priority text, clerk text, ship_priority int, version bigint, comment text, line_items jsonb)
  ORDER BY order_key, version DESC NULLS LAST
), stored AS (
  INSERT INTO orders AS t (${ORDER_COLUMNS})
  SELECT order_key, customer_key, order_status, total_price, order_date, order_priority, clerk, ship_priority, newest, comment
  FROM message
  ${NEWEST_ORDER}
)
INSERT INTO order_line_items AS t (${LINE_COLUMNS})
SELECT m.order_key, line_number, m.newest, part_key, supplier_key, quantity, extended_price, discount, tax, ${REVENUE},
  return_flag, line_status, ship_date, commit_date, receipt_date, ship_instructions, ship_mode, l.comment
FROM message AS m, jsonb_to_recordset(m.line_items) AS l (line_number int, part_key bigint, supplier_key bigint,
  quantity numeric, extended_price numeric, discount numeric, tax numeric, return_flag text, line_status text,
  ship_date date, commit_date date, receipt_date date, ship_instructions text, ship_mode text, comment text)
${NEWEST_LINE}`;
