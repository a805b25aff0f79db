import { quoteIdentifier } from './identifier.ts';
import type { Query, SqlSession, SqlStore } from './session.ts';

/** The names of everything that is nomnom's own: its tables, their sequences and functions. */
const OWN_NAME = /(?<![\w."])(?:message_status|dead_letters|idempotency_keys|nomnom_\w+)(?![\w"])/g;

/**
 * A statement with each of our own names in `schema`. Ours are written without quotes and without a schema, so that what
 * stands in quotes or behind a dot is somebody else's. Not for statements that create something: there a name also stands
 * where SQL takes none with a schema.
 */
export function textInSchema(text: string, schema: string): string {
  return text.replaceAll(OWN_NAME, `${quoteIdentifier(schema)}.$&`);
}

/**
 * The same session for statements about our own tables, which are in `schema`; without one they are wherever
 * `search_path` finds them. The schema stands in the text, and not in `search_path`: behind a pooler that would have to be
 * set in each transaction, and it would also say where the tables of programs are.
 */
export function inOwnSchema<S extends SqlSession>(session: S, schema: string | undefined): S;
export function inOwnSchema(
  session: SqlSession | SqlStore,
  schema: string | undefined,
): SqlSession | SqlStore {
  if (schema === undefined) return session;
  const own = (inner: SqlSession): SqlSession => ({
    query: (query) => inner.query(qualified(query, schema)),
  });
  if (!('transaction' in session)) return own(session);
  return {
    ...own(session),
    transaction: (work) => session.transaction((inner) => work(own(inner))),
    transactionGivingWay: (work) => session.transactionGivingWay((inner) => work(own(inner))),
  };
}

const known = new Map<string, string>();

/** A process has one schema and some hundred texts. */
function qualified(query: Query, schema: string): Query {
  const key = `${schema} ${query.text}`;
  let text = known.get(key);
  if (text === undefined) {
    text = textInSchema(query.text, schema);
    known.set(key, text);
  }
  return { ...query, text };
}

/**
 * For the rest of the transaction, what is created without a schema goes there, and only there it is looked for. Makes the
 * schema where it is missing; who may not create one can have it made by somebody else.
 */
export function createInSchema(schema: string): string {
  const name = quoteIdentifier(schema);
  return `
DO $do$
BEGIN
  IF to_regnamespace('${name}') IS NULL THEN CREATE SCHEMA ${name}; END IF;
  PERFORM set_config('search_path', '${name}', true);
END
$do$`;
}
