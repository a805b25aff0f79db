import { describe, expect, test } from 'vitest';
import type { CountedWorker } from '../../support/counted-worker.ts';
import { until } from '../../support/until.ts';
import { customer, openRig, order, QUEUES, type Rig, shop } from './rig.ts';

/** Sends nothing but errors for rows of a table, or for those that a condition picks. */
async function sicken(rig: Rig, table: string, sqlstate: string, when = 'true'): Promise<void> {
  await rig.store.sql.query({
    text: `CREATE FUNCTION sicken_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF ${when} THEN RAISE EXCEPTION 'value %', NEW USING ERRCODE = '${sqlstate}'; END IF; RETURN NEW; END $$`,
  });
  await rig.store.sql.query({
    text: `CREATE TRIGGER sicken BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION sicken_${table}()`,
  });
}

async function cure(rig: Rig, table: string): Promise<void> {
  await rig.store.sql.query({ text: `DROP TRIGGER sicken ON ${table}` });
}

/** Waits until the worker shows why it waits. */
async function reasonOf(worker: CountedWorker): Promise<string> {
  const paused = await until('a pause', () => {
    const state = worker.state();
    return state.kind === 'paused' && state;
  });
  return paused.reason;
}

/** Lets the table be sick until messages were given back so often, or until one is lost, which then fails the test. */
async function untilGivenBack(rig: Rig, times: number): Promise<void> {
  await until(
    'messages that were given back',
    () =>
      said(rig, 'gave messages back').length >= times || said(rig, 'message became a dead letter').length > 0,
    { within: 50_000 },
  );
}

const spent = (rig: Rig) => rig.rows('SELECT coalesce(max(retry_count), 0)::int AS most FROM message_status');
const said = (rig: Rig, start: string) => rig.log.lines.filter(({ message }) => message.startsWith(start));

