/** What is mostly written: a transaction for each message, with a statement for each table, and eight messages at once. */
import { Pool } from 'pg';
import { ordersConsumer } from '../hand-written/jetstream-messages.ts';
import type { Order } from '../hand-written/order.ts';
import { required, tuned } from '../hand-written/settings.ts';
import { inTransaction } from '../hand-written/transaction.ts';
import { upsertOrders } from '../hand-written/unnest-orders.ts';

const inFlight = tuned('IN_FLIGHT', 8);
const ahead = tuned('BATCH', 100);
const pool = new Pool({ connectionString: required('DATABASE_URL'), max: inFlight });
const consumer = await ordersConsumer(ahead);
const messages = await consumer.consume({ max_messages: ahead });
process.on('SIGTERM', () => process.exit(0));
console.log('ready');
const iterator = messages[Symbol.asyncIterator]();
const lane = async (): Promise<void> => {
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    const message = next.value;
    await inTransaction(pool, (client) => upsertOrders(client, [message.json<Order>()]));
    message.ack();
  }
};
await Promise.all(Array.from({ length: inFlight }, lane));
