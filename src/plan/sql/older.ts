import type { ColumnPlan } from '../plan.ts';

/**
 * Whether the stored version is older than the incoming one, in SQL. Texts are compared by code point, as the worker
 * compares those of one batch, and never by the collation of the database or the column, which may order them otherwise.
 */
export function isOlder(version: ColumnPlan | undefined, stored: string, incoming: string): string {
  const isText = version !== undefined && /^(?:text|varchar)\b/.test(version.type);
  return `${stored}${isText ? ' COLLATE "C"' : ''} < ${incoming}`;
}
