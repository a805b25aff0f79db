/** Limits of one session, in milliseconds; 0 is none. */
export interface SessionLimits {
  readonly statementTimeout: number;
  readonly idleInTransactionTimeout: number;
}

/** `session`: until the connection ends. `transaction`: nothing of it is left after COMMIT or ROLLBACK. */
export type Lifetime = 'session' | 'transaction';

/** A setting's value as an SQL expression, by its name. */
type Settings = Readonly<Record<string, string>>;

/**
 * What our statements, the text of their values and our promises rely on, whatever the server, the database or the
 * role have as their defaults. The isolation level stands in the BEGIN of each transaction.
 */
function settingsOf({ statementTimeout, idleInTransactionTimeout }: SessionLimits): Settings {
  return {
    client_encoding: `'UTF8'`,
    timezone: `'UTC'`,
    datestyle: `'ISO, YMD'`,
    intervalstyle: `'iso_8601'`,
    bytea_output: `'hex'`,
    extra_float_digits: `'1'`,
    standard_conforming_strings: `'on'`,
    // Off, it makes the text NULL of a NULL in our array literals.
    array_nulls: `'on'`,
    transform_null_equals: `'off'`,
    // We compare what the catalog functions print.
    quote_all_identifiers: `'off'`,
    // Compiling a statement takes longer than running ours: 200 ms where the planner overrates a list.
    jit: `'off'`,
    // A foreign key is checked by a plan that its connection keeps: one that was made on an empty table that had been
    // analysed would read all of it for each row.
    enable_seqscan: `'off'`,
    // On, a refused value would cost the connection and not only its transaction.
    exit_on_error: `'off'`,
    // What is committed is acknowledged, and nobody sends it again: it must be on disk. What waits for more stays.
    synchronous_commit: `CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END`,
    statement_timeout: `'${Math.round(statementTimeout)}'`,
    idle_in_transaction_session_timeout: `'${Math.round(idleInTransactionTimeout)}'`,
    // The statement timeout bounds these waits; a shorter limit would end what only has to wait its turn.
    lock_timeout: `'0'`,
    // Since Postgres 17.
    transaction_timeout: `'0'`,
    // A statement without a limit must not go on, and hold its locks, when its process is gone. Only Linux always knows that.
    ...(statementTimeout > 0
      ? {}
      : {
          client_connection_check_interval: `CASE WHEN version() ~ 'linux' THEN '1s' ELSE current_setting('client_connection_check_interval', true) END`,
        }),
  };
}

/** What only a whole session can be told. */
const SESSION_ONLY: Settings = {
  // For single statements, which no BEGIN of ours stands before.
  default_transaction_isolation: `'read committed'`,
  // The pool closes what is idle.
  idle_session_timeout: `'0'`,
  // A session that waits for the rest of a statement waits for ever, with its locks, where nobody is at the other end any more.
  // The names of the same settings of a connection of libpq, and the same times as on our side of the line.
  tcp_keepalives_idle: `'10s'`,
  tcp_keepalives_interval: `'1s'`,
  tcp_keepalives_count: `'10'`,
};

/**
 * One statement that sets them all, in one round trip, and says which session has them now; where `condition` (SQL) is false it sets nothing and gives no row.
 * A setting that this server does not have is left out.
 */
export function applySettings(limits: SessionLimits, lifetime: Lifetime, condition = 'true'): string {
  const settings = { ...settingsOf(limits), ...(lifetime === 'session' ? SESSION_ONLY : {}) };
  const values = Object.entries(settings).map(([name, value]) => `('${name}', ${value})`);
  return (
    `SELECT count(set_config(name, value, ${lifetime === 'transaction'})) AS set, pg_backend_pid() AS pid ` +
    `FROM (VALUES ${values.join(', ')}) AS wanted (name, value) ` +
    `WHERE ${condition} AND current_setting(name, true) IS NOT NULL`
  );
}
