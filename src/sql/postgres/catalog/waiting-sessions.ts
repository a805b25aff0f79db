const microseconds = (time: string): string => `floor(extract(epoch FROM ${time}) * 1000000)::int8`;

/**
 * What tells the session of a statement from those of other times and servers: its process, a moment at which it had that
 * process, and when the server began, in microseconds since 1970.
 */
export const OWN_SESSION = `pg_backend_pid() AS pid, ${microseconds('clock_timestamp()')} AS at, ${microseconds('pg_postmaster_start_time()')} AS server`;

/** The statement is there and its values are not, or not all. No limit of Postgres ends this wait. */
const HALF_RECEIVED = `a.state = 'active' AND a.wait_event = 'ClientRead'`;

/*
 * $1 to $4: a list of sessions, by process, moment, server, and whether they are lent by a pooler, to which an idle one belongs again.
 *
 * A server that began later than the session has ended it. One that began at another time is another one, and says nothing; so does
 * one that does not show what its sessions do.
 */
const WAITING = `
FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::boolean[]) AS mine (pid, at, server, lent)
CROSS JOIN (SELECT ${microseconds('pg_postmaster_start_time()')} AS began) AS here
LEFT JOIN pg_catalog.pg_stat_activity AS a
  ON a.pid = mine.pid AND here.began = mine.server AND ${microseconds('a.backend_start')} <= mine.at
WHERE NOT pg_is_in_recovery() AND (here.began = mine.server OR here.began > mine.at)
  AND EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS own WHERE own.pid = pg_backend_pid() AND own.state = 'active')
  AND (
    a.pid IS NULL
    OR (a.state IN ('idle in transaction', 'idle in transaction (aborted)') OR ${HALF_RECEIVED}) AND ${microseconds('a.xact_start')} <= mine.at AND mine.lent
    OR (a.state IN ('idle', 'idle in transaction', 'idle in transaction (aborted)') OR ${HALF_RECEIVED}) AND NOT mine.lent
  )`;

/** Those of the sessions that wait for a statement of their client, and since when; or are gone. */
export const READ_WAITING_SESSIONS = `SELECT mine.pid, coalesce(${microseconds('a.state_change')}::text, 'gone') AS since ${WAITING}`;

/** Ends those of the sessions that wait for a statement of their client. */
export const END_WAITING_SESSIONS = `SELECT pg_terminate_backend(a.pid) AS ended ${WAITING} AND a.pid IS NOT NULL`;
