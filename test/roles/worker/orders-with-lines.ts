/** Orders that may be deleted, whose newest version lists all of their lines: the beginning of a program. */
export const ORDERS_WITH_LINES = `
  shape Line { number: int }
  entity Order {
    id:      int
    version: int
    gone:    bool @default(false)
    lines:   Line[]?
    store orders { key (id)  upsert on (id) newest by version  delete when gone }
  }
  derive OrderLine from Order as o, each o.lines as line {
    ...line
    order_id = o.id
    version  = o.version
    store lines {
      key (order_id, number)  upsert on (order_id, number) newest by version
      ref (order_id) -> Order (id)  prune by (order_id)
    }
  }
`;
