/** The schemas of `search_path` in their order, also those that this user may not use. */
const PATH = `
SELECT CASE
  WHEN entry IN ('$user', '"$user"') THEN current_user::text
  WHEN entry LIKE '"%' THEN replace(substr(entry, 2, length(entry) - 2), '""', '"')
  ELSE lower(entry)
END AS schema, place
FROM (
  SELECT trim(entry) AS entry, place
  FROM regexp_split_to_table(current_setting('search_path'), ',') WITH ORDINALITY AS listed (entry, place)
) AS listed`;

/**
 * The table that each name means. A schema that this user may not use hides its tables from `to_regclass`, so they are looked up in
 * the catalog, which everybody may read. One that can be used comes first, as in a statement.
 */
const FOUND = `
SELECT DISTINCT ON (asked.name) asked.name, c.oid, c.relkind, c.relname, n.oid AS schema_id, n.nspname AS schema,
  has_schema_privilege(n.oid, 'USAGE') AS usable
FROM (SELECT DISTINCT name, parts FROM wanted) AS asked
JOIN pg_catalog.pg_class AS c ON c.relname = asked.parts[cardinality(asked.parts)]::name
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN path ON path.schema = n.nspname
WHERE CASE WHEN cardinality(asked.parts) = 1 THEN path.place IS NOT NULL ELSE n.nspname = asked.parts[1] END
ORDER BY asked.name, usable DESC, path.place`;

/** The policies that count for this user, on tables whose row security is on for it. `open` lets every row pass. */
const POLICIES = `
SELECT found.name, p.polpermissive AS permissive, p.polcmd AS command,
  coalesce(pg_get_expr(p.polqual, p.polrelid), 'true') = 'true'
    AND coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'true') = 'true' AS open
FROM found JOIN pg_catalog.pg_policy AS p ON p.polrelid = found.oid
WHERE 0 = ANY (p.polroles) OR EXISTS (SELECT FROM unnest(p.polroles) AS of (role) WHERE pg_has_role(of.role, 'USAGE'))`;

/** Whether a policy is about what the privilege is for. */
const CONCERNS = `policies.name = wanted.name AND policies.command IN ('*', CASE wanted.privilege
  WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a' WHEN 'UPDATE' THEN 'w' ELSE 'd' END)`;

/**
 * $1: names of tables, $2: a privilege for each, $3: whether the functions of the queue are called. Gives what the user lacks; a table that
 * is missing is another matter. `kind` says what that is:
 *
 * - `right`: the privilege on the table of this name. It may be granted for some columns only: whether these are enough, only a statement tells.
 * - `schema`: USAGE on the schema of this name.
 * - `function`: EXECUTE on the function of this name, which stands with its parameters.
 * - `every row`: row security is on for this user, and no policy of the table lets it do what the privilege is for.
 * - `some rows`: there are such policies, and they may refuse or hide rows. `strict` where some are restrictive.
 *
 * `tables`: of those that were asked for, the ones that it concerns. `who` is the user. Names of ours stand in patterns only, so that no schema is written before them.
 */
export const READ_LACKING = `
WITH wanted AS MATERIALIZED (
  SELECT name, privilege, parse_ident(name) AS parts
  FROM unnest($1::text[], $2::text[]) AS given (name, privilege)
), path AS MATERIALIZED (${PATH}
), found AS MATERIALIZED (${FOUND}
), policies AS MATERIALIZED (${POLICIES}
), secured AS (
  SELECT wanted.name,
    bool_or(NOT EXISTS (SELECT FROM policies WHERE ${CONCERNS} AND policies.permissive)) AS denied,
    bool_or(NOT EXISTS (SELECT FROM policies WHERE ${CONCERNS} AND policies.permissive AND policies.open)) AS partial,
    bool_or(EXISTS (SELECT FROM policies WHERE ${CONCERNS} AND NOT policies.permissive AND NOT policies.open)) AS strict
  FROM wanted JOIN found USING (name)
  WHERE found.usable AND row_security_active(found.oid)
  GROUP BY wanted.name
)
SELECT 'right' AS kind, wanted.name, wanted.privilege, ARRAY[wanted.name] AS tables, false AS strict, current_user::text AS who
FROM wanted JOIN found USING (name)
WHERE NOT CASE
  WHEN found.relkind = 'S' THEN has_sequence_privilege(found.oid, wanted.privilege)
  WHEN wanted.privilege <> 'DELETE' THEN has_any_column_privilege(found.oid, wanted.privilege)
  ELSE has_table_privilege(found.oid, wanted.privilege)
END
UNION ALL
SELECT 'schema', found.schema::text, 'USAGE', array_agg(found.name), false, current_user::text
FROM found WHERE NOT found.usable GROUP BY found.schema
UNION ALL
SELECT 'function', p.oid::regprocedure::text, 'EXECUTE', ARRAY[found.name], false, current_user::text
FROM found JOIN pg_catalog.pg_proc AS p ON p.pronamespace = found.schema_id
WHERE $3::boolean AND found.relname LIKE 'nomnom\\_queue' AND found.usable AND p.proname LIKE 'nomnom\\_queue\\_%'
  AND NOT has_function_privilege(p.oid, 'EXECUTE')
UNION ALL
SELECT CASE WHEN denied THEN 'every row' ELSE 'some rows' END, name, '', ARRAY[name], strict, current_user::text
FROM secured WHERE denied OR partial OR strict`;
