import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPostgresQueue } from '../../src/adapters/postgres-queue/queue.ts';
import { MIGRATIONS } from '../../src/adapters/postgres-queue/migrations.ts';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import type { Consumer } from '../../src/ports/queue.ts';
import type { Query, SqlSession, SqlStore } from '../../src/sql/postgres/session.ts';
import { message, messages, queuePlan } from '../conformance/queue-plan.ts';
import { memoryLog } from '../support/memory-log.ts';
import { FETCH, number, ownQueue, ownStore } from '../support/own-queue.ts';
import { until } from '../support/until.ts';

const log = memoryLog();

/** Until `count` messages came; a busy publisher may let a fetch wait in vain. */
async function drain(consumer: Consumer, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const some = await consumer.fetch(FETCH);
    await consumer.ack(some);
    ids.push(...some.map(({ messageId }) => messageId));
  }
  return ids;
}

/** Sees the statements that a queue sends. */
function watched({ sql }: PostgresStore, sent: Query[]): SqlStore {
  return {
    ...sql,
    query: (query) => {
      sent.push(query);
      return sql.query(query);
    },
  };
}

/** Rows that this connection has read of each table, by scanning it and by an index. */
async function rowsRead(
  session: SqlSession,
): Promise<ReadonlyMap<string, { scanned: number; fetched: number }>> {
  const { rows } = await session.query({
    text: `SELECT relname, seq_tup_read::int AS scanned, idx_tup_fetch::int AS fetched
      FROM pg_stat_xact_user_tables WHERE relname LIKE 'nomnom\\_queue%'`,
  });
  return new Map(
    rows.map((row) => [
      String(row['relname']),
      { scanned: Number(row['scanned']), fetched: Number(row['fetched']) },
    ]),
  );
}

/** Pages that a statement looks at. */
async function pagesOf(store: PostgresStore, { text, values }: Query): Promise<number> {
  const { rows } = await store.sql.query({
    text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    ...(values === undefined ? {} : { values }),
  });
  const found = rows[0]?.['QUERY PLAN'];
  const plan = (typeof found === 'string' ? JSON.parse(found) : found) as readonly {
    readonly Plan: Readonly<Record<string, number>>;
  }[];
  const blocks = plan[0]?.Plan;
  return (blocks?.['Shared Hit Blocks'] ?? 0) + (blocks?.['Shared Read Blocks'] ?? 0);
}

describe('dead rows of the Postgres queue', () => {
  test('a snapshot that somebody holds does not make the search for the next message longer', async () => {
    const { store, url, names } = await ownQueue();
    const sent: Query[] = [];
    const queue = openPostgresQueue({ store: watched(store, sent), log });
    const holder = new Client({ connectionString: url });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await holder.query('SELECT count(*) FROM pg_class');
    const consumer = await queue.consumer(names.consume);
    const perRound: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      await queue.publisher().publish(messages(names, 12_000));
      await drain(consumer, 12_000);
      const lease = sent.findLast(({ name }) => name === 'nomnom_queue_claim');
      perRound.push(lease === undefined ? Number.NaN : await pagesOf(store, lease));
    }
    // What a full segment holds is passed; what was emptied before is not.
    const [first = 0] = perRound;
    expect(Math.max(...perRound), perRound.join(' ')).toBeLessThan(first * 3 + 500);
    expect(await number(store.sql, 'SELECT count(*) FROM nomnom_queue')).toBe(0);
  });

  test('the sizes of streams are written anew before their versions pile up', async () => {
    const { store, url, names, queue, consumer } = await ownQueue();
    const holder = new Client({ connectionString: url });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await holder.query('SELECT count(*) FROM pg_class');
    const some = messages(names, 20);
    await queue.publisher().publish(some);
    await store.sql.query({
      text: `DO $$ BEGIN FOR i IN 1 .. 5000 LOOP UPDATE nomnom_queue_size SET bytes = bytes + 1 WHERE slot = i % 16; END LOOP; END $$`,
    });
    const sum = () => number(store.sql, 'SELECT sum(bytes) FROM nomnom_queue_size');
    const before = await sum();
    await until('the sizes to be written anew', async () => {
      await consumer.fetch({ ...FETCH, max: 1, wait: 1 });
      return (await number(store.sql, `SELECT pg_relation_size('nomnom_queue_size')`)) < 32_768;
    });
    expect(await sum()).toBe(before);
  });
});

