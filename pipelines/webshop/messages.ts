import { randomFrom, uuidOf, type Random } from './random.ts';

/** The messages of one kind, in the order in which they are sent; the file is `NAME.ndjson`. */
export interface MessageFile {
  readonly name: string;
  readonly entity: string;
  readonly messages: readonly object[];
}

const countries = [
  'AT',
  'CH',
  'CZ',
  'DE',
  'DK',
  'ES',
  'FR',
  'GB',
  'IT',
  'NL',
  'NO',
  'PL',
  'SE',
  'US',
] as const;
const eu: readonly string[] = ['AT', 'CZ', 'DE', 'DK', 'ES', 'FR', 'IT', 'NL', 'PL', 'SE'];
const categories = ['book', 'clothing', 'kitchen', 'toy'] as const;
const first = [
  'Ada',
  'Björn',
  'Chloé',
  'Dmitri',
  'Eşref',
  'Fiona',
  'Gaël',
  'Håkon',
  'Inés',
  'Jürgen',
] as const;
const family = ["O'Hara", 'Müller', 'García', 'Nowák', 'Smith', 'Østergård', 'Rossi', 'van Dijk', 'Łukasik'] as const; // prettier-ignore
const cities = ['Aarhus', 'Basel', 'Kraków', 'León', 'Malmö', 'Oslo', 'Plzeň', 'Reims', 'Utrecht'] as const;
const things = ['Teapot', 'Atlas', 'Scarf', 'Puzzle', 'Whisk', 'Novel', 'Jacket', 'Robot', 'Bowl'] as const;

const CUSTOMERS = 60;
const PRODUCTS = 40;
const ORDERS = 150;

/** Cents as the number that JSON shows. */
const money = (cents: number): number => cents / 100;

/** Beyond what a double holds, so as text: the digits of a bigint may stand in one. */
const customerId = (number: number): string => `9007199254740993${String(number).padStart(3, '0')}`;

/** Days and minutes after the first of March 2024, in UTC or with the offset of the sender. */
function moment(random: Random, day: number): string {
  const date = new Date(Date.UTC(2024, 2, 1 + day, random.between(0, 23), random.between(0, 59)));
  const text = date.toISOString().slice(0, 19);
  return random.chance(30) ? `${text}+02:00` : `${text}Z`;
}

interface Product {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly pricing: { readonly net: number };
  readonly tags?: readonly string[];
  readonly attributes?: object;
  readonly weight_grams: number | null;
  readonly discontinued?: boolean;
}

function products(random: Random): readonly Product[] {
  return Array.from({ length: PRODUCTS }, (_, at): Product => {
    const category = random.pick(categories);
    return {
      sku: `${category.slice(0, 2).toUpperCase()}-${String(1000 + at * 7)}`,
      name: `${random.pick(things)} No. ${at + 1}`,
      category,
      pricing: { net: money(random.between(99, 19_999)) },
      ...(random.chance(60) ? { tags: random.some(['new', 'sale', 'a "b"', 'x,y', '{}', ''], 2) } : {}),
      ...(random.chance(40) ? { attributes: { size: random.pick(['S', 'M', 'L']), digits: 0.1 } } : {}),
      weight_grams: random.chance(80) ? random.between(20, 5000) : null,
    };
  });
}

/** Each product once, some again with another price, and some at last as discontinued. */
function productMessages(random: Random, all: readonly Product[]): readonly object[] {
  const repriced = random
    .some(all, 10)
    .map((product) => ({ ...product, pricing: { net: money(random.between(99, 19_999)) } }));
  const gone = random.some(all, 5).map((product) => ({ ...product, discontinued: true }));
  return [...all, ...repriced, ...gone];
}

/** Versions of a customer come in any order; a deletion is the last one of its customer. */
function customerMessages(random: Random): readonly object[] {
  const versions: object[] = [];
  const gone: object[] = [];
  for (let id = 1; id <= CUSTOMERS; id += 1) {
    const count = random.chance(40) ? random.between(2, 4) : 1;
    const country = random.pick(countries);
    for (let version = 1; version <= count; version += 1)
      versions.push({
        id: customerId(id),
        version,
        email: `customer${id}.${version}@example.com`,
        name: `${random.pick(first)} ${random.pick(family)}`,
        country: random.chance(80) ? country : random.pick(countries),
        created_at: random.chance(90) ? moment(random, version) : null,
      });
    if (random.chance(10))
      gone.push({
        id: customerId(id),
        version: count + 1,
        email: `customer${id}@example.com`,
        name: 'gone',
        country,
        deleted: true,
      });
  }
  return [...random.shuffled(versions), ...gone];
}

/** Each message names one or two things of a customer; later ones win, what is not named stays. */
function profileMessages(random: Random): readonly object[] {
  return Array.from({ length: 80 }, () => {
    const said: Record<string, unknown> = {
      nickname: `nick ${random.between(1, 99)}`,
      birthday: `19${random.between(40, 99)}-0${random.between(1, 9)}-1${random.between(0, 9)}`,
      language: random.pick(['de', 'en', 'fr-CH']),
      newsletter: random.chance(50),
    };
    const named = random.some(Object.keys(said), random.between(1, 2));
    const customer_id = customerId(random.between(1, CUSTOMERS));
    return { customer_id, ...Object.fromEntries(named.map((key) => [key, said[key]])) };
  });
}

