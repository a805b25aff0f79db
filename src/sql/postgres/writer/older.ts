import type { TablePlan } from '../../../plan/plan.ts';
import { columnAt } from './columns.ts';

/**
 * Whether the stored version is older than the incoming one. Texts are compared by code point, as the worker compares
 * those of one batch, and never by the collation of the database or the column, which may order them otherwise.
 */
export function isOlder(table: TablePlan, version: number, stored: string, incoming: string): string {
  const { holds } = columnAt(table, version);
  const isText = holds.kind === 'scalar' && holds.column.name === 'text';
  return `${stored}${isText ? ' COLLATE "C"' : ''} < ${incoming}`;
}
