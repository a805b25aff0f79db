import { claimSends } from './claims.ts';
import { type Content, type Order, POISON, type Send } from './content.ts';
import { inDisorder } from './disorder.ts';
import { repeated } from './repeated.ts';
import { movementSends } from './movements.ts';
import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';
import { saleSends } from './sales.ts';
import { stockSends } from './stocks.ts';
import { versionSends } from './versions.ts';

/** Share of orders that arrive in batches, in that many each. */
const BATCHED = 0.25;
const BATCH = { from: 5, to: 40 };
/** The share of the time in which sends begin; the rest is for those that a fault held up. */
const SENDING = 0.8;

/** What is sent; the seed decides all of it but the moment. */
export interface Workload {
  /** By time, each independent of the others. */
  readonly sends: readonly Send[];
  /** Each in its order, one request after the other. */
  readonly chains: readonly (readonly Send[])[];
}

export function workload(options: FaultOptions, random: Random): Workload {
  const span = (options.seconds + options.outage) * 1000 * SENDING;
  const sends = [
    ...orderSends(options, random.fork(), span),
    ...accountSends(options, random.fork(), span),
    ...saleSends(options, random.fork(), span),
    ...claimSends(options, random.fork(), span),
    ...stockSends(options, random.fork(), span),
  ];
  const chains = movementSends(options, random.fork(), span);
  if (options.properties.includes('versions')) sends.push(...versionSends(options, random.fork(), span));
  return {
    sends: sends.toSorted((left, right) => left.due - right.due),
    // What was lost comes again after what follows it: no order is promised then.
    chains: options.properties.includes('purges') ? [] : chains,
  };
}

function orderSends(options: FaultOptions, random: Random, span: number): readonly Send[] {
  const orders = inDisorder(options.messages, options.keys, random, order);
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
      again: repeated(random),
    });
    at += size;
  }
  return sends;
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
    const again = repeated(random);
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
