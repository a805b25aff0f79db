import type { Session } from '../../ports/store.ts';

/** What an Idempotency-Key was first used for. */
export interface KeyBinding {
  /** The id that the key stands for, a UUID: a message's, or that of a whole batch. */
  readonly id: string;
  /** SHA-256 of what came with the key, as hexadecimal digits. */
  readonly hash: string;
}

/**
 * The first body stays; a repeat only renews the time, from which the purge counts. Of two who bind one key at once the
 * second waits here for the first, and then finds its body. Only a row that was there has an `xmax`.
 */
const BIND_KEYS = {
  name: 'nomnom_bind_keys',
  text: `
INSERT INTO idempotency_keys AS known (id, pipeline, body_hash, bound_at)
SELECT id, $1, decode(hash, 'hex'), now() FROM unnest($2::uuid[], $3::text[]) AS asked (id, hash)
ON CONFLICT (id) DO UPDATE SET bound_at = excluded.bound_at
RETURNING id, encode(body_hash, 'hex') AS hash, xmax <> 0 AS repeated`,
};

/** What a key is bound to. */
export interface BoundKey {
  readonly hash: string;
  /** It was bound before. */
  readonly repeated: boolean;
}

/** Binds each key that is not bound yet; gives what each is bound to, by id. Each id once. */
export async function bindKeys(
  session: Session,
  pipeline: string,
  bindings: readonly KeyBinding[],
): Promise<ReadonlyMap<string, BoundKey>> {
  if (bindings.length === 0) return new Map();
  // In one order, so that writers of the same keys wait for each other and never deadlock.
  const sorted = bindings.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const { rows } = await session.query({
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
