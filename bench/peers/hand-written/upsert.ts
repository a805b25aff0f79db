/** What each hand-written worker says after the rows: the newest version wins, as in `pipelines/tpch.nom`. */

export const ORDER_COLUMNS = `order_key, customer_key, status, total_price, order_date, priority, clerk, ship_priority,
  version, comment`;

export const LINE_COLUMNS = `order_key, line_number, version, part_key, supplier_key, quantity, extended_price, discount, tax,
  revenue, return_flag, line_status, ship_date, commit_date, receipt_date, ship_instructions, ship_mode, comment`;

/** What an order line brings, computed by Postgres, which keeps all digits. */
export const REVENUE = `extended_price * (1 - coalesce(discount, 0))`;

export const NEWEST_ORDER = newest(ORDER_COLUMNS, ['order_key']);
export const NEWEST_LINE = newest(LINE_COLUMNS, ['order_key', 'line_number']);

function newest(columns: string, key: readonly string[]): string {
  const others = columns.split(/,\s*/).filter((column) => !key.includes(column));
  const set = others.map((column) => `${column} = excluded.${column}`).join(', ');
  return `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set} WHERE t.version < excluded.version`;
}
