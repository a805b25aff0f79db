import type { Delivery } from '../../ports/queue.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { bareArray } from './array-literal.ts';
import { SIZE_SLOTS } from './publish.ts';
import { readHeaders } from './stored-headers.ts';

/** A delivery with the row and the lease that it stands for. */
export interface LeasedDelivery extends Delivery {
  /** Decimal digits. */
  readonly row: string;
}

/** Leases the next messages of a consumer: nobody else gets them until `visible_at`. Oldest first. */
const LEASE = {
  name: 'nomnom_queue_lease',
  text: `SELECT * FROM nomnom_queue_lease($1, $2, $3)`,
};

/** Deletes what is done and gives its room back to the stream. */
const ACKNOWLEDGE = {
  name: 'nomnom_queue_ack',
  text: `SELECT nomnom_queue_ack($1, $2, $3)`,
};

/** Moves the end of leases that are still ours: a lease that another worker has taken over counts one delivery more. */
const MOVE_LEASE_END = {
  name: 'nomnom_queue_move',
  text: `SELECT nomnom_queue_move($1, $2, $3)`,
};

/** Everything that is out comes before what has never been out; a lease of before cannot be moved any more. */
const TAKE_BACK = {
  text: `
UPDATE nomnom_queue SET visible_at = '-infinity', deliveries = deliveries + 1
WHERE consumer = $1 AND deliveries > 0`,
};

const COUNT = {
  name: 'nomnom_queue_count',
  text: `SELECT count(*) AS n FROM nomnom_queue WHERE consumer = $1`,
};

export async function lease(
  session: SqlSession,
  consumer: number,
  max: number,
  ackWait: number,
): Promise<readonly LeasedDelivery[]> {
  const { rows } = await session.query({ ...LEASE, values: [consumer, max, Math.round(ackWait)] });
  return rows.map((row) => ({
    row: String(row['id']),
    messageId: String(row['message_id']),
    entity: String(row['entity']),
    generation: Number(row['generation']),
    body: row['body'] as Uint8Array,
    ...readHeaders(String(row['headers'])),
    receivedAt: Number(row['received_at']),
    program: (row['program'] ?? undefined) as string | undefined,
    deliveries: Number(row['deliveries']),
  }));
}

export async function acknowledge(
  session: SqlSession,
  consumer: number,
  rows: readonly string[],
): Promise<void> {
  const slot = Math.floor(Math.random() * SIZE_SLOTS);
  await session.query({ ...ACKNOWLEDGE, values: [bareArray(rows), consumer, slot] });
}

/** `end` in milliseconds from now. */
export async function moveLeaseEnd(
  session: SqlSession,
  leases: readonly LeasedDelivery[],
  end: number,
): Promise<void> {
  await session.query({
    ...MOVE_LEASE_END,
    values: [
      bareArray(leases.map(({ row }) => row)),
      bareArray(leases.map(({ deliveries }) => deliveries)),
      Math.round(end),
    ],
  });
}

/** What anybody has leased is delivered again, oldest first and before the rest. */
export async function takeBack(session: SqlSession, consumer: number): Promise<void> {
  await session.query({ ...TAKE_BACK, values: [consumer] });
}

export async function countMessages(session: SqlSession, consumer: number): Promise<number> {
  const { rows } = await session.query({ ...COUNT, values: [consumer] });
  return Number(rows[0]?.['n'] ?? 0);
}
