import { DatabaseError } from 'pg';
import { nameInDatabase } from '../../plan/table-name.ts';
import { Failure, type FailureCode, type SqlFacts } from '../../ports/failure.ts';
import type { RejectionCode } from '../../types/value.ts';

/** By the first two characters of the SQLSTATE: its class. */
const CODE_OF_CLASS: Readonly<Record<string, FailureCode>> = {
  '08': 'STORE_UNAVAILABLE',
  '42': 'STORE_MISCONFIGURED',
  '28': 'STORE_MISCONFIGURED',
  '3D': 'STORE_MISCONFIGURED',
  '22': 'STORE_REFUSED',
  '23': 'STORE_REFUSED',
  '53': 'STORE_FULL',
  '58': 'STORE_FAILING',
};

/** Where one state differs from the rest of its class. */
const CODE_OF_STATE: Readonly<Record<string, FailureCode>> = {
  // The parent row may come with a later message.
  '23503': 'STORE_MISSING_PARENT',
  // After a failover the old primary, now read only, still answers.
  '25006': 'STORE_UNAVAILABLE',
  '25P03': 'STORE_UNAVAILABLE',
  // A statement that the server no longer knows is prepared anew on another connection.
  '26000': 'STORE_CONFLICT',
  '40001': 'STORE_CONFLICT',
  '40P01': 'STORE_CONFLICT',
  '55000': 'STORE_MISCONFIGURED',
  '53300': 'STORE_UNAVAILABLE',
  // A row too large for a page, or a value too large for an index.
  '54000': 'STORE_REFUSED',
  '55P03': 'STORE_CONFLICT',
  '57014': 'STORE_CONFLICT',
};

/**
 * What an SQLSTATE means for the one who ran the statement. Only the classes 22 and 23, and 54000, are the fault of what was
 * written. Everything that is not known is STORE_UNEXPECTED, which counts against nothing by itself.
 */
export function codeOfState(sqlstate: string): FailureCode {
  const known = CODE_OF_STATE[sqlstate] ?? CODE_OF_CLASS[sqlstate.slice(0, 2)];
  if (known !== undefined) return known;
  return sqlstate.startsWith('57P') ? 'STORE_UNAVAILABLE' : 'STORE_UNEXPECTED';
}

/** The driver's error as a `Failure`. An error without an SQLSTATE came from the connection, not from Postgres. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof DatabaseError && error.code !== undefined) {
    return new Failure(codeOf(error, error.code), describe(error), {
      cause: withoutDetail(error),
      sql: factsOf(error),
      ...adviceFor(error.code),
    });
  }
  return new Failure('STORE_UNAVAILABLE', error instanceof Error ? reasonOf(error) : String(error), {
    cause: error,
  });
}

interface Advice {
  readonly headline?: string;
  readonly help?: string;
  readonly forbidden?: boolean;
}

/** What a person reads and does where it is another thing than a plan that differs, and `nomnom apply`. */
function adviceFor(sqlstate: string): Advice {
  if (sqlstate === '42501')
    return { forbidden: true, headline: 'the user lacks a right in Postgres', help: GRANT };
  if (sqlstate.startsWith('28')) return { headline: 'Postgres refused the user', help: LOG_IN };
  if (sqlstate === '53300')
    return { help: 'Raise `max_connections` of the server, or the limit of the user or database.' };
  return sqlstate === '3D000'
    ? {
        headline: 'Postgres has no such database',
        help: 'Create the database, or correct its name in DATABASE_URL.',
      }
    : {};
}

const GRANT =
  '`nomnom explain FILE --permissions` lists the rights that each role needs: let the owner of the tables grant what is missing. See docs/privileges.md.';
const LOG_IN =
  'Correct the user or the password (DATABASE_URL, PGPASSWORD, PGPASSFILE), or let the server take this user from this machine (pg_hba.conf).';

/** Of codes that tell of the server, and not of a value or of another transaction. */
const OF_SERVER: ReadonlySet<FailureCode> = new Set(['STORE_UNAVAILABLE', 'STORE_FULL', 'STORE_FAILING']);

