import { describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { partitioned } from './partitioned.ts';
import { customer, openRig, order, QUEUES, type Rig, shop } from './rig.ts';

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

describe.each(QUEUES)('a batch of the %s queue of which Postgres refuses', (kind) => {
  const aborted = async (rig: Rig): Promise<number> => {
    const [row] = await rig.rows('SELECT last_value::int AS n FROM tries');
    return Number(row?.['n']);
  };
  const refuse = (rig: Rig, detail = '') =>
    rig.store.sql.query({
      text: `CREATE SEQUENCE tries;
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.name = 'poison' THEN
          PERFORM nextval('tries');
          RAISE EXCEPTION 'no' USING ERRCODE = '23514', TABLE = 'customers'${detail};
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION refuse()`,
    });

  test('all messages takes little more than one try for each, and they are recorded together', async () => {
    const rig = await openRig(kind, shop('concurrency: 1'));
    await refuse(rig);
    await rig.publish(Array.from({ length: BATCH }, (_, at) => customer(at, 'poison')));
    rig.work();
    await rig.settled(BATCH);
    expect(await rig.statuses()).toEqual({ dlq: BATCH });
    // Halving would take two for each.
    expect(await aborted(rig)).toBeLessThan(BATCH * 1.5);
    expect(await rig.rows(transactions('dead_letters'))).toEqual([{ n: 1 }]);
  });

  test('some takes two tries for each where it names them', async () => {
    const rig = await openRig(kind, shop('concurrency: 1'));
    await refuse(rig, `, DETAIL = format('Failing row contains (%s, poison).', NEW.customer_key)`);
    await rig.publish(
      Array.from({ length: BATCH }, (_, at) => customer(at, at % 4 === 0 ? 'poison' : 'fine')),
    );
    rig.work();
    await rig.settled(BATCH);
    expect(await rig.statuses()).toEqual({ completed: 37, dlq: 13 });
    // One of all that is left, and one of the message alone.
    expect(await aborted(rig)).toBeLessThanOrEqual(2 * 13);
  });

  test('half writes the other half', async () => {
    const rig = await openRig(kind, shop('concurrency: 1'));
    await refuse(rig);
    await rig.publish(
      Array.from({ length: BATCH }, (_, at) => customer(at, at % 2 === 0 ? 'poison' : 'fine')),
    );
    rig.work();
    await rig.settled(BATCH);
    expect(await rig.statuses()).toEqual({ completed: BATCH / 2, dlq: BATCH / 2 });
    expect(await rig.rows('SELECT count(*)::int AS n FROM customers')).toEqual([{ n: BATCH / 2 }]);
    expect(await rig.rows(transactions('dead_letters'))).toEqual([{ n: 1 }]);
  });

  test('one is recorded before what comes behind it in its order key is written', async () => {
    const rig = await openRig(
      kind,
      (id) => `
${partitioned(id, 1, 'batch: 50  concurrency: 1')}
entity Move {
  item: bigint
  step: bigint
  ordered by (item)
  store moves { key (item, step)  upsert on (item, step) keep }
}`,
    );
    // A row behind a refused one of its item is refused too, unless that is recorded by then.
    await rig.store.sql.query({
      text: `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.step = 1 OR NOT EXISTS (
          SELECT FROM dead_letters WHERE convert_from(body, 'UTF8')::json ->> 'item' = NEW.item::text
        ) THEN RAISE EXCEPTION 'no' USING ERRCODE = '23514', TABLE = 'moves'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON moves FOR EACH ROW EXECUTE FUNCTION refuse()`,
    });
    await rig.publish(
      [1, 2].flatMap((step) =>
        Array.from({ length: 8 }, (_, item) => ({ entity: 'Move', body: { item, step } })),
      ),
    );
    rig.work();
    await rig.settled(16);
    expect(await rig.rows('SELECT item::int, step::int FROM moves ORDER BY item')).toEqual(
      Array.from({ length: 8 }, (_, item) => ({ item, step: 2 })),
    );
    // Not one by one: nothing of their items came in between.
    const [{ n } = {}] = await rig.rows(transactions('dead_letters'));
    expect(n).toBeLessThan(8);
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