describe.concurrent.each(QUEUES)('a worker over the %s queue', (kind) => {
  test.for(['58030', 'XX000', 'F0000', '0A000', '25001', '53100', '99999', 'P0001', '42501'])(
    'waits while every row of a table fails with %s, and charges no message',
    { timeout: 90_000 },
    async (sqlstate, here) => {
      const rig = await openRig(kind, shop('attempts: 1'), here);
      await sicken(rig, 'customers', sqlstate);
      await rig.publish(Array.from({ length: 30 }, (_, at) => customer(at)));
      const worker = rig.work();
      expect(await reasonOf(worker)).toContain(sqlstate);
      await untilGivenBack(rig, 4);
      await worker.counted({ dead: 0, retried: 0, applied: 0 });
      expect(worker.state().kind).toBe('paused');
      await cure(rig, 'customers');
      await rig.settled(30);
      expect(await rig.statuses()).toEqual({ completed: 30 });
      expect(await spent(rig)).toEqual([{ most: 0 }]);
      await until('work to go on', () => worker.state().kind === 'running');
      expect(said(rig, 'paused')).toHaveLength(1);
      expect(said(rig, 'resumed')).toMatchObject([{ fields: { paused_ms: expect.any(Number) } }]);
    },
  );

  test('asks a sick server a few times, not once for each message', async (here) => {
    const rig = await openRig(kind, shop('concurrency: 1'), here);
    await rig.store.sql.query({ text: 'CREATE SEQUENCE tries' });
    await sicken(rig, 'customers', '58030', `nextval('tries') > 0`);
    await rig.publish(Array.from({ length: 50 }, (_, at) => customer(at)));
    const worker = rig.work();
    await untilGivenBack(rig, 1);
    // One for each try of the whole, each halving, and each of three messages alone.
    const [asked] = await rig.rows('SELECT last_value::int AS n FROM tries');
    expect(asked?.['n']).toBeLessThan(4 + 6 + 4);
    await cure(rig, 'customers');
    await rig.settled(50);
    await worker.counted({ applied: 50, dead: 0, retried: 0 });
  });

  test.for(['P0001', '58030', '42501'])(
    'charges the one message that a table answers with %s while it takes the others',
    { timeout: 90_000 },
    async (sqlstate, here) => {
      const rig = await openRig(kind, shop('attempts: 3  backoff: 10ms..20ms'), here);
      await sicken(rig, 'customers', sqlstate, `NEW.name = 'odd secret'`);
      const sent = Array.from({ length: 60 }, (_, at) => customer(at, at === 23 ? 'odd secret' : 'fine'));
      const ids = await rig.publish(sent);
      const worker = rig.work();
      let key = 1000;
      await until(
        'a dead letter',
        async () => {
          await rig.publish([customer((key += 1))]);
          return (await rig.status(ids[23] ?? ''))?.status === 'dlq';
        },
        { within: 50_000, every: 100 },
      );
      await rig.settled(60 + key - 1000);
      expect(await rig.status(ids[23] ?? '')).toMatchObject({
        error: { code: 'database_error', entity: 'Customer', message: expect.stringContaining(sqlstate) },
      });
      expect(await rig.rows('SELECT message_id, attempts FROM dead_letters')).toEqual([
        { message_id: ids[23], attempts: 3 },
      ]);
      expect(await rig.rows('SELECT count(*)::int AS n FROM message_status WHERE retry_count > 0')).toEqual([
        { n: 1 },
      ]);
      await worker.counted({ dead: 1, retried: 2, applied: 59 + key - 1000 });
      await until('work to go on', () => worker.state().kind === 'running');
      expect(JSON.stringify([rig.log.lines, await rig.status(ids[23] ?? '')])).not.toContain('secret');
    },
  );

  test('says of the one message for which the server lacks something why it waits, and goes on with the others', async (here) => {
    const rig = await openRig(kind, shop('attempts: 1'), here);
    // The server itself says this: sorting for the one row takes more than it may.
    await rig.store.sql.query({
      text: `CREATE FUNCTION sort_much() RETURNS trigger LANGUAGE plpgsql SET work_mem = '64kB' SET temp_file_limit = '1kB' AS $$ BEGIN
        IF NEW.name = 'large' THEN PERFORM g FROM generate_series(1, 20000) AS g ORDER BY g % 7 OFFSET 19999; END IF;
        RETURN NEW; END $$;
        CREATE TRIGGER sort_much BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION sort_much()`,
    });
    const [large = ''] = await rig.publish([customer(1, 'large'), ...[2, 3, 4].map((key) => customer(key))]);
    const worker = rig.work();
    let key = 1000;
    const noted = await until(
      'the status to say why',
      async () => {
        await rig.publish([customer((key += 1))]);
        const status = await rig.status(large);
        return status?.error !== null && status;
      },
      { within: 60_000, every: 250 },
    );
    expect(noted).toMatchObject({
      status: 'accepted',
      retryCount: 0,
      error: { code: 'database_error', entity: 'Customer', message: expect.stringContaining('53400') },
    });
    // The next sign of life says so, for `status` and `doctor`.
    await until(
      'the process to say what it waits for',
      async () => {
        const [live] = await rig.store.ledger.processes.live(rig.plan.pipeline);
        return live?.waits.some((reason) => reason.includes('53400'));
      },
      { within: 30_000 },
    );
    await until('what came behind it', async () => (await rig.statuses())['completed'] === key - 997);
    expect(said(rig, 'a message waits')).toMatchObject([{ level: 'warn', fields: { message_id: large } }]);
    await worker.counted({ dead: 0, retried: 0 });
    await rig.store.sql.query({ text: 'DROP TRIGGER sort_much ON customers' });
    await rig.settled(key - 996);
    expect(await rig.status(large)).toMatchObject({ status: 'completed', error: null });
  });

  test('never charges a message that fails while nothing tells that its table is well', async (here) => {
    const rig = await openRig(kind, shop('attempts: 1'), here);
    await sicken(rig, 'customers', '58030', `NEW.name = 'odd'`);
    const [odd = ''] = await rig.publish([customer(1, 'odd')]);
    const worker = rig.work();
    expect(await reasonOf(worker)).toContain('58030');
    // Another table is no evidence, and is written meanwhile.
    await rig.publish(Array.from({ length: 20 }, (_, at) => order(at, 1, [1])));
    await rig.settled(20);
    await untilGivenBack(rig, 4);
    expect((await rig.status(odd))?.status).not.toBe('dlq');
    await worker.counted({ applied: 20, dead: 0, retried: 0 });
    expect(worker.state().kind).toBe('paused');
    await cure(rig, 'customers');
    await rig.settled(21);
    expect(await rig.statuses()).toEqual({ completed: 21 });
    await until('work to go on', () => worker.state().kind === 'running');
  });

  test('goes on with the healthy one of two tables', async (here) => {
    const rig = await openRig(kind, shop('attempts: 1  concurrency: 2'), here);
    await sicken(rig, 'customers', 'XX001');
    const mixed = Array.from({ length: 400 }, (_, at) =>
      at % 2 === 0 ? customer(at) : order(at, 1, [1, 2]),
    );
    await rig.publish(mixed);
    const worker = rig.work();
    await until('all orders', () => worker.state().counters.applied === 200, { within: 50_000 });
    await worker.counted({ dead: 0, retried: 0 });
    expect(worker.state().kind).toBe('paused');
    await cure(rig, 'customers');
    await rig.settled(400);
    expect(await rig.statuses()).toEqual({ completed: 400 });
    expect(await spent(rig)).toEqual([{ most: 0 }]);
  }, 90_000);

  test('goes on with the healthy table while thousands of messages wait for the sick one', async (here) => {
    const rig = await openRig(kind, shop('attempts: 1'), here);
    await sicken(rig, 'customers', '58030');
    await rig.publish(Array.from({ length: 3000 }, (_, at) => customer(at)));
    const worker = rig.work();
    await reasonOf(worker);
    await rig.publish(Array.from({ length: 200 }, (_, at) => order(at, 1, [1])));
    await rig.settled(200);
    await worker.counted({ applied: 200, dead: 0, retried: 0 });
    expect(worker.state().kind).toBe('paused');
    await cure(rig, 'customers');
    await rig.settled(3200);
    expect(await rig.statuses()).toEqual({ completed: 3200 });
    expect(await spent(rig)).toEqual([{ most: 0 }]);
  }, 120_000);

  test('keeps messages that often come back apart from those that may end the process', async (here) => {
    const rig = await openRig(kind, shop('attempts: 1'), here);
    await sicken(rig, 'customers', '58030');
    await rig.publish([customer(1), customer(2)]);
    let worker = rig.work();
    for (let seen = 0; seen < 8; seen += 1) {
      // A new process knows nothing of the one before.
      await untilGivenBack(rig, seen + 1);
      await worker.stop();
      worker = rig.work();
    }
    await cure(rig, 'customers');
    await rig.settled(2);
    expect(await rig.statuses()).toEqual({ completed: 2 });
    expect(await rig.rows('SELECT error FROM message_status WHERE error IS NOT NULL')).toEqual([]);
  }, 90_000);

  test('works together what another process gave back often, not each message alone', async (here) => {
    const rig = await openRig(kind, shop('concurrency: 1'), here);
    await rig.publish(Array.from({ length: 200 }, (_, at) => customer(at)));
    const consumer = await rig.consumerOf('worker');
    const { signal } = new AbortController();
    for (let times = 0; times < 5; times += 1) {
      for (let taken = 0; taken < 200;) {
        const given = await consumer.fetch({ max: 200 - taken, wait: 5_000, linger: 10, signal });
        taken += given.length;
        await consumer.retry(given, 500);
      }
    }
    await rig.rows('CREATE SEQUENCE writes');
    await rig.rows(`CREATE FUNCTION count_writes() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM nextval('writes'); RETURN NULL; END $$`);
    await rig.rows(`CREATE TRIGGER counted AFTER INSERT OR UPDATE ON message_status
      FOR EACH STATEMENT EXECUTE FUNCTION count_writes()`);
    rig.work();
    await rig.settled(200);
    expect(await rig.statuses()).toEqual({ completed: 200 });
    const [writes] = await rig.rows('SELECT last_value::int AS n FROM writes');
    expect(writes?.['n']).toBeLessThan(200);
    expect(await rig.rows('SELECT error FROM message_status WHERE error IS NOT NULL')).toEqual([]);
  }, 60_000);

  test('waits for a ledger that refuses rows: no message is at fault for a constraint that somebody added', async (here) => {
    const rig = await openRig(kind, shop('attempts: 1'), here);
    await rig.rows(`ALTER TABLE message_status ADD CONSTRAINT none CHECK (status <> 'completed')`);
    await rig.publish([customer(1), customer(2)]);
    const worker = rig.work();
    expect(await reasonOf(worker)).toContain('at message_status, none');
    await untilGivenBack(rig, 2);
    await worker.counted({ dead: 0, retried: 0 });
    await rig.rows('ALTER TABLE message_status DROP CONSTRAINT none');
    await rig.settled(2);
    expect(await rig.statuses()).toEqual({ completed: 2 });
  });

  test.for(['message_status', 'dead_letters'])(
    'loses and charges nothing while the ledger cannot write %s',
    async (table, here) => {
      const rig = await openRig(kind, shop('attempts: 2  backoff: 10ms..20ms'), here);
      await sicken(rig, table, '58030');
      await rig.publish([customer(1), { entity: 'Customer', body: { customer_key: 'no' } }, customer(2)]);
      const worker = rig.work();
      expect(await reasonOf(worker)).toContain('58030');
      await until('a second try', () => said(rig, 'failed, trying again').length > 3);
      await worker.counted({ dead: 0, retried: 0 });
      await cure(rig, table);
      await rig.settled(3);
      expect(await rig.statuses()).toEqual({ completed: 2, dlq: 1 });
      expect(await rig.rows('SELECT attempts FROM dead_letters')).toEqual([{ attempts: 1 }]);
    },
  );
});