function codeOf(error: DatabaseError, sqlstate: string): FailureCode {
  // Other errors of 0A000 last: this one says that a prepared statement is older than its table.
  if (sqlstate === '0A000' && error.routine === 'RevalidateCachedQuery') return 'STORE_CONFLICT';
  const code = isFullAtStart(error) ? 'STORE_FULL' : codeOfState(sqlstate);
  // A function may choose any SQLSTATE, and knows nothing of the server.
  return OF_SERVER.has(code) && isRaised(error) ? 'STORE_UNEXPECTED' : code;
}

/** A session that begins may write a file. Postgres 15 says of a full disk then that it is an internal error, in words that it never translates. */
function isFullAtStart({ code, message }: DatabaseError): boolean {
  return code === 'XX000' && message === 'could not write init file';
}

/**
 * Whether the connection can serve another statement after this failure. A statement that was prepared for an older
 * shape of a table (0A000), or that the server no longer knows (26000), is prepared anew only on a new connection.
 */
export function connectionSurvives(failure: Failure): boolean {
  return (
    failure.sql !== undefined &&
    ['21', '22', '23', '40', '54', '55'].includes(failure.sql.sqlstate.slice(0, 2))
  );
}

/** In the words in which a message is rejected. */
const REFUSALS: Readonly<Record<string, RejectionCode>> = {
  '22001': 'too_long',
  '22003': 'out_of_range',
  '23502': 'null_not_allowed',
  '54000': 'too_long',
};

function refusalOf(sqlstate: string): RejectionCode | undefined {
  const known = REFUSALS[sqlstate];
  if (known !== undefined) return known;
  if (sqlstate.startsWith('22')) return 'invalid_format';
  return sqlstate.startsWith('23') ? 'constraint_violation' : undefined;
}

function factsOf(error: DatabaseError): SqlFacts {
  const sqlstate = error.code ?? '';
  const refusal = refusalOf(sqlstate);
  return {
    sqlstate,
    ...(refusal === undefined ? {} : { refusal }),
    ...(error.schema === undefined ? {} : { schema: error.schema }),
    ...(error.table === undefined ? {} : { table: error.table }),
    ...(error.column === undefined ? {} : { column: error.column }),
    ...(error.constraint === undefined ? {} : { constraint: error.constraint }),
    ...(error.detail === undefined ? {} : { names: listedIn(error.detail) }),
  };
}

/** Details list values as `(1, O, 17.00)`. */
function listedIn(detail: string): (value: string) => boolean {
  return (value) =>
    ['(', ', '].some((before) => [', ', ')'].some((behind) => detail.includes(before + value + behind)));
}

function describe(error: DatabaseError): string {
  const table = error.table && nameInDatabase(error.schema, error.table);
  const place = [table, error.column, error.constraint].filter((part) => part !== undefined).join(', ');
  const text = `${safeMessage(error)} (SQLSTATE ${error.code})`;
  return place === '' ? text : `${text} at ${place}`;
}

/** Each language of `lc_messages` has its quotes: "…", „…“, »…«, « … », “…”, 「…」. */
const QUOTED = /["„“”»«「『].*["“”»«」』]/s;

/**
 * Postgres's own message without what it may quote of a row: values stand in double quotes in the messages of
 * class 22 (`invalid input syntax for type integer: "…"`), and anywhere in those that a user's function raises, which may
 * choose any SQLSTATE.
 */
function safeMessage(error: DatabaseError): string {
  const { code, message } = error;
  if (code?.startsWith('P0') === true || isRaised(error)) return 'a function of the database raised an error';
  return code?.startsWith('22') === true ? message.replace(QUOTED, '"…"') : message;
}

function isRaised({ routine }: DatabaseError): boolean {
  return routine !== undefined && RAISED.test(routine);
}

/** Where the languages of functions raise what a function says: PL/pgSQL, PL/Python, PL/Perl, PL/Tcl. */
const RAISED = /^(exec_stmt_raise|PLy_|plperl_|pltcl_|throw_tcl_)/;

/** `detail` and `where` quote rows and parameters; nothing that may be logged carries them. */
function withoutDetail(error: DatabaseError): Error {
  const copy = new Error(safeMessage(error));
  copy.name = 'DatabaseError';
  return copy;
}

function reasonOf(error: Error): string {
  // Node gives one error for all addresses of a host, with an empty message of its own.
  if (error instanceof AggregateError)
    return error.errors.map((each) => String(each?.message ?? each)).join('; ');
  // The driver waits a little longer than the server may take for a statement.
  if (error.message === 'Query read timeout') return 'no answer to a statement in time';
  return error.message;
}
