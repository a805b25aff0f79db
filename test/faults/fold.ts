import type { StatusRow, TableRows } from './live.ts';
import type { Accepted } from './sender.ts';
import { decimal, type Order, type Stock } from './content.ts';

/** The tables whose every row the input and the final statuses decide. */
export interface ExpectedTables {
  readonly orders: TableRows;
  readonly order_lines: TableRows;
  readonly order_states: TableRows;
  readonly order_tallies: TableRows;
  readonly entries: TableRows;
  readonly tallies: TableRows;
  readonly stocks: TableRows;
  readonly movements: TableRows;
  readonly positions: TableRows;
  readonly extras: TableRows;
}

/** The tables in which the first or the last writer wins, whoever that was: the values that each key may have. */
export interface AllowedTables {
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
  readonly accounts: ReadonlyMap<string, ReadonlySet<string>>;
  /** One row for each, of a variant that may have been published under its key. */
  readonly claims: ReadonlyMap<string, ReadonlySet<string>>;
  /** With a tag where the second program wrote it. */
  readonly memos: ReadonlyMap<string, ReadonlySet<string>>;
}

type Statuses = ReadonlyMap<string, StatusRow>;

/** What is left of the input when of each key the newest version stays. */
export function expectedTables(accepted: ReadonlyMap<string, Accepted>, statuses: Statuses): ExpectedTables {
  const newest = new Map<number, Order>();
  const written = new Map<string, number>();
  const entries = new Map<string, string>();
  const days = new Map<number, { sales: number; cents: number }>();
  const stock = new Map<number, Stock>();
  const last = new Map<string, number>();
  const extras = new Map<string, string>();
  for (const { messageId, content } of accepted.values()) {
    switch (content.entity) {
      case 'Order':
        if (!content.poison && content.version > (newest.get(content.key)?.version ?? 0)) {
          newest.set(content.key, content);
        }
        if (statuses.get(messageId)?.status === 'completed') {
          written.set(String(content.key), (written.get(String(content.key)) ?? 0) + 1);
        }
        break;
      case 'Entry':
        // Whether an entry may be dead is asked of its dead letter.
        if (statuses.get(messageId)?.status === 'completed') {
          entries.set(String(content.key), `${content.account}|${decimal(content.cents)}`);
        }
        break;
      case 'Sale': {
        const { sales, cents } = days.get(content.day) ?? { sales: 0, cents: 0 };
        days.set(content.day, { sales: sales + 1, cents: cents + content.cents });
        break;
      }
      case 'Stock':
        if (content.version > (stock.get(content.key)?.version ?? 0)) stock.set(content.key, content);
        break;
      case 'Movement':
        last.set(String(content.key), Math.max(content.number, last.get(String(content.key)) ?? 0));
        break;
      case 'Extra':
        extras.set(String(content.key), decimal(content.cents));
        break;
      case 'Account':
      case 'Claim':
      case 'Memo':
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
  return {
    orders,
    order_lines: lines,
    order_states: states,
    order_tallies: new Map([...written].map(([key, count]) => [key, String(count)])),
    entries,
    extras,
    tallies: new Map([...days].map(([day, { sales, cents }]) => [String(day), `${sales}|${decimal(cents)}`])),
    // Numbered without a gap: as many movements as the last one says.
    movements: new Map([...last].map(([account, number]) => [account, `${number}|${number}`])),
    positions: new Map([...last].map(([account, number]) => [account, String(number)])),
    stocks: new Map(
      [...stock.values()]
        .filter(({ gone }) => !gone)
        .map(({ key, version, cents }) => [String(key), `${version}|${decimal(cents)}|f`]),
    ),
  };
}

/** `amount * rate` as the pipeline says it, in whole ten-thousandths. */
function taxed(cents: number, version: number): string {
  const units = cents * (version > 10 ? 125 : 110);
  return `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, '0')}`;
}

/** `doubtful`: the claims whose other body may have been published too. */
export function allowedTables(
  accepted: ReadonlyMap<string, Accepted>,
  statuses: Statuses,
  doubtful: ReadonlySet<number>,
): AllowedTables {
  const products = new Map<string, Set<string>>();
  const accounts = new Map<string, Set<string>>();
  const claims = new Map<string, Set<string>>();
  const memos = new Map<string, Set<string>>();
  for (const { messageId, content } of accepted.values()) {
    // A superseded message writes nothing, wherever.
    if (statuses.get(messageId)?.status !== 'completed') continue;
    if (content.entity === 'Order') {
      for (const { sku } of content.lines) add(products, sku, String(content.key));
    } else if (content.entity === 'Account') {
      add(accounts, String(content.key), content.name);
    } else if (content.entity === 'Claim') {
      add(claims, String(content.key), '1');
      if (doubtful.has(content.key)) add(claims, String(content.key), '2');
    } else if (content.entity === 'Memo') {
      const key = String(content.key);
      add(memos, key, content.isMisfit ? '|' : `memo ${key}|`);
      if (!content.isMisfit) add(memos, key, `memo ${key}|tag ${key}`);
    }
  }
  return { products, accounts, claims, memos };
}

function add(all: Map<string, Set<string>>, key: string, value: string): void {
  const known = all.get(key);
  if (known === undefined) all.set(key, new Set([value]));
  else known.add(value);
}
