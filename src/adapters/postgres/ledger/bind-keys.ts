import type { BoundKey, KeyBinding } from '../../../ports/ledger.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import { BIND_KEYS } from '../../../sql/postgres/ledger/bind-keys.ts';

export async function bindKeys(
  sql: SqlSession,
  pipeline: string,
  bindings: readonly KeyBinding[],
): Promise<ReadonlyMap<string, BoundKey>> {
  if (bindings.length === 0) return new Map();
  // In one order, so that writers of the same keys wait for each other and never deadlock.
  const sorted = bindings.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const { rows } = await sql.query({
    ...BIND_KEYS,
    values: [pipeline, sorted.map(({ id }) => id), sorted.map(({ hash }) => hash)],
  });
  return new Map(
    rows.map((row) => [
      row['id'] as string,
      { hash: row['hash'] as string, repeated: row['repeated'] === true },
    ]),
  );
}
