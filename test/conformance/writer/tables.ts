import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { PostgresStore } from '../../../src/adapters/postgres/store.ts';
import type { Plan, Row, TablePlan, TombstonePlan } from '../../../src/plan/plan.ts';
import type { Decided } from '../../../src/ports/writer.ts';
import { createStatements } from '../../../src/sql/postgres/ddl/create-statements.ts';
import { qualifiedName } from '../../../src/sql/postgres/identifier.ts';
import type { OpenStore } from '../open-store.ts';
import { planOf } from '../../support/plan.ts';

const PROGRAM = `
pipeline writing
enum Kind { A  B }
entity Customer { id: int  name: text(8)?  store customers { key (id)  upsert on (id) } }
entity Purchase {
  id: int  customer: int  kind: Kind  note: text?
  store purchases { key (id)  unique (note)  upsert on (id)  ref (customer) -> Customer (id)  delete when note == "gone" }
}
entity Any {
  id: bigint  i: int?  d: decimal(9, 2)?  f: float?  b: bool?  day: date?  at: time?  moment: timestamp?
  u: uuid?  bin: bytes?  j: json?  texts: text[]  days: date[]
  store anything { key (id)  upsert on (id) }
}
entity Kept    { id: int  note: text?  store kept { key (id)  upsert on (id) keep } }
entity Merged  { id: int  note: text?  count: int  store merged { key (id)  upsert on (id) merge } }
entity Added   { id: int  note: text?  count: int  total: decimal(9, 2)  store added { key (id)  upsert on (id) add (count, total) } }
entity KeyOnly { id: int  store key_only { key (id)  upsert on (id) } }
entity Order {
  shop: text?  id: int  version: int  gone: bool  lines: Line[]
  store app.orders { unique (shop, id) nulls equal  upsert on (shop, id) newest by version  delete when gone }
}
shape Line { sku: text }
derive OrderLine from Order as o, each o.lines as line {
  ...line
  id = o.id  version = o.version
  store order_lines { key (id, sku)  upsert on (id, sku) newest by version  prune by (id) }
}
entity Tag { owner: text?  name: text  names: Name[]
  store tag_owners { unique (owner) nulls equal  upsert on (owner) } }
shape Name { tag: text }
derive OwnedTag from Tag as t, each t.names as n {
  owner = t.owner  tag = n.tag
  store owned_tags { unique (owner, tag) nulls equal  upsert on (owner, tag)  prune by (owner) }
}
entity Named { id: int  version: text  store named { key (id)  upsert on (id) newest by version } }`;

/** Tables of every kind on a database of its own, empty before each test. */
export interface WriterTables {
  readonly plan: Plan;
  readonly store: () => PostgresStore;
  readonly tableOf: (name: string) => TablePlan;
  readonly tombstonesOf: (name: string) => TombstonePlan;
  readonly upsert: (name: string, ...rows: readonly Row[]) => Promise<void>;
  readonly decide: (name: string, ...rows: readonly Row[]) => Promise<Decided>;
  /** The rows of a table as it prints them, sorted. */
  readonly rowsOf: (table: TablePlan | string) => Promise<readonly unknown[]>;
}

export function writerTables(open: OpenStore): WriterTables {
  const plan = planOf(PROGRAM);
  let store: PostgresStore;
  beforeAll(async () => {
    store = await open();
    for (const text of createStatements(plan)) await store.sql.query({ text });
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    const names = [...plan.tables, tombstonesOf('orders').table].map(qualifiedName);
    await store.sql.query({ text: `TRUNCATE ${names.join(', ')} CASCADE` });
  });

  const tableOf = (name: string): TablePlan => {
    const found = plan.tables.find((table) => table.name === name);
    if (found === undefined) throw new Error(`no table ${name}`);
    return found;
  };
  const tombstonesOf = (name: string): TombstonePlan => {
    const found = tableOf(name).delete?.tombstones;
    if (found === undefined) throw new Error(`no tombstones of ${name}`);
    return found;
  };
  const upsert = (name: string, ...rows: readonly Row[]): Promise<void> =>
    store.transaction(({ writer }) => writer.upsert(writer.pack(tableOf(name), rows)));
  const decide = (name: string, ...rows: readonly Row[]): Promise<Decided> =>
    store.transaction(({ writer }) => writer.upsertDeciding(writer.pack(tableOf(name), rows)));
  /** The rows of a table as it prints them, sorted. */
  const rowsOf = async (table: TablePlan | string): Promise<readonly unknown[]> => {
    const { columns, ...named } = typeof table === 'string' ? tableOf(table) : table;
    const texts = columns.map(({ name }) => `"${name}"::text`).join(', ');
    const { rows } = await store.sql.query({
      text: `SELECT to_json(ARRAY[${texts}])::text AS "values" FROM ${qualifiedName(named)}`,
    });
    return rows
      .map(({ values }) => String(values))
      .toSorted()
      .map((row): unknown => JSON.parse(row));
  };
  return { plan, store: () => store, tableOf, tombstonesOf, upsert, decide, rowsOf };
}
