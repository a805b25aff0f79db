/**
 * `t` and `public.t` are one table, but had two tables of tombstones: `nomnom_deleted_t` and `nomnom_deleted_public_t`. The
 * second gets the name of the first; where both exist, the first takes over what the second knows, each key with its newest
 * version. Names of more than 63 letters are shortened as `tombstoneTableName` does it. The tables are where the `search_path`
 * of the session finds them, which need not be where nomnom's other tables are.
 */
export const JOIN_TOMBSTONES_OF_PUBLIC = `
DO $do$
DECLARE
  own_path text := current_setting('search_path');
  tables_of_public text[] := ARRAY(
    SELECT DISTINCT substr(k, 11, length(k) - 11) FROM nomnom_programs, jsonb_object_keys(tables) AS k
    WHERE k LIKE '"public".%' AND NOT EXISTS (
      SELECT FROM nomnom_programs AS others
      WHERE others.tables ? ('"public_' || substr(k, 11))
    )
  );
  written text; made text; hash bigint; names text[]; old_table regclass; new_table regclass;
  columns text[]; key_columns text; version_column text; order_of_text text;
BEGIN
  PERFORM set_config('search_path', (SELECT reset_val FROM pg_settings WHERE name = 'search_path'), true);
  FOREACH written IN ARRAY tables_of_public LOOP
    names := '{}';
    FOREACH made IN ARRAY ARRAY['nomnom_deleted_public_' || written, 'nomnom_deleted_' || written] LOOP
      IF length(made) > 63 THEN
        hash := 2166136261;
        FOR place IN 1..length(made) LOOP
          hash := ((hash # ascii(substr(made, place, 1))) * 16777619) & 4294967295;
        END LOOP;
        made := left(made, 40) || '_' || lpad(to_hex(hash), 8, '0') || '_' || right(made, 13);
      END IF;
      names := names || made;
    END LOOP;
    old_table := to_regclass(quote_ident(names[1]));
    new_table := to_regclass(quote_ident(names[2]));
    CONTINUE WHEN old_table IS NULL;
    IF new_table IS NULL THEN
      EXECUTE format('ALTER TABLE %s RENAME TO %I', old_table, names[2]);
      CONTINUE;
    END IF;
    columns := ARRAY(
      SELECT quote_ident(attname) FROM pg_attribute
      WHERE attrelid = new_table AND attnum > 0 AND NOT attisdropped ORDER BY attnum
    );
    SELECT string_agg(quote_ident(a.attname), ', ') INTO key_columns
    FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = new_table AND i.indisunique;
    -- The moment stands last, the version before it, unless the version is of the key: then equal keys have equal versions.
    SELECT quote_ident(attname), CASE attcollation WHEN 0 THEN '' ELSE ' COLLATE "C"' END
    INTO version_column, order_of_text
    FROM pg_attribute WHERE attrelid = new_table AND quote_ident(attname) = columns[cardinality(columns) - 1];
    EXECUTE format(
      'INSERT INTO %1$s AS t (%2$s) SELECT %2$s FROM %3$s ON CONFLICT (%4$s) DO UPDATE
       SET %5$s = excluded.%5$s, %6$s = excluded.%6$s WHERE t.%5$s%7$s < excluded.%5$s%7$s',
      new_table, array_to_string(columns, ', '), old_table, key_columns,
      version_column, columns[cardinality(columns)], order_of_text
    );
    EXECUTE format('DROP TABLE %s', old_table);
  END LOOP;
  PERFORM set_config('search_path', own_path, true);
END
$do$`;

/** In what is known of each program, by `tableId`, `public.t` is called as `t` is. */
export const RENAME_TABLES_OF_PUBLIC = `
UPDATE nomnom_programs
SET tables = (SELECT jsonb_object_agg(regexp_replace(k, '^"public"\\.', ''), shape) FROM jsonb_each(tables) AS each (k, shape))
WHERE EXISTS (SELECT FROM jsonb_object_keys(tables) AS k WHERE k LIKE '"public".%')`;
