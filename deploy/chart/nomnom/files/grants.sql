-- Gives the users of the roles what they need of the tables that `nomnom apply` has made. psql runs it as the user of apply:
--   psql --set=schema= --set=ingest=shop_ingest --set=worker=shop_worker --set=refused=false --file=grants.sql
-- `schema` is that of nomnom's own tables, or empty; `refused` is true for on_refused: dead_letter. Safe to repeat.
-- Written by `npm run generate` from src/sql/postgres/privileges.ts.
SELECT coalesce(nullif(:'schema', ''), current_schema()) AS ledger \gset
BEGIN;

SELECT format('GRANT USAGE ON SCHEMA %I TO %I, %I', :'ledger', :'ingest', :'worker')
WHERE has_schema_privilege(:'ledger', 'USAGE WITH GRANT OPTION') \gexec

-- nomnom's own tables; those of the queue exist where it is in Postgres.
SELECT format('GRANT %s ON %I.%I TO %I', rights, :'ledger', name, who)
FROM (VALUES
  (:'ingest', 'nomnom_migrations', 'SELECT'),
  (:'ingest', 'nomnom_programs', 'SELECT, INSERT, UPDATE'),
  (:'ingest', 'nomnom_processes', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'ingest', 'nomnom_partitions', 'SELECT'),
  (:'ingest', 'nomnom_keys', 'SELECT'),
  (:'ingest', 'message_status', 'SELECT, INSERT, UPDATE'),
  (:'ingest', 'idempotency_keys', 'SELECT, INSERT, UPDATE'),
  (:'ingest', 'nomnom_lost', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'ingest', 'nomnom_queue_migration', 'SELECT'),
  (:'ingest', 'nomnom_queue_stream', 'SELECT'),
  (:'ingest', 'nomnom_queue_consumer', 'SELECT'),
  (:'ingest', 'nomnom_queue_turn', 'SELECT'),
  (:'ingest', 'nomnom_queue_dedupe_turn', 'SELECT'),
  (:'ingest', 'nomnom_queue_id_seq', 'SELECT'),
  (:'ingest', 'nomnom_queue_size', 'SELECT, UPDATE'),
  (:'ingest', 'nomnom_queue_dedupe', 'SELECT, INSERT, UPDATE'),
  (:'ingest', 'nomnom_queue', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'worker', 'nomnom_migrations', 'SELECT'),
  (:'worker', 'nomnom_programs', 'SELECT, INSERT, UPDATE'),
  (:'worker', 'nomnom_processes', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'worker', 'message_status', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'worker', 'dead_letters', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'worker', 'idempotency_keys', 'SELECT, UPDATE, DELETE'),
  (:'worker', 'nomnom_partitions', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'worker', 'nomnom_partition_workers', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'worker', 'nomnom_queue_migration', 'SELECT'),
  (:'worker', 'nomnom_queue_stream', 'SELECT'),
  (:'worker', 'nomnom_queue_consumer', 'SELECT'),
  (:'worker', 'nomnom_queue_turn', 'SELECT'),
  (:'worker', 'nomnom_queue_dedupe_turn', 'SELECT'),
  (:'worker', 'nomnom_queue_id_seq', 'SELECT'),
  (:'worker', 'nomnom_queue_size', 'SELECT, UPDATE'),
  (:'worker', 'nomnom_queue_dedupe', 'SELECT, INSERT, UPDATE'),
  (:'worker', 'nomnom_queue', 'SELECT, INSERT, UPDATE, DELETE'),
  (:'worker', 'nomnom_queue_lease', 'SELECT, INSERT, UPDATE, DELETE')
) AS wanted (who, name, rights)
WHERE to_regclass(format('%I.%I', :'ledger', name)) IS NOT NULL \gexec

\if :refused
SELECT format('GRANT %s ON %I.%I TO %I', rights, :'ledger', name, who)
FROM (VALUES
  (:'ingest', 'dead_letters', 'SELECT, INSERT')
) AS wanted (who, name, rights)
WHERE to_regclass(format('%I.%I', :'ledger', name)) IS NOT NULL \gexec
\endif

-- The tables of the program.
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I.%I TO %I', schemaname, tablename, :'worker')
FROM pg_catalog.pg_tables
WHERE tableowner = current_user AND schemaname = current_schema()
  AND NOT (tablename = ANY (ARRAY['nomnom_migrations', 'nomnom_programs', 'nomnom_processes', 'nomnom_partitions', 'nomnom_keys', 'message_status', 'idempotency_keys', 'nomnom_lost', 'dead_letters', 'nomnom_partition_workers']) OR (tablename LIKE 'nomnom\_%' AND tablename NOT LIKE 'nomnom\_deleted\_%')) \gexec
COMMIT;
