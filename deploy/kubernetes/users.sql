-- The database users of a pipeline: one that owns the tables and runs `nomnom apply`, one for ingest, one for workers. psql runs this
-- once, in the database of the pipeline, as a user who may create others:
--   psql --set=apply=nomnom_apply --set=ingest=nomnom_ingest --set=worker=nomnom_worker --file=deploy/kubernetes/users.sql
-- Then give each a password, which psql asks for: \password nomnom_apply
-- The rights on tables come from the Job of apply (database.grants.enabled).
CREATE ROLE :"apply" LOGIN;
CREATE ROLE :"ingest" LOGIN;
CREATE ROLE :"worker" LOGIN;
GRANT USAGE, CREATE ON SCHEMA public TO :"apply";
GRANT USAGE ON SCHEMA public TO :"ingest", :"worker";
-- With database.ledgerSchema, apply makes that schema.
SELECT format('GRANT CREATE ON DATABASE %I TO %I', current_database(), :'apply') \gexec
