import type { Client } from 'pg';
import type { LockHolder } from '../../ports/lock-holder.ts';
import { READ_LOCK_HOLDERS } from '../../sql/postgres/catalog/lock-holders.ts';
import { failureOf } from './failure-of.ts';
import { lockHolderOf } from './lock-holder.ts';

/**
 * Whom statements of these sessions wait for, asked over a connection outside of the pool, which may have none left. Rejects with
 * STORE_UNAVAILABLE where nobody answers within seconds: a pooler may have no other connection either.
 */
export async function lockHolders(
  newClient: () => Client,
  pids: readonly number[],
): Promise<readonly LockHolder[]> {
  const client = newClient();
  // It says so to whoever waits for it.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Readonly<Record<string, unknown>>>({
      text: READ_LOCK_HOLDERS,
      values: [pids],
    });
    return rows.map(lockHolderOf);
  } catch (error) {
    throw failureOf(error);
  } finally {
    client.end().catch(() => {});
  }
}
