import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from '../../../src/ports/failure.ts';
import { apply } from './apply-all.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { planOf } from '../../support/plan.ts';
import { runs } from '../../support/property-runs.ts';
import { openProgramTables } from './program-tables.ts';

/*
 * Orders decide their message, with lines that are a list; items are rows of several keys in one message, of two entities
 * that share a table, none of which decides anything.
 */
const plan = planOf(`
  shape Line { number: int }
  entity Order {
    id: int  version: int  gone: bool  lines: Line[]
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
  derive Current from Order as o {
    id      = o.id
    version = o.version
    store current { key (id)  upsert on (id) newest by version  delete when o.gone }
  }
  shape Item {
    sku: text  version: int  gone: bool
    store items { key (sku)  upsert on (sku) newest by version  delete when gone }
  }
  entity Stock { items: Item[] }
  derive Stocked from Stock as s, each s.items as item { ...Item  sku = item.sku  version = item.version  gone = item.gone }
  entity Recall { ...Item }
`);

const { write, store, message } = await openProgramTables(plan, 4);

/** As a worker does: a deadlock is nobody's fault, and the same batch is written again. */
async function work(messages: readonly Message[]): Promise<void> {
  for (;;) {
    try {
      await apply(store, write, messages);
      return;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'STORE_CONFLICT') throw error;
    }
  }
}

async function rows(sql: string): Promise<readonly unknown[]> {
  return (await store.sql.query({ text: sql })).rows.map((row) => Object.values(row).join(' '));
}

interface Change {
  readonly key: number;
  readonly gone: boolean;
  readonly lines: readonly number[];
}

/** Its place in the history of its key is the version of a change: no two of one key have the same. */
const history = fc.array(
  fc.record({
    key: fc.integer({ min: 1, max: 4 }),
    gone: fc.boolean(),
    lines: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
  }),
  { minLength: 4, maxLength: 24 },
);

/** In what order the changes come, and whether one comes once more, in a later batch. */
const deliveries = fc.array(fc.record({ place: fc.nat(), again: fc.boolean() }), {
  minLength: 24,
  maxLength: 24,
});

test('in whatever order and batches versions and deletions come, once or twice, by two workers, the tables are the fold by version', async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      history,
      deliveries,
      fc.integer({ min: 1, max: 8 }),
      async (orders, items, how, size) => {
        await store.sql.query({
          text: 'TRUNCATE message_status, orders, lines, current, items, nomnom_deleted_orders, nomnom_deleted_items, nomnom_deleted_current',
        });
        const sent = [
          ...orders.map((change, at) => message('Order', orderOf(change, at + 1))),
          ...items.flatMap((_, at) => (at % 2 === 0 ? stocked(items, at) : [])),
        ];
        const arriving = sent
          .map((each, at) => ({ each, place: how[at % how.length]?.place ?? 0 }))
          .toSorted((left, right) => left.place - right.place)
          .map(({ each }) => each);
        arriving.push(...arriving.filter((_, at) => how[at % how.length]?.again === true));
        // A fetch gives each message once.
        const batches = Array.from({ length: Math.ceil(arriving.length / size) }, (_, at) => [
          ...new Set(arriving.slice(at * size, (at + 1) * size)),
        ]);
        const worker = async (): Promise<void> => {
          for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) await work(batch);
        };
        await Promise.all([worker(), worker()]);

        const [kept, deleted] = fold(orders);
        expect(await rows('SELECT id, version FROM orders ORDER BY 1')).toEqual(kept);
        expect(await rows('SELECT id, version FROM nomnom_deleted_orders ORDER BY 1')).toEqual(deleted);
        expect(await rows('SELECT order_id, number FROM lines ORDER BY 1, 2')).toEqual(linesOf(orders));
        expect(await rows('SELECT id, version FROM current ORDER BY 1')).toEqual(kept);
        expect(await rows('SELECT id, version FROM nomnom_deleted_current ORDER BY 1')).toEqual(deleted);
        const [stock, recalled] = fold(items);
        expect(await rows('SELECT sku, version FROM items ORDER BY 1')).toEqual(stock);
        expect(await rows('SELECT sku, version FROM nomnom_deleted_items ORDER BY 1')).toEqual(recalled);
        const { length } = await rows(
          `SELECT FROM message_status WHERE status IN ('completed', 'superseded')`,
        );
        expect(length).toBe(sent.length);
      },
    ),
    { numRuns: runs(150) },
  );
}, 120_000);

function orderOf({ key, gone, lines }: Change, version: number): object {
  return { id: key, version, gone, lines: lines.map((each) => ({ number: each })) };
}

/** Two changes: in one message where their keys differ, else each as a message of the other entity. */
function stocked(changes: readonly Change[], at: number): readonly Message[] {
  const bodies = changes
    .slice(at, at + 2)
    .map(({ key, gone }, place) => ({ sku: String(key), version: at + place + 1, gone }));
  const different = new Set(bodies.map(({ sku }) => sku)).size === bodies.length;
  return different ? [message('Stock', { items: bodies })] : bodies.map((body) => message('Recall', body));
}

function newest(changes: readonly Change[]): readonly (readonly [Change, number])[] {
  const last = new Map<number, readonly [Change, number]>();
  for (const [at, change] of changes.entries()) last.set(change.key, [change, at + 1]);
  return [...last.values()].toSorted(([left], [right]) => left.key - right.key);
}

/** The rows that stay, and the deletions that are remembered: `key version`. */
function fold(changes: readonly Change[]): readonly [readonly string[], readonly string[]] {
  const of = (gone: boolean): readonly string[] =>
    newest(changes).flatMap(([change, version]) =>
      change.gone === gone ? [`${change.key} ${version}`] : [],
    );
  return [of(false), of(true)];
}

function linesOf(changes: readonly Change[]): readonly string[] {
  return newest(changes).flatMap(([{ key, gone, lines }]) =>
    gone ? [] : lines.toSorted((left, right) => left - right).map((line) => `${key} ${line}`),
  );
}
