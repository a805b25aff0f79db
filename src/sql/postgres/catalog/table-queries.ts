import type { TablePlan } from '../../../plan/plan.ts';
import { qualifiedName } from '../identifier.ts';

/** $1: names as they stand in SQL, so that the search path finds the same tables as the upserts will. */
export const READ_TABLES = `
SELECT wanted.place, c.oid::text AS oid, c.relkind::text AS kind, obj_description(c.oid, 'pg_class') AS comment,
  c.relpersistence = 'p' AND NOT EXISTS (
    SELECT FROM pg_partition_tree(c.oid) AS part JOIN pg_class p ON p.oid = part.relid WHERE p.relpersistence <> 'p'
  ) AS logged
FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
JOIN pg_class c ON c.oid = to_regclass(wanted.name)`;

/** $1: schema names. */
export const READ_SCHEMAS = `SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY ($1::text[])`;

export const READ_SERVER_VERSION = `SELECT current_setting('server_version_num')::int AS version`;

/** $1: table oids. */
export const READ_COLUMNS = `
SELECT a.attrelid::text AS oid, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
  NOT a.attnotnull AS nullable, a.atthasdef OR a.attidentity <> '' AS filled,
  a.attidentity = 'a' OR a.attgenerated <> '' AS generated, col_description(a.attrelid, a.attnum) AS comment
FROM pg_attribute a
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`;

/** $1: table oids. Column names are null for an expression. Servers before 15 have no `indnullsnotdistinct`. */
export const READ_INDEXES = `
SELECT i.indrelid::text AS oid, c.relname::text AS name, m.amname::text AS method, i.indisunique AS is_unique,
  i.indisvalid AND i.indisready AS valid, NOT i.indimmediate AS deferrable,
  pg_get_expr(i.indpred, i.indrelid) AS predicate,
  coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_equal,
  (SELECT json_agg(a.attname ORDER BY k.place)
   FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
   LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0
   WHERE k.place <= i.indnkeyatts)::text AS columns
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
WHERE i.indrelid = ANY ($1::oid[])
ORDER BY c.relname`;

/** $1: table oids. Foreign keys and checks, with their columns in order. */
export const READ_CONSTRAINTS = `
SELECT con.conrelid::text AS oid, con.conname::text AS name, con.contype::text AS kind,
  con.confrelid::text AS target_oid, con.confrelid::regclass::text AS target,
  pg_get_constraintdef(con.oid) AS definition,
  (SELECT json_agg(a.attname ORDER BY k.place)
   FROM unnest(con.conkey) WITH ORDINALITY AS k (number, place)
   JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.number)::text AS columns,
  (SELECT json_agg(a.attname ORDER BY k.place)
   FROM unnest(con.confkey) WITH ORDINALITY AS k (number, place)
   JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.number)::text AS target_columns
FROM pg_constraint con
WHERE con.conrelid = ANY ($1::oid[]) AND con.contype IN ('f', 'c')
ORDER BY con.conname`;

/** Whether a table has no row. */
export function isEmptyText(table: TablePlan): string {
  return `SELECT NOT EXISTS (SELECT FROM ${qualifiedName(table)}) AS empty`;
}
