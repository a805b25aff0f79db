import type { StatusRow, TableRows } from './live.ts';
import type { Accepted } from './sender.ts';
import { decimal, type Order } from './workload.ts';

/** The tables whose every row the input and the final statuses decide. */
export interface ExpectedTables {
  readonly orders: TableRows;
  readonly order_lines: TableRows;
  readonly order_states: TableRows;
  readonly entries: TableRows;
}

/** The tables in which the first or the last writer wins, whoever that was: the values that each key may have. */
export interface AllowedTables {
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
  readonly accounts: ReadonlyMap<string, ReadonlySet<string>>;
}

type Statuses = ReadonlyMap<string, StatusRow>;

/** What is left of the input when of each key the newest version stays. */
export function expectedTables(accepted: ReadonlyMap<string, Accepted>, statuses: Statuses): ExpectedTables {
  const newest = new Map<number, Order>();
  const entries = new Map<string, string>();
  for (const { messageId, content } of accepted.values()) {
    switch (content.entity) {
      case 'Order':
        if (!content.poison && content.version > (newest.get(content.key)?.version ?? 0)) {
          newest.set(content.key, content);
        }
        break;
      case 'Entry':
        // Whether an entry may be dead is asked of its dead letter.
        if (statuses.get(messageId)?.status === 'completed') {
          entries.set(String(content.key), `${content.account}|${decimal(content.cents)}`);
        }
        break;
      case 'Account':
        break;
    }
  }
  const orders = new Map<string, string>();
  const lines = new Map<string, string>();
  const states = new Map<string, string>();
  for (const order of newest.values()) {
    orders.set(String(order.key), `${order.version}|${order.note}|${decimal(order.cents)}`);
    states.set(String(order.key), order.note);
    for (const { number, sku, cents } of order.lines) {
      lines.set(`${order.key}|${number}`, `${order.version}|${sku}|${taxed(cents, order.version)}`);
    }
  }
  return { orders, order_lines: lines, order_states: states, entries };
}

/** `amount * rate` as the pipeline says it, in whole ten-thousandths. */
function taxed(cents: number, version: number): string {
  const units = cents * (version > 10 ? 125 : 110);
  return `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, '0')}`;
}

export function allowedTables(accepted: ReadonlyMap<string, Accepted>, statuses: Statuses): AllowedTables {
  const products = new Map<string, Set<string>>();
  const accounts = new Map<string, Set<string>>();
  for (const { messageId, content } of accepted.values()) {
    // A superseded message writes nothing, wherever.
    if (statuses.get(messageId)?.status !== 'completed') continue;
    if (content.entity === 'Order') {
      for (const { sku } of content.lines) add(products, sku, String(content.key));
    } else if (content.entity === 'Account') {
      add(accounts, String(content.key), content.name);
    }
  }
  return { products, accounts };
}

function add(all: Map<string, Set<string>>, key: string, value: string): void {
  const known = all.get(key);
  if (known === undefined) all.set(key, new Set([value]));
  else known.add(value);
}
