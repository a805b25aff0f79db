export const ADD_PARTITIONS = {
  text: `
INSERT INTO nomnom_partitions (group_name, partition, expires_at)
SELECT $1, partition, now() FROM generate_series(0, $2::int - 1) AS partition
ON CONFLICT DO NOTHING`,
};

export const SHOW_WORKER = {
  name: 'nomnom_partition_worker',
  text: `
INSERT INTO nomnom_partition_workers AS known (group_name, worker, seen_until)
VALUES ($1, $2, now() + $3::float8 * interval '1 ms')
ON CONFLICT (group_name, worker) DO UPDATE SET seen_until = excluded.seen_until`,
};

export const FORGET_WORKERS = {
  name: 'nomnom_partition_forget',
  text: `DELETE FROM nomnom_partition_workers WHERE group_name = $1 AND (worker = $2 OR seen_until < now())`,
};

export const COUNT_WORKERS = {
  name: 'nomnom_partition_count',
  text: `SELECT count(*)::int AS n FROM nomnom_partition_workers WHERE group_name = $1 AND seen_until >= now()`,
};

export const RENEW_PARTITIONS = {
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
export const TAKE_PARTITIONS = {
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

export const GIVE_BACK_PARTITION = {
  name: 'nomnom_partition_release',
  text: `
UPDATE nomnom_partitions SET holder = NULL, expires_at = now()
WHERE group_name = $1 AND holder = $2 AND partition = $3 AND epoch = $4::int8`,
};

export const IS_PARTITION_HELD = {
  name: 'nomnom_partition_held',
  text: `
SELECT FROM nomnom_partitions WHERE group_name = $1 AND holder = $2 AND partition = $3 AND epoch = $4::int8`,
};

export const NOTE_PARTITION_PROGRESS = {
  name: 'nomnom_partition_progress',
  text: `
UPDATE nomnom_partitions SET takeovers = 0
WHERE group_name = $1 AND holder = $2 AND partition = $3 AND epoch = $4::int8`,
};

export const COUNT_PARTITIONS = {
  text: `SELECT group_name, count(*)::int AS n FROM nomnom_partitions WHERE group_name = ANY ($1::text[]) GROUP BY 1`,
};

export const DROP_PARTITIONS = {
  text: `DELETE FROM nomnom_partitions WHERE group_name = $1 AND partition >= $2`,
};
