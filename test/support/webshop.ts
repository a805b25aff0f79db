import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './nomnom.ts';

/** A row as text, column by column. */
export type TextRow = Readonly<Record<string, string | null>>;

interface Customer {
  readonly id: string;
  readonly version: number;
  readonly email: string;
  readonly name: string;
  readonly country: string;
  readonly deleted?: boolean;
  readonly created_at: string | null;
}

type Profile = Readonly<Record<string, string | boolean>> & { readonly customer_id: string };

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

interface Line {
  readonly line_number: number;
  readonly sku: string;
  readonly category: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly discounts?: readonly { readonly kind: string; readonly amount: number }[] | null;
}

interface Order {
  readonly id: string;
  readonly version: number;
  readonly customer_id: string;
  readonly status: string;
  readonly placed_at: string;
  readonly ship_to: { readonly city: string; readonly country: string };
  readonly lines: readonly Line[];
}

interface Shipment {
  readonly id: string;
  readonly order_id: string;
  readonly carrier: string;
  readonly sent_at: string;
  readonly address?: { readonly city: string; readonly country: string } | null;
  readonly customs?: { readonly value: number };
  readonly parcels: readonly {
    readonly number: number;
    readonly weight_grams: number | null;
    readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  }[];
}

interface Payment {
  readonly id: string;
  readonly order_id: string;
  readonly method: string;
  readonly paid_at: string;
  readonly country: string;
  readonly amount: number;
}

