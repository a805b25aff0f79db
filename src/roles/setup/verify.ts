import type { Plan } from '../../plan/plan.ts';
import { tablesOf } from '../../plan/tables-of.ts';
import type { Difference, Queue } from '../../ports/queue.ts';
import type { Session, Store } from '../../ports/store.ts';
import { compareTables } from './compare.ts';
import { partitionDifferences } from './partitions.ts';

/**
 * Everything in which the live servers differ from the plan: nomnom's own tables, the pipeline's tables, the queue.
 * Changes nothing. Every role asks this before its first message; a `Failure` means that a server cannot be asked.
 */
export async function verify(store: Store, queue: Queue, plan: Plan): Promise<readonly Difference[]> {
  const [ledger, tables, streams] = await Promise.all([
    ledgerDifferences(store),
    store.catalog.readTables(tablesOf(plan)).then((live) => compareTables(plan, live).differences),
    queue.differences(plan),
  ]);
  const partitions =
    ledger.length > 0 || streams.length > 0 ? [] : await partitionDifferences(store, queue, plan);
  return [...ledger, ...tables, ...streams, ...partitions];
}

/** One for all migrations: nobody applies a single one. They are numbered from 1, and applied in order. */
async function ledgerDifferences({ ledger }: Session): Promise<readonly Difference[]> {
  const pending = await ledger.pendingMigrations();
  const [first] = pending;
  const last = pending.at(-1);
  if (first === undefined || last === undefined) return [];
  const found = first.number === 1 ? 'none' : `version ${first.number - 1}`;
  return [
    {
      code: 'NOM902',
      what: "nomnom's own tables",
      expected: `version ${last.number}`,
      found,
      fixable: true,
    },
  ];
}
