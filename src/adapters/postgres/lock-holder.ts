import type { LockHolder } from '../../ports/lock-holder.ts';

/** A row of a statement that asks for holders of locks. */
export function lockHolderOf(row: Readonly<Record<string, unknown>>): LockHolder {
  return {
    pid: Number(row['pid']),
    ...textAs('table', row['table']),
    ...textAs('application', row['application']),
    ...textAs('user', row['who']),
    ...textAs('state', row['state']),
    ...(row['since'] === null ? {} : { since: Number(row['since']) }),
  };
}

function textAs<K extends string>(key: K, value: unknown): { readonly [k in K]?: string } {
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as {
    readonly [k in K]?: string;
  };
}
