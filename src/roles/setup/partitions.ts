import type { ConsumePlan, Plan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Difference, Queue } from '../../ports/queue.ts';
import type { Session, Store } from '../../ports/store.ts';

export interface PartitionDifference extends Difference {
  readonly group: string;
}

/**
 * Groups that had another number of partitions before. The same key falls into another partition then, so a message
 * that waits in the old one and a new one of its key would be worked side by side: nothing may wait.
 */
export async function partitionDifferences(
  { ledger }: Session,
  queue: Queue,
  plan: Plan,
): Promise<readonly PartitionDifference[]> {
  const groups = groupsOf(plan);
  if (groups.size === 0) return [];
  const recorded = await ledger.partitions.count([...groups.keys()]);
  const differences: PartitionDifference[] = [];
  for (const [group, consume] of groups) {
    const before = recorded.get(group);
    const count = consume.partition?.count;
    if (before === undefined || before === count) continue;
    const waiting = await waitingIn(queue, consume, group, before);
    differences.push({
      group,
      code: 'NOM903',
      what: `partitions of ${group}`,
      expected: String(count),
      found: waiting === 0 ? String(before) : `${before}, in which ${waiting} messages wait for a worker`,
      fixable: waiting === 0,
    });
  }
  return differences;
}

/** Records the plan's number of partitions where nothing waits in those of before; a line for each group changed. */
export async function applyPartitions(store: Store, queue: Queue, plan: Plan): Promise<readonly string[]> {
  const done: string[] = [];
  for (const difference of await partitionDifferences(store, queue, plan)) {
    const { group, what, expected, found, fixable } = difference;
    if (!fixable) continue;
    await store.transaction(async ({ ledger }) => {
      await ledger.partitions.drop(group, Number(expected));
      await ledger.partitions.add(group, Number(expected));
    });
    done.push(`updated ${what}: ${expected} (was ${found})`);
  }
  return done;
}

/** A consumer of each group of partitions. */
function groupsOf(plan: Plan): ReadonlyMap<string, ConsumePlan> {
  const groups = new Map<string, ConsumePlan>();
  for (const consume of plan.roles.flatMap(({ consumes }) => consumes)) {
    if (consume.partition !== undefined) groups.set(consume.partition.group, consume);
  }
  return groups;
}

async function waitingIn(queue: Queue, like: ConsumePlan, group: string, count: number): Promise<number> {
  let waiting = 0;
  for (let index = 0; index < count; index += 1) {
    const filter = like.filter.replace(/[^.]*$/, String(index));
    const consumer = await queue
      .consumer({ ...like, durable: `${group}_p${index}`, filter })
      .catch(unlessNone);
    if (consumer === undefined) continue;
    waiting += (await consumer.pending().catch(unlessNone)) ?? 0;
    await consumer.close();
  }
  return waiting;
}

/** The queue has no consumer for it: nothing was ever worked there. */
function unlessNone(error: unknown): undefined {
  if (error instanceof Failure && error.code === 'QUEUE_MISCONFIGURED') return undefined;
  throw error;
}
