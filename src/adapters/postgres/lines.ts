import type { Pool, PoolClient } from 'pg';
import { Failure } from '../../ports/failure.ts';
import type { RouteChoice } from './connection/routes.ts';
import type { Greeting } from './greet.ts';
import type { Loan } from './loan.ts';
import { isUnanswered, refusedConnection, refusedEverywhere } from './refused-connection.ts';
import type { SilenceWatch } from './silent-lines.ts';
import { BEGIN } from './transaction.ts';

/** The connections of a store. */
export interface Lines {
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

/** Lends a connection to `work`. */
export async function borrow<T>(lines: Lines, work: (loan: Loan) => Promise<T>): Promise<T> {
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

export function idleOf({ open, lent }: Lines): readonly PoolClient[] {
  const inUse = new Set([...lent].map(({ client }) => client));
  return [...open].filter((client) => !inUse.has(client));
}

/** Ends a connection without a word to the server. */
export function hangUp(client: PoolClient, reason?: string): void {
  client.connection.stream.destroy(reason === undefined ? undefined : new Error(reason));
}
