import type { Sent } from './rig.ts';

/** What the tables must hold: of each order, the rows of its highest version. */
export function foldOf(sent: readonly Sent[]) {
  const newest = new Map<
    number,
    { order_key: number; version: number; lines: { line_number: number; quantity: number }[] }
  >();
  for (const { body } of sent) {
    const message = body as unknown as {
      order_key: number;
      version: number;
      lines: { line_number: number; quantity: number }[];
    };
    const known = newest.get(message.order_key);
    if (known === undefined || message.version > known.version) newest.set(message.order_key, message);
  }
  const orders = [...newest.values()].toSorted((left, right) => left.order_key - right.order_key);
  return {
    orders: orders.map(({ order_key, version }) => ({
      order_key: String(order_key),
      version: String(version),
    })),
    lines: orders.flatMap(({ order_key, version, lines }) =>
      lines
        .toSorted((left, right) => left.line_number - right.line_number)
        .map(({ line_number, quantity }) => ({
          order_key: String(order_key),
          line_number,
          version: String(version),
          quantity,
        })),
    ),
  };
}