describe('plans of the Postgres queue', () => {
  test.each([
    ['no statistics', ''],
    ['statistics of empty tables', 'ANALYZE'],
  ])('with %s each statement finds its rows by their index', async (_, prepare) => {
    const { names, url } = await ownQueue();
    // One connection, so that what it learned on empty tables is what it goes by.
    const store = openStore({ url, max: 1, log });
    onTestFinished(() => store.close());
    if (prepare !== '') await store.sql.query({ text: prepare });
    const sent: Query[] = [];
    const queue = openPostgresQueue({ store: watched(store, sent), log });
    const consumer = await queue.consumer(names.consume);
    for (let round = 0; round < 8; round += 1) {
      await queue.publisher().publish(messages(names, 2));
      const some = await consumer.fetch(FETCH);
      await consumer.extend(some);
      await consumer.retry(some.slice(1), 0);
      await consumer.ack(some.slice(0, 1));
    }
    // One that is no text is read in bytes, with those of its batch.
    await queue.publisher().publish([message(names, { body: Buffer.of(0xff) }), ...messages(names, 30_000)]);
    sent.length = 0;
    await consumer.fetch(FETCH);
    const held = await consumer.fetch(FETCH);
    await consumer.extend(held);
    await consumer.retry(held.slice(250), 0);
    await consumer.ack(held.slice(0, 250));
    await queue.publisher().publish(messages(names, 500));
    expect(await proven(store, sent)).toEqual(
      expect.arrayContaining([
        'nomnom_queue_publish',
        'nomnom_queue_claim',
        'nomnom_queue_dense_texts',
        'nomnom_queue_extend',
        'nomnom_queue_settle',
        'nomnom_queue_bytes',
        'nomnom_queue_give_back',
      ]),
    );
    // What is left lies too far apart to be read as one range.
    await store.sql.query({ text: 'DELETE FROM nomnom_queue WHERE id % 8 <> 0' });
    sent.length = 0;
    await consumer.ack(await consumer.fetch(FETCH));
    expect(await proven(store, sent)).toEqual(
      expect.arrayContaining(['nomnom_queue_texts', 'nomnom_queue_settle']),
    );
  });

  /** Runs the last statement of each name once more, and looks at what it reads; gives the names. */
  async function proven(store: PostgresStore, sent: readonly Query[]): Promise<readonly string[]> {
    const last = new Map<string, Query>();
    for (const query of sent) if (query.name !== undefined) last.set(query.name, query);
    for (const [name, query] of last) {
      const [before, after] = await store.sql.transaction(async (session) => {
        const start = await rowsRead(session);
        await session.query(query);
        return [start, await rowsRead(session)];
      });
      for (const [table, { scanned, fetched }] of after) {
        const was = before.get(table) ?? { scanned: 0, fetched: 0 };
        expect(scanned - was.scanned, `${name} reads all of ${table}`).toBeLessThan(100);
        expect(fetched - was.fetched, `${name} looks through ${table}`).toBeLessThan(5_000);
      }
    }
    return [...last.keys()];
  }
});

