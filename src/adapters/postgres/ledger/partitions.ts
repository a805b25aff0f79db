import type { HeldPartition, Partitions, Share, Sharing } from '../../../ports/partitions.ts';
import {
  ADD_PARTITIONS,
  COUNT_PARTITIONS,
  COUNT_WORKERS,
  DROP_PARTITIONS,
  FORGET_WORKERS,
  GIVE_BACK_PARTITION,
  IS_PARTITION_HELD,
  NOTE_PARTITION_PROGRESS,
  RENEW_PARTITIONS,
  SHOW_WORKER,
  TAKE_PARTITIONS,
} from '../../../sql/postgres/ledger/partitions.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

export function partitionsOver(sql: SqlSession): Partitions {
  return {
    async add(group, count) {
      await sql.query({ ...ADD_PARTITIONS, values: [group, count] });
    },
    async drop(group, count) {
      await sql.query({ ...DROP_PARTITIONS, values: [group, count] });
    },
    async count(groups) {
      const { rows } = await sql.query({ ...COUNT_PARTITIONS, values: [[...groups]] });
      return new Map(rows.map((row) => [String(row['group_name']), Number(row['n'])]));
    },
    share: (sharing, held) => share(sql, sharing, held),
    async isHeld(sharing, held) {
      const { rows } = await sql.query({ ...IS_PARTITION_HELD, values: valuesOf(sharing, held) });
      return rows.length > 0;
    },
    async noteProgress(sharing, held) {
      await sql.query({ ...NOTE_PARTITION_PROGRESS, values: valuesOf(sharing, held) });
    },
    async giveBack(sharing, held) {
      await sql.query({ ...GIVE_BACK_PARTITION, values: valuesOf(sharing, held) });
    },
    async leave({ group, worker }) {
      await sql.query({ ...FORGET_WORKERS, values: [group, worker] });
    },
  };
}

async function share(
  sql: SqlSession,
  { group, count, worker, lease }: Sharing,
  held: readonly number[],
): Promise<Share> {
  await sql.query({ ...SHOW_WORKER, values: [group, worker, lease] });
  const renewed = await sql.query({ ...RENEW_PARTITIONS, values: [group, worker, held, lease] });
  const kept = new Set(renewed.rows.map((row) => Number(row['partition'])));
  const workers = await sql.query({ ...COUNT_WORKERS, values: [group] });
  const fair = Math.ceil(count / Math.max(1, Number(workers.rows[0]?.['n'])));
  const wanted = fair - kept.size;
  if (wanted <= 0) return { kept, taken: [], fair };
  const { rows } = await sql.query({
    ...TAKE_PARTITIONS,
    values: [group, worker, lease, wanted, count, held],
  });
  const taken = rows.map((row) => ({
    partition: Number(row['partition']),
    epoch: String(row['epoch']),
    takeovers: Number(row['takeovers']),
  }));
  return { kept, taken, fair };
}

function valuesOf({ group, worker }: Sharing, { partition, epoch }: HeldPartition): readonly unknown[] {
  return [group, worker, partition, epoch];
}
