import type { Change } from '../../../plan/change.ts';
import { locksFor } from '../../../sql/postgres/ddl/locks.ts';
import { limitLockWaits, LOCK_WAIT, LOCKABLE } from '../../../sql/postgres/lock-wait.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

/**
 * Takes the locks one after the other, and waits for all together no longer than for one: who waits for the last of many tables stops the
 * writers of all others.
 */
export async function lockForChanges(sql: SqlSession, changes: readonly Change[]): Promise<void> {
  const locks = locksFor(changes);
  if (locks.length === 0) return;
  const names = locks.map(({ table }) => table);
  const { rows } = await sql.query({ text: LOCKABLE, values: [names] });
  const lockable = new Set(rows.map((row) => row['name']));
  const until = performance.now() + LOCK_WAIT;
  for (const { text } of locks.filter(({ table }) => lockable.has(table))) {
    await sql.query(limitLockWaits(until - performance.now()));
    await sql.query({ text });
  }
  await sql.query(limitLockWaits());
}
