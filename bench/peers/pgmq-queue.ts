import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { upsertRecords } from './hand-written/upsert-records.ts';
import { pgmqSql } from './packages/cache.ts';
import type { Queue } from './waiting-orders.ts';

/** Messages of one call that fills the queue, which is not measured. */
const FILL = 1000;

/** Messages are read for this many seconds, deleted in the transaction of their rows, and come again if that fails. */
const TAKE_ORDERS = `CREATE FUNCTION take_orders(size int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[];
  taken jsonb;
BEGIN
  SELECT array_agg(msg_id), jsonb_agg(message) INTO ids, taken FROM pgmq.read('orders', 30, size);
  IF ids IS NULL THEN RETURN 0; END IF;
  ${upsertRecords('taken')};
  PERFORM pgmq.delete('orders', ids);
  RETURN cardinality(ids);
END $$`;

interface Left {
  readonly left: number;
}

/** A queue of pgmq, without the extension: its SQL is all that it is made of. */
export const pgmq: Queue = async ({ orders }, databaseUrl, work) => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(readFileSync(pgmqSql, 'utf8'));
    await client.query(`SELECT pgmq.create('orders')`);
    await client.query(TAKE_ORDERS);
    for (let at = 0; at < orders.length; at += FILL)
      await client.query(`SELECT pgmq.send_batch('orders', $1::jsonb[])`, [orders.slice(at, at + FILL)]);
    return await work({
      env: { DATABASE_URL: databaseUrl, MESSAGES: String(orders.length) },
      left: async () =>
        (await client.query<Left>('SELECT count(*)::int AS left FROM pgmq.q_orders')).rows[0]?.left ?? 0,
      saidByWorker: true,
    });
  } finally {
    await client.end();
  }
};