describe('segments', () => {
  const turn = (store: PostgresStore) =>
    store.sql.query({ text: `SELECT setval('nomnom_queue_turn', last_value + 1) FROM nomnom_queue_turn` });
  const rotate = async (store: PostgresStore) =>
    String((await store.sql.query({ text: 'SELECT nomnom_queue_rotate() AS done' })).rows[0]?.['done']);

  test('what waits in an old segment is moved with its place, its lease and its deliveries', async () => {
    const { store, names, queue, consumer } = await ownQueue();
    const sent = messages(names, 10);
    await queue.publisher().publish(sent);
    const held = await consumer.fetch({ ...FETCH, max: 4 });
    for (let step = 0; step < 2; step += 1) await turn(store);
    await queue.publisher().publish([message(names)]);
    expect(await rotate(store)).toBe('emptied');
    expect(await number(store.sql, 'SELECT count(*) FROM ONLY nomnom_queue_0')).toBe(0);
    expect(await number(store.sql, 'SELECT count(*) FROM nomnom_queue')).toBe(11);
    const rest = await consumer.fetch(FETCH);
    expect(rest.slice(0, 6).map(({ messageId }) => messageId)).toEqual(
      sent.slice(4).map(({ messageId }) => messageId),
    );
    await consumer.retry(held, 0);
    expect(await consumer.fetch(FETCH)).toMatchObject(
      held.map(({ messageId }) => ({ messageId, deliveries: 2 })),
    );
    await consumer.ack(rest);
    await consumer.ack(held);
    expect(await consumer.pending()).toBe(0);
    expect(await number(store.sql, 'SELECT sum(bytes) FROM nomnom_queue_size')).toBe(0);
  });

  test('messages that are published and worked while segments turn are each delivered once', async () => {
    const { store, names, queue, consumer } = await ownQueue();
    const publisher = queue.publisher();
    const rounds = Array.from({ length: 120 }, () => messages(names, 50));
    let published = false;
    const turns: string[] = [];
    const turning = async () => {
      while (!published) {
        await turn(store);
        turns.push(await rotate(store));
      }
    };
    const publishing = async () => {
      for (const round of rounds) {
        const outcomes = await publisher.publish(round);
        expect(outcomes.every(({ kind }) => kind === 'stored')).toBe(true);
      }
      published = true;
    };
    const [ids] = await Promise.all([drain(consumer, 6_000), publishing(), turning()]);
    expect(ids.toSorted()).toEqual(
      rounds
        .flat()
        .map(({ messageId }) => messageId)
        .toSorted(),
    );
    expect(turns).toContain('emptied');
    await until('all segments to be empty', async () => {
      await turn(store);
      await rotate(store);
      return (await number(store.sql, 'SELECT count(*) FROM nomnom_queue')) === 0;
    });
    expect(await number(store.sql, 'SELECT sum(bytes) FROM nomnom_queue_size')).toBe(0);
  });

  test('an id is known for its window, whichever table of ids has the turn', async () => {
    const { store, names, queue } = await ownQueue();
    const brief = queuePlan({ stream: { dedupe: 1 } });
    await queue.apply(brief.plan);
    // The first id of the table is over at once, so the turn goes on with the next rotation.
    await queue.publisher().publish([message(brief)]);
    const sent = messages(names, 400);
    const publishers = [
      queue.publisher(),
      queue.publisher(),
      openPostgresQueue({ store: store.sql, log }).publisher(),
    ];
    const publishing = Promise.all(
      sent.map((each) => Promise.all(publishers.map((publisher) => publisher.publish([each])))),
    );
    await until('the turn to go on', async () => {
      await store.sql.query({ text: 'SELECT nomnom_queue_rotate_ids()' });
      return (await number(store.sql, 'SELECT last_value FROM nomnom_queue_dedupe_turn')) > 0;
    });
    const outcomes = (await publishing).flat(2);
    expect(outcomes.filter((outcome) => outcome.kind === 'stored' && !outcome.duplicate)).toHaveLength(400);
    const again = await queue.publisher().publish(sent);
    expect(again.every((outcome) => outcome.kind === 'stored' && outcome.duplicate)).toBe(true);
  });

  test('a session that holds a segment puts the rotation off, and nobody waits for it', async () => {
    const { store, url, names, queue, consumer } = await ownQueue();
    await queue.publisher().publish(messages(names, 3));
    await drain(consumer, 3);
    await turn(store);
    const backup = new Client({ connectionString: url });
    await backup.connect();
    onTestFinished(() => backup.end());
    await backup.query('BEGIN');
    await backup.query('SELECT count(*) FROM nomnom_queue');
    expect(await rotate(store)).toBe('busy');
    await queue.publisher().publish(messages(names, 3));
    expect(await drain(consumer, 3)).toHaveLength(3);
    await backup.query('COMMIT');
    expect(await rotate(store)).toBe('emptied');
  });

  test('messages that wait in the tables of before are moved to the segments, and new ids go on from theirs', async () => {
    const { store } = await ownStore();
    const names = queuePlan();
    for (const { number: step, sql } of MIGRATIONS.slice(0, 2)) {
      await store.sql.query({ text: sql });
      await store.sql.query({
        text: `CREATE TABLE IF NOT EXISTS nomnom_queue_migration (number integer PRIMARY KEY, name text NOT NULL)`,
      });
      await store.sql.query({
        text: 'INSERT INTO nomnom_queue_migration VALUES ($1, $2)',
        values: [step, ''],
      });
    }
    const { stream, durable, filter } = names.consume;
    await store.sql.query({
      text: `INSERT INTO nomnom_queue_stream VALUES ($1, '{}', '.', -1, 0, 120000)`,
      values: [stream],
    });
    await store.sql.query({
      text: `INSERT INTO nomnom_queue_consumer (stream, durable, filter, filter_regex) VALUES ($1, $2, $3, '.')`,
      values: [stream, durable, filter],
    });
    const old = messages(names, 3);
    for (const { messageId, subject, entity } of old)
      await store.sql.query({
        text: `INSERT INTO nomnom_queue (consumer, visible_at, generation, size, received_at, message_id, stream, subject,
            entity, headers, body, program) VALUES (1, now(), 0, 10, 5, $1, $2, $3, $4, '{}', '\\x01', 'p')`,
        values: [messageId, stream, subject, entity],
      });
    await store.sql.query({
      text: `INSERT INTO nomnom_queue_dedupe VALUES ($1, $2, now() + interval '1 minute')`,
      values: [stream, old[0]?.dedupeId],
    });
    await store.sql.query({ text: 'ALTER TABLE nomnom_queue_migration ADD COLUMN applied_at timestamptz' });
    const queue = openPostgresQueue({ store: store.sql, log });
    await queue.apply(names.plan);
    const fresh = message(names);
    const [known] = old;
    const outcomes = await queue.publisher().publish([fresh, known ?? fresh]);
    expect(outcomes).toMatchObject([{ duplicate: false }, { duplicate: true }]);
    const consumer = await queue.consumer(names.consume);
    expect((await consumer.fetch(FETCH)).map(({ messageId }) => messageId)).toEqual(
      [...old, fresh].map(({ messageId }) => messageId),
    );
  });
});
