import { Failure } from '../../ports/failure.ts';
import type { Delivery } from '../../ports/queue.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { bareArray } from './array-literal.ts';
import { DENSE } from './dense-claims.ts';
import { giveBack, type Lease, type LeasedDelivery } from './lease.ts';
import type { Reach } from './reach.ts';
import { SEGMENTS } from './segments.ts';
import { readHeaders } from './stored-headers.ts';

/** Leases the next messages of a consumer: nobody else gets them until it ends. Oldest first. */
const CLAIM = {
  name: 'nomnom_queue_claim',
  text: `SELECT * FROM nomnom_queue_claim($1, $2, $3, $4, $5, $6)`,
};

/** The same of a partition, in the order of their arrival, as long as the session is not over. */
const CLAIM_IN_ORDER = {
  name: 'nomnom_queue_claim_in_order',
  text: `SELECT * FROM nomnom_queue_claim_in_order($1, $2, $3)`,
};

/** As text a body is half as long as in hexadecimal. */
const READ_TEXTS = {
  name: 'nomnom_queue_texts',
  text: `
SELECT id, convert_from(body, 'UTF8') AS body FROM nomnom_queue
WHERE id = ANY ($1::int8[]) AND segment BETWEEN $2::int AND $3::int`,
};

/**
 * For ids that lie close together: one way through the index instead of one for each. `IS TRUE` keeps it from becoming a join. Without
 * `SELECT` Postgres would plan it anew for the segments of each batch.
 */
const READ_DENSE_TEXTS = {
  name: 'nomnom_queue_dense_texts',
  text: `
SELECT id, convert_from(body, 'UTF8') AS body FROM nomnom_queue
WHERE id BETWEEN $4::int8 AND $5::int8 AND (id IN (SELECT unnest($1::int8[]))) IS TRUE
  AND segment BETWEEN (SELECT $2::int) AND (SELECT $3::int)`,
};

const READ_BYTES = {
  name: 'nomnom_queue_bytes',
  text: `SELECT id, body FROM nomnom_queue WHERE id = ANY ($1::int8[]) AND segment BETWEEN $2::int AND $3::int`,
};

/** A body is no UTF-8, or has a zero byte. */
const NO_TEXT = '22021';

/** A consumer in no order, as claims know it. */
export interface Claimant {
  readonly consumer: number;
  readonly reach: Reach;
}

/** Leases up to `max` messages for `ackWait` ms, in the order of their rows. */
export async function claim(
  session: SqlSession,
  { consumer, reach }: Claimant,
  max: number,
  ackWait: number,
): Promise<readonly LeasedDelivery[]> {
  const from = reach.next();
  const values = [consumer, max, Math.round(ackWait), false, from?.visibleAt ?? null, from?.row ?? null];
  const { rows } = await session.query({ ...CLAIM, values });
  const [claimed] = rows;
  const leased = leasedBy(claimed);
  const last = leased.at(-1);
  const reached = claimed?.['reached'];
  reach.came(
    last === undefined || typeof reached !== 'string' ? undefined : { visibleAt: reached, row: last.row },
  );
  return delivered(session, leased);
}

/**
 * Leases the next messages of a partition, up to `max`, until the session is over; undefined where it is. Nothing may be passed
 * over, so each claim looks at everything.
 */
export async function claimInOrder(
  session: SqlSession,
  consumer: number,
  max: number,
  sessionId: string,
): Promise<readonly LeasedDelivery[] | undefined> {
  const { rows } = await session.query({ ...CLAIM_IN_ORDER, values: [consumer, max, sessionId] });
  const [claimed] = rows;
  return claimed?.['over'] === true ? undefined : delivered(session, leasedBy(claimed));
}

function leasedBy(claimed: Readonly<Record<string, unknown>> | undefined): readonly Bare[] {
  return claimed === undefined || claimed['lease'] === null ? [] : deliveriesOf(claimed);
}

async function delivered(session: SqlSession, leased: readonly Bare[]): Promise<readonly LeasedDelivery[]> {
  if (leased.length === 0) return [];
  try {
    return await withBodies(session, leased);
  } catch (error) {
    await giveBack(session, leased, 0).catch(() => {});
    throw error;
  }
}

/** A delivery whose body is still to be read. */
type Bare = Omit<LeasedDelivery, 'body'>;

function deliveriesOf(claimed: Readonly<Record<string, unknown>>): readonly Bare[] {
  const list = (column: string) => JSON.parse(String(claimed[column])) as unknown;
  const ids = list('ids') as readonly number[];
  const messageIds = list('message_ids') as readonly string[];
  const entities = list('entities') as readonly string[];
  const generations = list('generations') as readonly number[];
  const deliveries = list('deliveries') as readonly number[];
  const received = list('received') as readonly number[];
  const programs = list('programs') as readonly (string | null)[];
  const headers = list('headers') as readonly string[];
  const lease: Lease = {
    id: String(claimed['lease']),
    firstSegment: Number(claimed['first_segment']),
    lastSegment: Number(claimed['last_segment']),
    open: ids.length,
  };
  return ids.map((row, at) => ({
    row,
    lease,
    messageId: messageIds[at] ?? '',
    entity: entities[at] ?? '',
    generation: generations[at] ?? 0,
    ...readHeaders(headers[at] ?? '{}'),
    receivedAt: received[at] ?? 0,
    program: programs[at] ?? undefined,
    deliveries: deliveries[at] ?? 1,
  }));
}

async function withBodies(session: SqlSession, leased: readonly Bare[]): Promise<readonly LeasedDelivery[]> {
  const { firstSegment = 0, lastSegment = 0 } = leased[0]?.lease ?? {};
  const ids = leased.map(({ row }) => row);
  const bodies = await readBodies(session, ids, firstSegment, lastSegment);
  if (bodies.size < ids.length) {
    // They were moved since.
    const rest = ids.filter((id) => !bodies.has(id));
    for (const [id, body] of await readBodies(session, rest, 0, SEGMENTS - 1)) bodies.set(id, body);
  }
  const found = leased.flatMap((delivery) => {
    const body = bodies.get(delivery.row);
    if (body !== undefined) return [{ ...delivery, body }];
    // Who had it before has acknowledged it after all.
    delivery.lease.open -= 1;
    return [];
  });
  return found.sort((left, right) => left.row - right.row);
}

async function readBodies(
  session: SqlSession,
  ids: readonly number[],
  firstSegment: number,
  lastSegment: number,
): Promise<Map<number, Delivery['body']>> {
  const values = [bareArray(ids), firstSegment, lastSegment];
  const [low, high] = [Math.min(...ids), Math.max(...ids)];
  const texts =
    high - low < DENSE * ids.length
      ? { ...READ_DENSE_TEXTS, values: [...values, low, high] }
      : { ...READ_TEXTS, values };
  try {
    const { rows } = await session.query(texts);
    return new Map(rows.map((row) => [Number(row['id']), String(row['body'])]));
  } catch (error) {
    if (!(error instanceof Failure) || error.sql?.sqlstate !== NO_TEXT) throw error;
    const { rows } = await session.query({ ...READ_BYTES, values });
    return new Map(rows.map((row) => [Number(row['id']), row['body'] as Uint8Array]));
  }
}