/** The messages of a file, as the caller knows them to be. */
function messages(name: string): readonly unknown[] {
  return readFileSync(join(root, `pipelines/webshop/${name}.ndjson`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

/** Amounts in cents, so that nothing here computes with fractions. */
const cents = (amount: number): bigint => BigInt(Math.round(amount * 100));

function money(amount: bigint, digits = 2): string {
  const text = String(amount < 0n ? -amount : amount).padStart(digits + 1, '0');
  return `${amount < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export const moment = (text: string): string => new Date(text).toISOString();

/** The last of each key, or the one with the highest version. */
function newest<T extends { readonly id: string; readonly version: number }>(
  all: readonly T[],
): readonly T[] {
  const found = new Map<string, T>();
  for (const each of all) if (each.version > (found.get(each.id)?.version ?? 0)) found.set(each.id, each);
  return [...found.values()];
}

interface Country {
  readonly name: string;
  readonly currency: string;
  readonly region: string;
  /** In ten-thousandths. */
  readonly vat: bigint;
  readonly books: bigint;
}

function countries(): ReadonlyMap<string, Country> {
  const [, ...lines] = readFileSync(join(root, 'pipelines/webshop/countries.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  const rate = (text: string): bigint => BigInt(Math.round(Number(text) * 10_000));
  return new Map(
    lines.map((line) => {
      const [code = '', name = '', currency = '', region = '', vat = '', books = ''] = line.split(',');
      return [
        code,
        { name: name.replaceAll('"', ''), currency, region, vat: rate(vat), books: rate(books || vat) },
      ];
    }),
  );
}

/** What every table must hold after all messages of `pipelines/webshop`, computed without the pipeline. */
export function expectedTables(): Readonly<Record<string, readonly TextRow[]>> {
  const lands = countries();
  const land = (code: string): Country => {
    const found = lands.get(code);
    if (found === undefined) throw new Error(`no country ${code}`);
    return found;
  };
  const orders = newest(messages('order') as readonly Order[]);
  const shipments = messages('shipment') as readonly Shipment[];
  const payments = messages('payment') as readonly Payment[];
  return {
    customers: newest(messages('customer') as readonly Customer[])
      .filter((customer) => customer.deleted !== true)
      .map(({ id, version, email, name, country, created_at }) => ({
        id,
        version: String(version),
        email,
        name,
        country,
        country_name: land(country).name,
        deleted: 'false',
        created_at: created_at === null ? null : moment(created_at),
      })),
    profiles: profiles(messages('profile') as readonly Profile[]),
    products: products(messages('product') as readonly Product[]),
    orders: orders.map((order) => ({
      id: order.id,
      version: String(order.version),
      customer_id: order.customer_id,
      status: order.status,
      placed_at: moment(order.placed_at),
      quantity: String(order.lines.reduce((sum, { quantity }) => sum + quantity, 0)),
      discount: money(order.lines.reduce((sum, line) => sum + discountOf(line), 0n)),
    })),
    order_lines: orders.flatMap((order) => order.lines.map((line) => orderLine(order, line, land))),
    line_discounts: orders.flatMap(({ id, version, lines }) =>
      lines.flatMap(({ line_number, discounts }) =>
        (discounts ?? []).map(({ kind, amount }) => ({
          order_id: id,
          line_number: String(line_number),
          version: String(version),
          kind,
          amount: money(cents(amount)),
        })),
      ),
    ),
    shipments: shipments.map((shipment) => shipmentHead(shipment, land)),
    shipped_items: shipments.flatMap(({ id, address, parcels }) =>
      parcels.flatMap(({ number, items }) =>
        items.map(({ sku, quantity }) => ({
          shipment_id: id,
          parcel: String(number),
          sku,
          quantity: String(quantity),
          country: address?.country ?? null,
        })),
      ),
    ),
    payments: payments.map(({ id, order_id, method, paid_at, country, amount }) => ({
      id,
      order_id,
      method,
      paid_at: moment(paid_at),
      country,
      amount: money(cents(amount)),
    })),
    daily_revenue: dailyRevenue(payments, land),
  };
}

function profiles(said: readonly Profile[]): readonly TextRow[] {
  const nothing = { nickname: null, birthday: null, language: null, newsletter: null };
  const rows = new Map<string, TextRow>();
  for (const message of said) {
    const named = Object.fromEntries(Object.entries(message).map(([key, value]) => [key, String(value)]));
    rows.set(message.customer_id, { ...nothing, ...rows.get(message.customer_id), ...named });
  }
  return [...rows.values()];
}

function products(said: readonly Product[]): readonly TextRow[] {
  const last = new Map(said.map((product) => [product.sku, product]));
  return [...last.values()]
    .filter((product) => product.discontinued !== true)
    .map(({ sku, name, category, pricing, tags, attributes, weight_grams }) => ({
      sku,
      name,
      category,
      price: money(cents(pricing.net)),
      tags: tags === undefined ? null : JSON.stringify(tags),
      attributes: attributes === undefined ? null : JSON.stringify(attributes),
      weight_grams: weight_grams === null ? null : String(weight_grams),
      discontinued: 'false',
    }));
}

function discountOf({ discounts }: Line): bigint {
  return (discounts ?? []).reduce((sum, { amount }) => sum + cents(amount), 0n);
}

function orderLine(order: Order, line: Line, land: (code: string) => Country): TextRow {
  const country = land(order.ship_to.country);
  const rate = line.category === 'book' ? country.books : country.vat;
  const net = BigInt(line.quantity) * cents(line.unit_price) - discountOf(line);
  return {
    order_id: order.id,
    line_number: String(line.line_number),
    version: String(order.version),
    sku: line.sku,
    quantity: String(line.quantity),
    unit_price: money(cents(line.unit_price)),
    discount: money(discountOf(line)),
    net: money(net),
    vat_rate: money(rate, 4),
    gross: money((net * (10_000n + rate) + 5_000n) / 10_000n),
  };
}

function shipmentHead(shipment: Shipment, land: (code: string) => Country): TextRow {
  const { id, order_id, carrier, sent_at, address, customs, parcels } = shipment;
  const abroad = address !== undefined && address !== null && land(address.country).region !== 'EU';
  const weights = parcels.flatMap(({ weight_grams }) => weight_grams ?? []);
  return {
    id,
    order_id,
    carrier,
    sent_at: moment(sent_at),
    country: address?.country ?? null,
    city: address?.city ?? null,
    customs_value: abroad && customs !== undefined ? money(cents(customs.value)) : null,
    parcels: String(parcels.length),
    weight_grams:
      weights.length < parcels.length ? null : String(weights.reduce((sum, each) => sum + each, 0)),
  };
}

function dailyRevenue(payments: readonly Payment[], land: (code: string) => Country): readonly TextRow[] {
  const days = new Map<string, { revenue: bigint; payments: number; refunds: number }>();
  for (const { paid_at, country, amount } of payments) {
    const key = `${moment(paid_at).slice(0, 10)} ${land(country).currency}`;
    const day = days.get(key) ?? { revenue: 0n, payments: 0, refunds: 0 };
    day.revenue += cents(amount);
    day[amount > 0 ? 'payments' : 'refunds'] += 1;
    days.set(key, day);
  }
  return [...days].map(([key, { revenue, payments: paid, refunds }]) => ({
    day: key.slice(0, 10),
    currency: key.slice(11),
    revenue: money(revenue),
    payments: String(paid),
    refunds: String(refunds),
  }));
}

/** In one order, so that two lists of rows can be compared. */
export function sorted(rows: readonly TextRow[]): readonly TextRow[] {
  const text = (row: TextRow): string =>
    JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return rows.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}
