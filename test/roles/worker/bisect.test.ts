import { describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { customer, openRig, order, QUEUES, shop } from './rig.ts';

/** Rows that one transaction wrote have the same `xmin`. */
const transactions = (table: string) => `SELECT count(DISTINCT xmin::text)::int AS n FROM ${table}`;

/** One batch of the rig's worker. */
const BATCH = 50;

describe.each(QUEUES)('a bad message in a batch of the %s queue', (kind) => {
  test('is found at once where Postgres names its row', async () => {
    const rig = await openRig(kind, shop('concurrency: 1'));
    await rig.store.sql.query({
      text: `ALTER TABLE customers ADD CONSTRAINT no_poison CHECK (name <> 'poison')`,
    });
    await rig.publish(
      Array.from({ length: BATCH }, (_, at) => customer(at, at === 20 ? 'poison' : `name ${at}`)),
    );
    rig.work();
    await rig.settled(BATCH);
    expect(await rig.statuses()).toEqual({ completed: BATCH - 1, dlq: 1 });
    // The messages before it, and those behind it.
    expect(await rig.rows(transactions('customers'))).toEqual([{ n: 2 }]);
  });

  test('is found at once where a row lacks its parent', async () => {
    const rig = await openRig(kind, shop('concurrency: 1'));
    await rig.publish(Array.from({ length: BATCH }, (_, at) => order(at, 1, [1], at === 20 ? 4711 : null)));
    const worker = rig.work();
    await until('the others', () => worker.state().counters.applied === BATCH - 1);
    expect(await rig.rows(transactions('orders'))).toEqual([{ n: 2 }]);
    expect(await rig.rows('SELECT count(*)::int AS n FROM order_lines')).toEqual([{ n: BATCH - 1 }]);
    await rig.publish([customer(4711)]);
    await rig.settled(BATCH + 1);
    expect(await rig.statuses()).toEqual({ completed: BATCH + 1 });
  });

  test('is found by halves where Postgres names nothing', async () => {
    const rig = await openRig(kind, shop('concurrency: 1'));
    await rig.store.sql.query({
      text: `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.name = 'poison' THEN RAISE EXCEPTION 'no' USING ERRCODE = '23514', TABLE = 'customers'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION refuse()`,
    });
    await rig.publish(
      Array.from({ length: BATCH }, (_, at) => customer(at, at === 20 ? 'poison' : `name ${at}`)),
    );
    rig.work();
    await rig.settled(BATCH);
    expect(await rig.statuses()).toEqual({ completed: BATCH - 1, dlq: 1 });
    const [found] = await rig.rows(transactions('customers'));
    expect(found?.['n']).toBeGreaterThan(2);
    expect(found?.['n']).toBeLessThanOrEqual(6);
  });

  test('and many of them are found though hints mislead', async () => {
    const rig = await openRig(kind, shop('concurrency: 1'));
    // It names the row after the one that it refuses.
    await rig.store.sql.query({
      text: `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.name = 'poison' THEN RAISE EXCEPTION 'no' USING ERRCODE = '23514', TABLE = 'customers',
          DETAIL = format('Failing row contains (%s, fine).', NEW.customer_key + 1); END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION refuse()`,
    });
    await rig.publish(
      Array.from({ length: BATCH }, (_, at) => customer(at, at % 4 === 1 ? 'poison' : 'fine')),
    );
    rig.work();
    await rig.settled(BATCH);
    expect(await rig.statuses()).toEqual({ completed: 37, dlq: 13 });
    expect(await rig.rows(`SELECT count(*)::int AS n FROM customers`)).toEqual([{ n: 37 }]);
  });
});

const namesakes = (id: string): string => `
pipeline namesakes${id}
role ingest { publish S${id}.ingest }
role worker { consume S${id}.ingest  dead_letter S${id}.dead  batch: 50  concurrency: 1 }
stream S${id} {
  subject ingest = "s${id}.ingest.{entity}"
  subject dead = "s${id}.dead.{entity}"
  storage: memory
}
entity A { id: int  note: text?  store app.things { key (id)  upsert on (id) } }
entity B { id: int  note: text?  store things { key (id)  upsert on (id) } }
entity Letter { id: int  store app.dead_letters { key (id)  upsert on (id) } }`;

test('a failure is that of the table in its schema, where others have the same name', async () => {
  const rig = await openRig('Postgres', namesakes);
  await rig.store.sql.query({
    text: `ALTER TABLE things ALTER note SET NOT NULL; ALTER TABLE app.dead_letters ADD CHECK (id <> 7)`,
  });
  const ids = await rig.publish([
    ...Array.from({ length: 20 }, (_, id) => ({ entity: 'A', body: { id } })),
    ...Array.from({ length: 20 }, (_, id) => ({ entity: 'B', body: { id, note: id === 9 ? null : 'x' } })),
    // It has the name of one of our own tables, where a failure pauses the worker.
    ...[6, 7].map((id) => ({ entity: 'Letter', body: { id } })),
  ]);
  rig.work();
  await rig.settled(ids.length);
  expect(await rig.statuses()).toEqual({ completed: 40, dlq: 2 });
  // Found at once in both tables: the messages before, between and behind.
  const [{ n } = {}] = await rig.rows(
    `SELECT count(DISTINCT xmin::text)::int AS n FROM (SELECT xmin FROM things UNION ALL SELECT xmin FROM app.things) AS t`,
  );
  expect(n).toBeLessThanOrEqual(2);
  const errors = await Promise.all([29, 41].map((at) => rig.status(ids[at] ?? '')));
  expect(errors.map((status) => status?.error)).toMatchObject([
    {
      code: 'null_not_allowed',
      entity: 'B',
      field: 'B.note',
      message: expect.stringMatching(/ at things, note$/),
    },
    {
      code: 'constraint_violation',
      entity: 'Letter',
      message: expect.stringMatching(/ at app\.dead_letters, dead_letters_id_check$/),
    },
  ]);
});
