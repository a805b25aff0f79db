import type { PoolClient } from 'pg';
import type { LockHolder } from '../../ports/lock-holder.ts';
import { READ_LOCK_HOLDERS } from '../../sql/postgres/catalog/lock-holders.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';

/** Whom statements of these connections wait for. */
export async function lockHolders(
  sql: SqlSession,
  clients: readonly PoolClient[],
): Promise<readonly LockHolder[]> {
  const pids = clients.flatMap((client) => processOf(client) ?? []);
  if (pids.length === 0) return [];
  const { rows } = await sql.query({ text: READ_LOCK_HOLDERS, values: [pids] });
  return rows.map((row) => ({
    pid: Number(row['pid']),
    ...textAs('application', row['application']),
    ...textAs('user', row['who']),
    ...textAs('state', row['state']),
    ...(row['since'] === null ? {} : { since: Number(row['since']) }),
  }));
}

/** The driver has it from the server's BackendKeyData; its types leave it out. */
function processOf(client: PoolClient): number | undefined {
  const { processID } = client as unknown as { readonly processID: number | null };
  return processID ?? undefined;
}

function textAs<K extends string>(key: K, value: unknown): { readonly [k in K]?: string } {
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as {
    readonly [k in K]?: string;
  };
}
