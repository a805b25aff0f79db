/**
 * What a good engineer writes: `JSON.parse`, an array for each column, a row that says what became of each message.
 *
 * Tuned: 1000 × 4, 500 × 4 and 1000 × 2 took the same processor time within a tenth; 2000 × 2 took a sixth more.
 */
import { Pool } from 'pg';
import { workInBatches } from '../hand-written/jetstream-messages.ts';
import type { Order } from '../hand-written/order.ts';
import { required, tuned } from '../hand-written/settings.ts';
import { inTransaction } from '../hand-written/transaction.ts';
import { upsertOrders } from '../hand-written/unnest-orders.ts';

const UPSERT_STATUSES = `INSERT INTO peer_status AS t (message_id, entity_type, status, received_at, updated_at)
SELECT message_id, 'Order', 'completed', received_at, now() FROM unnest($1::uuid[], $2::timestamptz[])
  AS s (message_id, received_at)
ON CONFLICT (message_id) DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at`;

const inFlight = tuned('IN_FLIGHT', 4);
const pool = new Pool({ connectionString: required('DATABASE_URL'), max: inFlight });

await workInBatches({
  size: tuned('BATCH', 1000),
  inFlight,
  work: (messages) =>
    inTransaction(pool, async (client) => {
      await upsertOrders(
        client,
        messages.map((message) => message.json<Order>()),
      );
      await client.query({
        name: 'statuses',
        text: UPSERT_STATUSES,
        values: [
          messages.map((message) => message.headers?.get('Nats-Msg-Id')),
          messages.map((message) => message.time),
        ],
      });
    }),
});
