import type { Session, Store } from '../../ports/store.ts';

/** A partition that a worker has. */
export interface HeldPartition {
  readonly partition: number;
  readonly epoch: string;
  /** How many holders ended without a word since a batch was last done. */
  readonly takeovers: number;
}

const ADD_PARTITIONS = {
  text: `
INSERT INTO nomnom_partitions (group_name, partition, expires_at)
SELECT $1, partition, now() FROM generate_series(0, $2::int - 1) AS partition
ON CONFLICT DO NOTHING`,
};

const SHOW_WORKER = {
  name: 'nomnom_partition_worker',
  text: `
INSERT INTO nomnom_partition_workers AS known (group_name, worker, seen_until)
VALUES ($1, $2, now() + $3::float8 * interval '1 ms')
ON CONFLICT (group_name, worker) DO UPDATE SET seen_until = excluded.seen_until`,
};

const FORGET_WORKERS = {
  name: 'nomnom_partition_forget',
  text: `DELETE FROM nomnom_partition_workers WHERE group_name = $1 AND (worker = $2 OR seen_until < now())`,
};

const COUNT_WORKERS = {
  name: 'nomnom_partition_count',
  text: `SELECT count(*)::int AS n FROM nomnom_partition_workers WHERE group_name = $1 AND seen_until >= now()`,
};

const RENEW = {
  name: 'nomnom_partition_renew',
  text: `
UPDATE nomnom_partitions SET expires_at = now() + $4::float8 * interval '1 ms'
WHERE group_name = $1 AND holder = $2 AND partition = ANY ($3::int[])
RETURNING partition`,
};

/**
 * Free ones, those that this worker took in a transaction of which it got no answer, and those whose holder has not been
 * heard of in time. Of two who take at once each gets others.
 */
const TAKE = {
  name: 'nomnom_partition_take',
  text: `
WITH free AS (
  SELECT partition FROM nomnom_partitions
  WHERE group_name = $1 AND partition < $5 AND (holder IS NULL OR holder = $2 OR expires_at <= now())
    AND partition <> ALL ($6::int[])
  ORDER BY expires_at, partition LIMIT $4 FOR UPDATE SKIP LOCKED
)
UPDATE nomnom_partitions AS p SET
  holder = $2,
  epoch = p.epoch + 1,
  takeovers = p.takeovers + CASE WHEN p.holder IS NULL OR p.holder = $2 THEN 0 ELSE 1 END,
  expires_at = now() + $3::float8 * interval '1 ms'
FROM free WHERE p.group_name = $1 AND p.partition = free.partition
RETURNING p.partition, p.epoch, p.takeovers`,
};

const GIVE_BACK = {
  name: 'nomnom_partition_release',
  text: `
UPDATE nomnom_partitions SET holder = NULL, expires_at = now()
WHERE group_name = $1 AND holder = $2 AND partition = $3 AND epoch = $4::int8`,
};

const IS_HELD = {
  name: 'nomnom_partition_held',
  text: `
SELECT FROM nomnom_partitions WHERE group_name = $1 AND holder = $2 AND partition = $3 AND epoch = $4::int8`,
};

const NOTE_PROGRESS = {
  name: 'nomnom_partition_progress',
  text: `
UPDATE nomnom_partitions SET takeovers = 0
WHERE group_name = $1 AND holder = $2 AND partition = $3 AND epoch = $4::int8`,
};

const COUNT_PARTITIONS = {
  text: `SELECT group_name, count(*)::int AS n FROM nomnom_partitions WHERE group_name = ANY ($1::text[]) GROUP BY 1`,
};

const DROP_PARTITIONS = { text: `DELETE FROM nomnom_partitions WHERE group_name = $1 AND partition >= $2` };

/** One worker's share of the partitions of one group. */
export interface Sharing {
  readonly group: string;
  /** Partitions in the group. */
  readonly count: number;
  /** A UUID of this process. */
  readonly worker: string;
  /** Milliseconds for which a partition is taken. */
  readonly lease: number;
}

export interface Share {
  /** Of those that the worker had, the ones that it still has. */
  readonly kept: ReadonlySet<number>;
  readonly taken: readonly HeldPartition[];
  /** How many a worker should have at most. */
  readonly fair: number;
}

/**
 * Shows that the worker is there, renews what it has, and takes free partitions up to its fair share, which is the same
 * for all workers of the group, rounded up. One short transaction.
 */
export function share(store: Store, sharing: Sharing, held: readonly number[]): Promise<Share> {
  const { group, count, worker, lease } = sharing;
  return store.transaction(async (session) => {
    await session.query({ ...SHOW_WORKER, values: [group, worker, lease] });
    const renewed = await session.query({ ...RENEW, values: [group, worker, held, lease] });
    const kept = new Set(renewed.rows.map((row) => Number(row['partition'])));
    const workers = await session.query({ ...COUNT_WORKERS, values: [group] });
    const fair = Math.ceil(count / Math.max(1, Number(workers.rows[0]?.['n'])));
    const wanted = fair - kept.size;
    if (wanted <= 0) return { kept, taken: [], fair };
    const { rows } = await session.query({ ...TAKE, values: [group, worker, lease, wanted, count, held] });
    const taken = rows.map((row) => ({
      partition: Number(row['partition']),
      epoch: String(row['epoch']),
      takeovers: Number(row['takeovers']),
    }));
    return { kept, taken, fair };
  });
}

/** Makes the rows of a group's partitions where they are missing. Safe to repeat. */
export async function addPartitions(session: Session, group: string, count: number): Promise<number> {
  const { rowCount } = await session.query({ ...ADD_PARTITIONS, values: [group, count] });
  return rowCount;
}

/** The worker stops: it counts no longer when the partitions are shared out. */
export async function leave(session: Session, { group, worker }: Sharing): Promise<void> {
  await session.query({ ...FORGET_WORKERS, values: [group, worker] });
}

/** Free for the next one. */
export async function giveBack(session: Session, sharing: Sharing, held: HeldPartition): Promise<void> {
  await session.query({ ...GIVE_BACK, values: valuesOf(sharing, held) });
}

/** Whether no other worker has taken the partition. */
export async function isHeld(session: Session, sharing: Sharing, held: HeldPartition): Promise<boolean> {
  const { rows } = await session.query({ ...IS_HELD, values: valuesOf(sharing, held) });
  return rows.length > 0;
}

/** A batch of the partition was done: those who lost it before are forgiven. */
export async function noteProgress(session: Session, sharing: Sharing, held: HeldPartition): Promise<void> {
  await session.query({ ...NOTE_PROGRESS, values: valuesOf(sharing, held) });
}

/** How many partitions each group has had so far; groups that have none are left out. */
export async function countPartitions(
  session: Session,
  groups: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await session.query({ ...COUNT_PARTITIONS, values: [groups] });
  return new Map(rows.map((row) => [String(row['group_name']), Number(row['n'])]));
}

/** Forgets the partitions past the first `count`. */
export async function dropPartitions(session: Session, group: string, count: number): Promise<void> {
  await session.query({ ...DROP_PARTITIONS, values: [group, count] });
}

function valuesOf({ group, worker }: Sharing, { partition, epoch }: HeldPartition): unknown[] {
  return [group, worker, partition, epoch];
}
