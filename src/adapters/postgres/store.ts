import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, Pool, type ClientConfig, type PoolClient, type QueryResult as PgResult } from 'pg';
import { Failure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import { OWN_SESSION } from '../../sql/postgres/catalog/waiting-sessions.ts';
import type { Query, QueryResult, SqlSession, SqlStore } from '../../sql/postgres/session.ts';
import { clientOver } from './connection/client.ts';
import { parametersOf } from './connection/parameters.ts';
import { chooseRoutes, type RouteChoice, routesOf } from './connection/routes.ts';
import { connectionSurvives, failureOf } from './failure-of.ts';
import { type Greeting, greet } from './greet.ts';
import { lockHolders } from './lock-holders.ts';
import { isUnanswered, refusedConnection, refusedEverywhere } from './refused-connection.ts';
import { lentSession, type ServerSession } from './server-session.ts';
import { sessionOver } from './session.ts';
import { applySettings } from './session-settings.ts';
import { LOOK_LIMITS, type SilenceWatch, watchSilence } from './silent-lines.ts';
import { getTypeParser } from './type-parsers.ts';

export interface StoreOptions {
  /** `postgres://user:password@host:port/database`, and whatever else libpq takes; the environment has what it lacks. */
  readonly url: string;
  /** Connections at most. */
  readonly max: number;
  readonly log: Log;
  /** As `pg_stat_activity` shows it. */
  readonly applicationName?: string;
  /** Milliseconds that one statement may take on the server; 15 s, and 0 for no limit. */
  readonly statementTimeout?: number;
  /** Milliseconds for which a statement may go without an answer before the server is asked what became of it; 3 s when absent. */
  readonly patience?: number;
  /** Milliseconds until a server must have taken a connection; 10 s when absent. */
  readonly connectTimeout?: number;
  /**
   * Whether everything fails at once after the server has not answered one time: for a command, whose user waits for each further
   * attempt.
   */
  readonly givesUp?: boolean;
  /** The schema of nomnom's own tables; where `search_path` finds them when absent. */
  readonly ledgerSchema?: string;
  /** Called after each statement, with the milliseconds until its answer. */
  readonly onStatement?: (ms: number) => void;
}

/** Also how long a caller waits for a free connection of the pool. */
const CONNECT_TIMEOUT = 10_000;
/** With the grace below: how long a half-open line can hold up what is worked on, where nobody can tell that it is (silent-lines.ts). */
const STATEMENT_TIMEOUT = 15_000;
/** How long the locks of a process that Postgres can no longer reach hold up the others. */
const IDLE_IN_TRANSACTION_TIMEOUT = 15_000;
/** Rarely does a statement take so long. */
const PATIENCE = 3_000;
/** How much longer than the server we wait: it passes only where the server's answer cannot reach us. */
const ANSWER_GRACE = 5_000;
/** How long a line may be idle before it is asked whether anybody is at its other end, ten times, a second apart. */
const KEEPALIVE_AFTER = 10_000;
/** How long a close waits for statements in work, and for the server's goodbye. */
const CLOSE_WITHIN = 1_000;

const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';
const COMMIT = { text: 'COMMIT' };
const ROLLBACK = { text: 'ROLLBACK' };

export interface PostgresStore extends Store {
  /** The same connections for those who speak SQL themselves: the queue in Postgres. */
  readonly sql: SqlStore;
  connections(): StoreConnections;
}

export interface StoreConnections {
  readonly used: number;
  readonly idle: number;
  /** Callers that wait for one. */
  readonly waiting: number;
  readonly limit: number;
}

/**
 * A store over a pool of connections, which are opened when they are needed. Throws STORE_MISCONFIGURED where the URL is
 * wrong.
 */
export function openStore(options: StoreOptions): PostgresStore {
  const { log, ledgerSchema } = options;
  const statementTimeout = options.statementTimeout ?? STATEMENT_TIMEOUT;
  const limits = { statementTimeout, idleInTransactionTimeout: IDLE_IN_TRANSACTION_TIMEOUT };
  const greetings = new WeakMap<object, Greeting>();
  const connectTimeout = options.connectTimeout ?? CONNECT_TIMEOUT;
  const parameters = parametersOf(options.url);
  const routes = chooseRoutes(routesOf(parameters));
  const sockets = new Set<Socket>();
  const Client = clientOver(parameters, routes);
  const config = {
    application_name: parameters.applicationName ?? options.applicationName ?? 'nomnom',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER,
    stream() {
      const socket = new Socket();
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
    types: { getTypeParser },
  } satisfies ClientConfig;
  const pool = new Pool({
    ...config,
    Client,
    max: options.max,
    connectionTimeoutMillis: connectTimeout,
    ...(statementTimeout === 0 ? {} : { query_timeout: statementTimeout + ANSWER_GRACE }),
    idleTimeoutMillis: 30_000,
    async onConnect(client) {
      greetings.set(client, await greet(client, limits, parameters.target));
    },
  });
  // A connection whose backend dies emits `error` wherever it is, idle or in use; unheard, that ends the process.
  const onError = (error: Error) => log.debug({ reason: error.message }, 'lost a connection to Postgres');
  pool.on('error', onError);
  const newClient = () => new Client({ ...config, ...LOOK_LIMITS });
  const lines: Lines = {
    pool,
    routes,
    open: new Set(),
    lent: new Set(),
    connectWithin: parameters.connectTimeout ?? connectTimeout,
    givesUp: options.givesUp === true,
    away: undefined,
    greetings,
    beginPooled: `${BEGIN}; ${applySettings(limits, 'transaction')}; SELECT ${OWN_SESSION}`,
    onStatement: options.onStatement ?? (() => {}),
    silence: watchSilence({
      newClient,
      log,
      patience: options.patience ?? PATIENCE,
      idle: () => idleOf(lines).flatMap((client) => greetings.get(client)?.session ?? []),
      giveUp(silent) {
        for (const client of [...silent, ...idleOf(lines)]) hangUp(client, SILENT);
      },
    }),
  };
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      onError(error);
      // A line that ends while it is idle leaves its session too.
      const { session } = greetings.get(client) ?? {};
      if (!(error instanceof DatabaseError) && session !== undefined) lines.silence.lost(session);
    });
    lines.open.add(client);
  });
  pool.on('remove', (client) => lines.open.delete(client));

  const sql: SqlStore = {
    query: (query) =>
      borrow(lines, (loan) =>
        loan.pooled ? runTransaction(loan, (session) => session.query(query)) : runQuery(loan, query),
      ),
    transaction: (work) => borrow(lines, (loan) => runTransaction(loan, work)),
  };
  return {
    ...sessionOver(sql, ledgerSchema),
    sql,
    async awaited(unansweredFor) {
      const before = performance.now() - unansweredFor;
      const asked = [...lines.lent].filter(({ askedAt = Infinity }) => askedAt <= before);
      // Not known where a pooler has lent none yet: such a statement waits for the pooler.
      const pids = asked.flatMap(({ session }) => session?.pid || []);
      return pids.length === 0 ? [] : lockHolders(newClient, pids);
    },
    connections: () => ({
      used: lines.lent.size,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      limit: options.max,
    }),
    transaction: (work) => sql.transaction((session) => work(sessionOver(session, ledgerSchema))),
    async close() {
      const gone = new Promise<void>((resolve) => {
        pool.on('remove', () => lines.open.size === 0 && resolve());
      });
      const ended = lines.open.size === 0 ? pool.end() : Promise.all([pool.end(), gone]);
      await Promise.race([ended, sleep(CLOSE_WITHIN, undefined, { ref: false })]);
      // Over a half-open line no goodbye comes, nor any greeting of a frozen server; what waits for it would keep the process.
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The connections of a store. */
interface Lines {
  readonly pool: Pool;
  readonly routes: RouteChoice;
  readonly open: Set<PoolClient>;
  readonly lent: Set<Loan>;
  /** Milliseconds for a new connection. */
  readonly connectWithin: number;
  readonly givesUp: boolean;
  /** Why the server is out of reach, where nothing is tried again. */
  away: Failure | undefined;
  readonly greetings: WeakMap<object, Greeting>;
  /** Begins a transaction there and sets our settings for it, in one round trip. */
  readonly beginPooled: string;
  readonly onStatement: (ms: number) => void;
  readonly silence: SilenceWatch;
}

/** A connection taken from the pool, and whether it may go back. */
interface Loan {
  readonly client: PoolClient;
  /**
   * Behind a pooler each transaction may run in another session. So it sets its own settings, a single statement gets a
   * transaction, and no statement is prepared under a name.
   */
  readonly pooled: boolean;
  /** Begins a transaction with our settings. */
  readonly begin: string;
  readonly onStatement: (ms: number) => void;
  readonly silence: SilenceWatch;
  /** Behind a pooler that of the transaction once it has begun, else of the connection. */
  session: ServerSession | undefined;
  /** When the statement in work was sent, by `performance.now()`; undefined while there is none. */
  askedAt: number | undefined;
  broken: boolean;
  /** Whether the connection ended, and not by a word of the server. */
  unheard: boolean;
  /** Whether the server did not answer within the time that it had. */
  silent: boolean;
}

async function borrow<T>(lines: Lines, work: (loan: Loan) => Promise<T>): Promise<T> {
  if (lines.away !== undefined) throw lines.away;
  const client = await take(lines).catch((error: unknown) => {
    if (lines.givesUp && error instanceof Failure && isUnanswered(error.cause)) lines.away = error;
    throw error;
  });
  const { pooled = false, session } = lines.greetings.get(client) ?? {};
  const begin = pooled ? lines.beginPooled : BEGIN;
  const { onStatement, silence } = lines;
  const loan: Loan = {
    ...{ client, pooled, begin, onStatement, silence, session },
    ...{ askedAt: undefined, broken: false, unheard: false, silent: false },
  };
  lines.lent.add(loan);
  try {
    return await work(loan);
  } catch (error) {
    if (loan.silent && lines.givesUp && error instanceof Failure) lines.away = error;
    throw error;
  } finally {
    lines.lent.delete(loan);
    client.release(loan.broken);
    if (loan.unheard && loan.session !== undefined) lines.silence.lost(loan.session);
    if (loan.silent) dropIdle(lines);
  }
}

async function take({ pool, routes, connectWithin }: Lines): Promise<PoolClient> {
  const failures: Failure[] = [];
  for (;;) {
    const route = routes.current();
    let client: PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      const failure = refusedConnection(error, connectWithin);
      failures.push(failure);
      // Where the server knows us and refuses us, another one would too.
      if (isPoolTimeout(error) || failure.sql?.sqlstate === '28P01') throw failure;
      if (failures.length >= routes.count) throw refusedEverywhere(failures);
      routes.leave(route);
      continue;
    }
    // The pool hears of an ended connection only a turn later.
    if (!client.connection.stream.destroyed) return client;
    client.release(true);
  }
}

/** All connections are in use; the driver gives this error no code. */
function isPoolTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

/** One line that went silent is seldom alone: each of the idle ones would cost another timeout. */
function dropIdle(lines: Lines): void {
  for (const client of idleOf(lines)) hangUp(client);
}

function idleOf({ open, lent }: Lines): readonly PoolClient[] {
  const inUse = new Set([...lent].map(({ client }) => client));
  return [...open].filter((client) => !inUse.has(client));
}

const SILENT = 'no answer over this connection, while the server answers over others';

/** Ends a connection without a word to the server. */
function hangUp(client: PoolClient, reason?: string): void {
  client.connection.stream.destroy(reason === undefined ? undefined : new Error(reason));
}

async function run(loan: Loan, { name, text, values }: Query): Promise<PgResult> {
  const startedAt = performance.now();
  loan.askedAt = startedAt;
  const answered = loan.session === undefined ? undefined : loan.silence.asked(loan.client, loan.session);
  try {
    return await loan.client.query({
      text,
      ...(name === undefined || loan.pooled ? {} : { name }),
      ...(values === undefined ? {} : { values: [...values] }),
    });
  } catch (error) {
    const failure = failureOf(error);
    if (!connectionSurvives(failure)) {
      loan.broken = true;
      loan.unheard = failure.sql === undefined;
    }
    if (isReadTimeout(error)) loan.silent = true;
    if (loan.unheard) nameSession(failure, loan.session);
    throw failure;
  } finally {
    loan.askedAt = undefined;
    answered?.();
    loan.onStatement(performance.now() - startedAt);
  }
}

/** Names the process that was to answer, which may still hold its locks. */
function nameSession(failure: Failure, session: ServerSession | undefined): void {
  if (session !== undefined && session.pid !== 0) failure.message += ` (pid ${session.pid})`;
}

/** The driver gives this error no code. */
function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

async function runQuery(loan: Loan, query: Query): Promise<QueryResult> {
  const { rows, rowCount } = await run(loan, query);
  return { rows, rowCount: rowCount ?? 0 };
}

/*
 * begin → work → commit → answered COMMIT: done
 *                      → answered ROLLBACK: a statement failed and the work went on; a Failure, nothing is written
 *                      → no answer: unknown; STORE_UNAVAILABLE, and the same work may be done again
 *       → work rejected → rollback
 */
async function runTransaction<T>(loan: Loan, work: (session: SqlSession) => Promise<T>): Promise<T> {
  await begin(loan);
  let firstFailure: Error | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const session: SqlSession = {
    query(query) {
      // Statements of one connection run one after the other, also where the work does not wait in between.
      const result = last.then(() => runQuery(loan, query));
      last = result.catch((failure: unknown) => {
        if (failure instanceof Error) firstFailure ??= failure;
      });
      return result;
    },
  };
  let result: T;
  try {
    result = await work(session);
    await last;
  } catch (error) {
    await last;
    await rollBack(loan);
    throw error;
  }
  const { command } = await run(loan, COMMIT);
  if (command === 'COMMIT') return result;
  throw firstFailure ?? new Failure('STORE_UNEXPECTED', `COMMIT was answered with ${command}`);
}

/** Where a setting was refused, a transaction may be open all the same. */
async function begin(loan: Loan): Promise<void> {
  try {
    const answer: PgResult | readonly PgResult[] = await run(loan, { text: loan.begin });
    // The last of several answers has it.
    if (Array.isArray(answer)) loan.session = lentSession(answer.at(-1)?.rows[0]);
  } catch (error) {
    loan.broken = true;
    throw error;
  }
}

/** Ends the transaction, by dropping the connection where Postgres cannot be asked to. */
async function rollBack(loan: Loan): Promise<void> {
  if (loan.broken) return;
  try {
    await run(loan, ROLLBACK);
  } catch {
    loan.broken = true;
  }
}
