import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';

/** One line of an order; amounts in cents. */
export interface OrderLine {
  readonly number: number;
  readonly sku: string;
  readonly cents: number;
}

export interface Order {
  readonly entity: 'Order';
  readonly key: number;
  readonly version: number;
  readonly note: string;
  readonly cents: number;
  readonly lines: readonly OrderLine[];
  /** Refused by a constraint that only the live table has. */
  readonly poison: boolean;
}

export interface Account {
  readonly entity: 'Account';
  readonly key: number;
  readonly name: string;
}

export interface Entry {
  readonly entity: 'Entry';
  readonly key: number;
  readonly account: number;
  readonly cents: number;
  /** Whether its account is ever sent. */
  readonly orphan: boolean;
}

export type Content = Order | Account | Entry;

/** One request: a message, or a batch of them. */
export interface Send {
  /** The Idempotency-Key. */
  readonly key: string;
  /** Milliseconds after the start. */
  readonly due: number;
  readonly contents: readonly Content[];
  /** Sent once more under the same key this many milliseconds later. */
  readonly again: number | undefined;
}

/** The text that the live constraints refuse. */
export const POISON = 'poison';

/** Share of orders that arrive in batches, in that many each. */
const BATCHED = 0.25;
const BATCH = { from: 5, to: 40 };
const SENT_TWICE = 0.05;
/** Longer than the stream remembers ids, so that some repeats are only recognised by the inbox. */
const AGAIN_WITHIN = 12_000;
/** How many versions a message may come too early or too late. */
const DISORDER = 4;
/** The share of the time in which sends begin; the rest is for those that a fault held up. */
const SENDING = 0.8;

/** Everything that is sent, by time. The seed decides all of it but the moment. */
export function workload(options: FaultOptions, random: Random): readonly Send[] {
  const span = (options.seconds + options.outage) * 1000 * SENDING;
  const sends = [...orderSends(options, random.fork(), span), ...accountSends(options, random.fork(), span)];
  return sends.toSorted((left, right) => left.due - right.due);
}

function orderSends(options: FaultOptions, random: Random, span: number): readonly Send[] {
  const orders = inDisorder(options, random);
  const poisoned = Math.max(3, Math.round(options.messages / 500));
  for (let at = 0; at < poisoned; at += 1) {
    orders.splice(random.whole(0, orders.length), 0, poisonedOrder(1_000_000 + at, random));
  }
  const sends: Send[] = [];
  for (let at = 0; at < orders.length;) {
    const size = random.chance(BATCHED / BATCH.from) ? random.whole(BATCH.from, BATCH.to) : 1;
    const contents = orders.slice(at, at + size);
    sends.push({
      key: `order-${at}`,
      due: (at / orders.length) * span,
      contents,
      again: random.chance(SENT_TWICE) ? random.between(0, AGAIN_WITHIN) : undefined,
    });
    at += size;
  }
  return sends;
}

/** All versions of all keys; each version comes up to `DISORDER` rounds too early or too late. */
function inDisorder(options: FaultOptions, random: Random): Order[] {
  return Array.from({ length: options.messages }, (_, at) => {
    const key = (at % options.keys) + 1;
    const version = Math.floor(at / options.keys) + 1;
    return { order: order(key, version, random), place: version + random.between(0, DISORDER) };
  })
    .toSorted((left, right) => left.place - right.place)
    .map(({ order }) => order);
}

function order(key: number, version: number, random: Random): Order {
  const lines = Array.from({ length: random.whole(0, 5) }, (_, at) => ({
    // Numbers that come and go with the versions, so that pruning has something to do.
    number: at + 1 + random.whole(0, 1) * 10,
    sku: `sku-${random.whole(1, 400)}`,
    cents: random.whole(1, 999_999),
  }));
  return {
    entity: 'Order',
    key,
    version,
    note: `order ${key} version ${version}`,
    cents: random.whole(0, 9_999_999),
    lines,
    poison: false,
  };
}

/** Refused in its own row, or in a row of its list. */
function poisonedOrder(key: number, random: Random): Order {
  const made = order(key, 1, random);
  if (random.chance(0.5)) return { ...made, note: POISON, poison: true };
  return { ...made, lines: [{ number: 1, sku: POISON, cents: 1 }], poison: true };
}

/** Accounts are named and renamed; entries come after their account, before it, or have none for ever. */
function accountSends(options: FaultOptions, random: Random, span: number): readonly Send[] {
  const accounts = Math.max(10, Math.round(options.messages / 40));
  const entries = Math.max(20, Math.round(options.messages / 20));
  const orphans = Math.max(2, Math.round(options.messages / 2000));
  const sends: Send[] = [];
  const add = (due: number, content: Content, suffix = ''): void => {
    const key = `${content.entity.toLowerCase()}-${content.key}${suffix}`;
    const again = random.chance(SENT_TWICE) ? random.between(0, AGAIN_WITHIN) : undefined;
    sends.push({ key, due, contents: [content], again });
  };
  for (let key = 1; key <= accounts; key += 1) {
    const named = random.between(0, span);
    add(named, { entity: 'Account', key, name: `account ${key}` });
    if (random.chance(0.3)) {
      add(random.between(named, span), { entity: 'Account', key, name: `renamed ${key}` }, '-renamed');
    }
    for (let at = key; at <= entries; at += accounts) {
      // A fifth comes up to 1.5 s before its account.
      const due = random.chance(0.2)
        ? Math.max(0, named - random.between(100, 1500))
        : random.between(named, span);
      add(due, { entity: 'Entry', key: at, account: key, cents: random.whole(1, 999_999), orphan: false });
    }
  }
  for (let at = 0; at < orphans; at += 1) {
    const content = {
      entity: 'Entry',
      key: 1_000_000 + at,
      account: 1_000_000 + at,
      cents: 100,
      orphan: true,
    } as const;
    add(random.between(0, span / 2), content);
  }
  return sends;
}

/** The JSON of a message, with every digit that it declares. */
export function bodyOf(content: Content): string {
  switch (content.entity) {
    case 'Order': {
      const lines = content.lines.map(
        ({ number, sku, cents }) => `{"number":${number},"sku":"${sku}","amount":${decimal(cents)}}`,
      );
      return `{"order_key":${content.key},"version":${content.version},"note":"${content.note}","total":${decimal(content.cents)},"lines":[${lines.join(',')}]}`;
    }
    case 'Account':
      return `{"account_key":${content.key},"name":"${content.name}"}`;
    case 'Entry':
      return `{"entry_key":${content.key},"account_key":${content.account},"amount":${decimal(content.cents)}}`;
  }
}

/** Cents as a decimal with two digits after the point. */
export function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
