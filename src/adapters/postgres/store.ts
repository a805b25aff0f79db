import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, Pool, type ClientConfig } from 'pg';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import { OWN_SESSION } from '../../sql/postgres/catalog/waiting-sessions.ts';
import type { SqlStore } from '../../sql/postgres/session.ts';
import { clientOver } from './connection/client.ts';
import { parametersOf } from './connection/parameters.ts';
import { chooseRoutes, routesOf } from './connection/routes.ts';
import { givingWay } from './giving-way.ts';
import { type Greeting, greet } from './greet.ts';
import { borrow, hangUp, idleOf, type Lines } from './lines.ts';
import { runQuery } from './loan.ts';
import { lockHolders } from './lock-holders.ts';
import { sessionOver } from './session.ts';
import { applySettings } from './session-settings.ts';
import { LOOK_LIMITS, watchSilence } from './silent-lines.ts';
import { BEGIN, runTransaction } from './transaction.ts';
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
  /** Called after each try of a `transactionGivingWay` that others were in the way of. */
  readonly onGaveWay?: () => void;
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
/** Why a silent line is ended. */
const SILENT = 'no answer over this connection, while the server answers over others';
/** How long a close waits for statements in work, and for the server's goodbye. */
const CLOSE_WITHIN = 1_000;

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
    transactionGivingWay: (work) => givingWay(() => sql.transaction(work), options.onGaveWay ?? (() => {})),
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
    transactionGivingWay: (work) =>
      sql.transactionGivingWay((session) => work(sessionOver(session, ledgerSchema))),
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
