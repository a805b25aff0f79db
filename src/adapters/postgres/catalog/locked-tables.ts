import { setTimeout as sleep } from 'node:timers/promises';
import type { TablePlan } from '../../../plan/plan.ts';
import type { LockedTables } from '../../../ports/catalog.ts';
import type { LockHolder } from '../../../ports/lock-holder.ts';
import { READ_TABLE_LOCKS } from '../../../sql/postgres/catalog/table-locks.ts';
import { grantsOf, grantsOn, grantsToWork } from '../../../sql/postgres/privileges.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import type { RoleKind } from '../../../sql/role-kind.ts';
import { lockHolderOf } from '../lock-holder.ts';
import { nameInSchema } from './name-in-schema.ts';

/** Milliseconds for which a lock has to be held: a change of a table takes one for a moment. */
const LASTING = 1_000;

interface Held {
  /** As it was asked for. */
  readonly name: string;
  readonly holder: LockHolder;
}

/** Read when a role starts; `apply` writes it. */
const STARTS_WITH = /_migrations?$/;

/** See the port. */
export async function lockedTables(
  sql: SqlSession,
  schema: string | undefined,
  kind: RoleKind,
  tables: readonly TablePlan[],
  queueHere: boolean,
): Promise<LockedTables> {
  const own = (grants: Readonly<Record<string, unknown>>): readonly string[] =>
    Object.keys(grants)
      .filter((name) => !STARTS_WITH.test(name))
      .map((name) => nameInSchema(name, schema));
  const queue = queueHere ? own(grantsOf(kind, 'queue')) : [];
  const needed = new Set(kind === 'worker' ? own(grantsToWork(queueHere)) : queue);
  const names = [
    ...own(grantsOf(kind, 'ledger')),
    ...queue,
    ...tables.flatMap((table) => Object.keys(grantsOn(table))),
  ];
  const before = await heldOn(sql, names);
  if (before.length === 0) return { all: [], some: [] };
  await sleep(LASTING);
  const held = (await heldOn(sql, names)).filter(({ name, holder }) =>
    before.some((each) => each.name === name && each.holder.pid === holder.pid),
  );
  const holders = (isNeeded: boolean): readonly LockHolder[] =>
    held.filter(({ name }) => needed.has(name) === isNeeded).map(({ holder }) => holder);
  return { all: holders(true), some: holders(false) };
}

async function heldOn(sql: SqlSession, names: readonly string[]): Promise<readonly Held[]> {
  const { rows } = await sql.query({ text: READ_TABLE_LOCKS, values: [names] });
  return rows.map((row) => ({ name: String(row['name']), holder: lockHolderOf(row) }));
}