interface Line {
  readonly line_number: number;
  readonly sku: string;
  readonly category: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly discounts?: readonly object[] | null;
}

interface Order {
  readonly id: string;
  readonly version: number;
  readonly customer_id: string;
  readonly status: string;
  readonly placed_at: string;
  readonly ship_to: { readonly street: string; readonly city: string; readonly country: string };
  readonly lines: readonly Line[];
}

function line(random: Random, line_number: number, all: readonly Product[]): Line {
  const { sku, category, pricing } = random.pick([all[0] as Product, ...all]);
  const kinds = random.some(['coupon', 'volume', 'loyalty'], random.between(1, 2));
  return {
    line_number,
    sku,
    category,
    quantity: random.between(1, 9),
    unit_price: pricing.net,
    ...(random.chance(40)
      ? { discounts: kinds.map((kind) => ({ kind, amount: money(random.between(1, 49)) })) }
      : random.pick<Pick<Line, 'discounts'>>([{}, { discounts: null }, { discounts: [] }])),
  };
}

function order(random: Random, number: number, all: readonly Product[]): Order {
  return {
    id: uuidOf(`order ${number}`),
    version: 1,
    customer_id: customerId(random.between(1, CUSTOMERS)),
    status: 'placed',
    placed_at: moment(random, random.between(0, 20)),
    ship_to: {
      street: `Main Street ${random.between(1, 200)}`,
      city: random.pick(cities),
      country: random.pick(countries),
    },
    lines: Array.from({ length: random.between(1, 5) }, (_, at) => line(random, at + 1, all)),
  };
}

/** A newer version has another status and often other lines; some versions come after a newer one. */
function orderMessages(random: Random, orders: readonly Order[], all: readonly Product[]): readonly Order[] {
  const messages = orders.flatMap((placed): readonly Order[] => {
    if (!random.chance(35)) return [placed];
    const kept = random.some(placed.lines, random.between(1, placed.lines.length));
    const added = random.chance(30) ? [line(random, placed.lines.length + 1, all)] : [];
    const paid = { ...placed, version: 2, status: 'paid', lines: [...kept, ...added] };
    return random.chance(40) ? [paid, placed] : [placed, paid];
  });
  return messages;
}

function shipmentMessages(random: Random, orders: readonly Order[]): readonly object[] {
  return random.some(orders, 100).map(({ id, ship_to, lines }) => {
    const fetched = random.chance(15);
    const abroad = !eu.includes(ship_to.country);
    const skus = [...new Set(lines.map(({ sku }) => sku))];
    return {
      id: uuidOf(`shipment of ${id}`),
      order_id: id,
      carrier: fetched ? 'pickup' : random.pick(['post', 'courier']),
      sent_at: moment(random, random.between(21, 30)),
      ...(fetched ? random.pick([{}, { address: null }]) : { address: ship_to }),
      ...(!fetched && abroad ? { customs: { value: money(random.between(500, 90_000)) } } : {}),
      parcels: Array.from({ length: random.between(1, 3) }, (_, at) => ({
        number: at + 1,
        weight_grams: random.chance(75) ? random.between(100, 30_000) : null,
        items: skus
          .filter((_sku, index) => index % (at + 1) === 0)
          .map((sku) => ({ sku, quantity: random.between(1, 3) })),
      })),
    };
  });
}

function paymentMessages(random: Random, orders: readonly Order[]): readonly object[] {
  return orders.flatMap(({ id, ship_to }, at) => {
    const cents = random.between(500, 50_000);
    const payment = (name: string, amount: number, day: number): object => ({
      id: uuidOf(`${name} of ${id}`),
      order_id: id,
      method: random.pick(['card', 'transfer', 'wallet']),
      paid_at: moment(random, day),
      country: ship_to.country,
      amount: money(amount),
    });
    const paid = payment('payment', cents, at % 10);
    return random.chance(12) ? [paid, payment('refund', -random.between(100, cents), 5)] : [paid];
  });
}

/** Everything that a small shop sends, parents before what belongs to them. The same seed gives the same messages. */
export function messageFiles(seed: number): readonly MessageFile[] {
  const random = randomFrom(seed);
  const all = products(random);
  const orders = Array.from({ length: ORDERS }, (_, at) => order(random, at + 1, all));
  return [
    { name: 'customer', entity: 'Customer', messages: customerMessages(random) },
    { name: 'profile', entity: 'Profile', messages: profileMessages(random) },
    { name: 'product', entity: 'Product', messages: productMessages(random, all) },
    { name: 'order', entity: 'Order', messages: orderMessages(random, orders, all) },
    { name: 'shipment', entity: 'Shipment', messages: shipmentMessages(random, orders) },
    { name: 'payment', entity: 'Payment', messages: paymentMessages(random, orders) },
  ];
}

export function fileText({ messages }: MessageFile): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}
