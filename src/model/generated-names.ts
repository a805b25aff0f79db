import { DEFAULT_SCHEMA, type WrittenTable } from './table-name.ts';

/** Names of constraints and indexes, as Postgres itself would make them, in at most 63 bytes. */

export function constraintName(table: string, kind: 'key' | 'unique', columns: readonly string[]): string {
  return kind === 'key' ? shorten(`${table}_pkey`) : shorten(`${table}_${columns.join('_')}_key`);
}

export function indexName(table: string, columns: readonly string[]): string {
  return shorten(`${table}_${columns.join('_')}_idx`);
}

export function refName(table: string, columns: readonly string[]): string {
  return shorten(`${table}_${columns.join('_')}_fkey`);
}

/** The table in which nomnom remembers what was deleted from another; in the schema of its own tables. */
export function tombstoneTableName({ schema = DEFAULT_SCHEMA, table }: WrittenTable): string {
  return shorten(['nomnom_deleted', ...(schema === DEFAULT_SCHEMA ? [] : [schema]), table].join('_'));
}

/** A name that is too long keeps its beginning and end, with a digest of the whole between them. */
function shorten(name: string): string {
  if (name.length <= 63) return name;
  return `${name.slice(0, 40)}_${digest(name)}_${name.slice(-13)}`;
}

/** 32-bit FNV-1a in hex: only to tell shortened names apart. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
