/** Limits of one session, in milliseconds; 0 is none. */
export interface SessionLimits {
  readonly statementTimeout: number;
  readonly idleInTransactionTimeout: number;
}

/**
 * Sets what our statements and the text of their values rely on, whatever the server, the database or the role
 * have as their defaults. The isolation level stands in the BEGIN of each transaction.
 */
export function sessionSettings({ statementTimeout, idleInTransactionTimeout }: SessionLimits): string {
  return [
    `SET SESSION client_encoding = 'UTF8'`,
    `SET SESSION timezone = 'UTC'`,
    `SET SESSION datestyle = 'ISO, YMD'`,
    `SET SESSION intervalstyle = 'iso_8601'`,
    `SET SESSION bytea_output = 'hex'`,
    `SET SESSION extra_float_digits = 1`,
    `SET SESSION standard_conforming_strings = on`,
    // Compiling a statement takes longer than running ours: 200 ms where the planner overrates a list.
    `SET SESSION jit = off`,
    `SET SESSION statement_timeout = ${Math.round(statementTimeout)}`,
    `SET SESSION idle_in_transaction_session_timeout = ${Math.round(idleInTransactionTimeout)}`,
  ].join('; ');
}
