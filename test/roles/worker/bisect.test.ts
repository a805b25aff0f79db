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
