import type { Delivery } from '../../ports/queue.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { bareArray } from './array-literal.ts';
import { SIZE_SLOTS } from './publish.ts';
import { SEGMENTS } from './segments.ts';

/** What one claim took. */
export interface Lease {
  /** Decimal digits. */
  readonly id: string;
  /** Where its messages lay, unless they were moved. */
  readonly firstSegment: number;
  readonly lastSegment: number;
  /** Deliveries that are neither acknowledged nor given back. */
  open: number;
}

/** The row of a message, and the lease by which it is out. */
export interface LeasedRow {
  readonly row: number;
  readonly lease: Lease;
}

export interface LeasedDelivery extends Delivery, LeasedRow {}

/** Rows to delete, and leases of which nothing is left. */
export interface Done {
  readonly rows: readonly number[];
  readonly over: readonly string[];
  readonly firstSegment: number;
  readonly lastSegment: number;
}

/** Deletes what is done and gives its room back to the stream. */
const SETTLE = {
  name: 'nomnom_queue_settle',
  text: `SELECT nomnom_queue_settle($1, $2, $3, $4, $5, $6)`,
};

/** Does nothing for messages that another worker has taken over since. */
const GIVE_BACK = {
  name: 'nomnom_queue_give_back',
  text: `SELECT nomnom_queue_give_back($1, $2, $3, $4)`,
};

const EXTEND = {
  name: 'nomnom_queue_extend',
  text: `UPDATE nomnom_queue_lease SET ends_at = now() + $2::float8 * interval '1 ms' WHERE id = ANY ($1::int8[])`,
};

const RESTART = {
  text: `SELECT nomnom_queue_restart($1) AS session`,
};

const COUNT = {
  name: 'nomnom_queue_count',
  text: `SELECT count(*) AS n FROM nomnom_queue WHERE consumer = $1`,
};

/** Counts deliveries as acknowledged. */
export function done(deliveries: readonly LeasedRow[]): Done {
  let firstSegment = SEGMENTS - 1;
  let lastSegment = 0;
  for (const { lease: of } of deliveries) {
    firstSegment = Math.min(firstSegment, of.firstSegment);
    lastSegment = Math.max(lastSegment, of.lastSegment);
  }
  return { rows: deliveries.map(({ row }) => row), over: closed(deliveries), firstSegment, lastSegment };
}

/** Takes deliveries out of their leases; gives those of which nothing is left. */
function closed(deliveries: readonly LeasedRow[]): readonly string[] {
  const over: string[] = [];
  for (const { lease: of } of deliveries) {
    of.open -= 1;
    if (of.open === 0) over.push(of.id);
  }
  return over;
}

export async function acknowledge(
  session: SqlSession,
  consumer: number,
  { rows, over, firstSegment, lastSegment }: Done,
): Promise<void> {
  const slot = Math.floor(Math.random() * SIZE_SLOTS);
  await session.query({
    ...SETTLE,
    values: [bareArray(rows), bareArray(over), consumer, firstSegment, lastSegment, slot],
  });
}

/** They come again after `delay` ms. */
export async function giveBack(
  session: SqlSession,
  deliveries: readonly LeasedRow[],
  delay: number,
): Promise<void> {
  await session.query({
    ...GIVE_BACK,
    values: [
      bareArray(deliveries.map(({ row }) => row)),
      bareArray(deliveries.map(({ lease: of }) => of.id)),
      bareArray(closed(deliveries)),
      Math.round(delay),
    ],
  });
}

/** The leases of these deliveries end `ackWait` ms from now. */
export async function extend(
  session: SqlSession,
  deliveries: readonly LeasedRow[],
  ackWait: number,
): Promise<void> {
  const leases = new Set(deliveries.map(({ lease: of }) => of.id));
  await session.query({ ...EXTEND, values: [bareArray([...leases]), Math.round(ackWait)] });
}

/** What anybody has leased is delivered again, oldest first and before the rest; gives the session that begins. */
export async function restart(session: SqlSession, consumer: number): Promise<string> {
  const { rows } = await session.query({ ...RESTART, values: [consumer] });
  return String(rows[0]?.['session']);
}

export async function countMessages(session: SqlSession, consumer: number): Promise<number> {
  const { rows } = await session.query({ ...COUNT, values: [consumer] });
  return Number(rows[0]?.['n'] ?? 0);
}
