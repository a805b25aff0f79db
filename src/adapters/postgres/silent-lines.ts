import type { Socket } from 'node:net';
import type { Client, PoolClient } from 'pg';
import type { Log } from '../../ports/log.ts';
import { END_WAITING_SESSIONS, READ_WAITING_SESSIONS } from '../../sql/postgres/catalog/waiting-sessions.ts';
import type { ServerSession } from './server-session.ts';

/** Finds the connections over which nothing comes any more, though the server is well. */
export interface SilenceWatch {
  /** A statement is about to be sent; the result is to be called when it has its answer. */
  asked(client: PoolClient, session: ServerSession): () => void;
  /** The line of this session has ended, and the server may not know it. */
  lost(session: ServerSession): void;
}

export interface SilenceWatchOptions {
  /** Makes a connection outside of the pool, which may have none left. */
  readonly newClient: () => Client;
  readonly log: Log;
  /** Milliseconds for which a statement may go without an answer before the server is asked what became of it. */
  readonly patience: number;
  /** Connections that nobody uses, whose lines are given up together with a silent one, and their sessions. */
  readonly idle: () => readonly ServerSession[];
  /** Gives up the lines of these, and the idle ones. */
  readonly giveUp: (silent: readonly PoolClient[]) => void;
}

/** Bytes of a statement that take a millisecond on a slow line: it reaches the server only when all of it is there. */
const SLOW_LINE = 250;
/** Milliseconds in which an answer that is on its way arrives. */
const ON_ITS_WAY = 1_000;
/** Milliseconds between two looks at what takes long on the server: doubled each time, up to this. */
const LOOK_TO = 60_000;
const TICK = 500;
/** Milliseconds for a look: a server that needs longer is not well. */
const LOOK_WITHIN = 2_000;
/** Sessions of lost lines that are looked for, and milliseconds for which they are: by then the server's own probes have ended them. */
const LOST = { most: 1_000, within: 600_000 };

/** A statement without an answer. */
interface Unanswered {
  readonly client: PoolClient;
  readonly session: ServerSession;
  readonly since: number;
  /** Bytes that the connection had sent before. */
  readonly before: number;
  /** Milliseconds after which the server is asked about it. */
  patience: number;
  /** What was found where the server waited for us. */
  found?: Found;
}

/** The session of a line that has ended. */
interface Lost {
  readonly session: ServerSession;
  readonly since: number;
  /** When the server is asked about it next, and how long after that again. */
  next: number;
  pause: number;
}

interface Found {
  /** Since when the server waits. */
  readonly since: string;
  readonly received: number;
  readonly at: number;
}

/*
 * A statement: sent → answered
 *                   → unanswered for long: the server is asked over another connection
 *                      → it works on it, or cannot be asked → asked again later
 *                      → it waits for a statement of ours → asked again after a second
 *                          → still waits since the same moment, and nothing came meanwhile: the line is silent, and given up
 *
 * The statement, or its answer, is lost then. The session ends on the server too: it may hold locks.
 *
 * The session of a line that ended otherwise: lost → the server is asked, again and again until it can be → it is gone, or is ended
 */
export function watchSilence({ newClient, log, patience, idle, giveUp }: SilenceWatchOptions): SilenceWatch {
  const unanswered = new Map<PoolClient, Unanswered>();
  const lost = new Map<ServerSession, Lost>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  const tick = (): void => {
    timer = undefined;
    if (unanswered.size === 0 && lost.size === 0) return;
    const due = [...unanswered.values()].filter(isDue);
    const gone = [...lost.values()].filter(isToBeEnded);
    if (due.length + gone.length > 0 && !looking) {
      looking = true;
      void look(due, gone).finally(() => (looking = false));
    }
    schedule();
  };
  const schedule = (): void => {
    timer ??= setTimeout(tick, TICK).unref();
  };

  const look = async (due: readonly Unanswered[], gone: readonly Lost[]): Promise<void> => {
    for (const each of gone) {
      each.next = performance.now() + each.pause;
      each.pause = Math.min(LOOK_TO, each.pause * 2);
      if (performance.now() - each.since > LOST.within) lost.delete(each.session);
    }
    const client = newClient();
    // It says so to whoever waits for it.
    client.on('error', () => {});
    try {
      await client.connect();
      const waiting = await read(client, [...due, ...gone]);
      const silent = due.filter((each) => unanswered.get(each.client) === each && judge(each, waiting));
      const ended = gone.filter(({ session }) => waiting.has(session.pid));
      const sessions = [...silent, ...ended].map(({ session }) => session);
      if (silent.length > 0) {
        sessions.push(...idle());
        log.warn({ lines: sessions.length }, 'gave up silent lines to Postgres, which answers over others');
        giveUp(silent.map((each) => each.client));
        // One line that went silent is seldom alone.
        for (const each of unanswered.values()) each.patience = 0;
      }
      if (sessions.length > 0)
        await client.query({ text: END_WAITING_SESSIONS, values: columnsOf(sessions) });
      for (const { session } of ended) lost.delete(session);
    } catch (error) {
      log.debug({ reason: reasonOf(error) }, 'could not ask Postgres about a statement without an answer');
      for (const each of due) postpone(each);
    } finally {
      client.end().catch(() => {});
    }
  };

  return {
    asked(client, session) {
      const since = performance.now();
      const before = socketOf(client).bytesWritten;
      unanswered.set(client, { client, session, since, before, patience });
      schedule();
      return () => void unanswered.delete(client);
    },
    lost(session) {
      // A pooler has lent none.
      if (session.pid === 0 || lost.size >= LOST.most) return;
      const now = performance.now();
      lost.set(session, { session, since: now, next: now, pause: ON_ITS_WAY });
      schedule();
    },
  };
}

function isToBeEnded({ next }: Lost): boolean {
  return performance.now() >= next;
}

function isDue({ client, since, before, patience, found }: Unanswered): boolean {
  const now = performance.now();
  if (found !== undefined) return now - found.at >= ON_ITS_WAY;
  return now - since >= patience + (socketOf(client).bytesWritten - before) / SLOW_LINE;
}

function postpone(each: Unanswered): void {
  const waited = performance.now() - each.since;
  delete each.found;
  each.patience = waited + Math.min(LOOK_TO, waited);
}

/** Whether the line is silent; notes what was found else. */
function judge(each: Unanswered, waiting: ReadonlyMap<number, string>): boolean {
  const since = waiting.get(each.session.pid);
  if (since === undefined) {
    postpone(each);
    return false;
  }
  const received = socketOf(each.client).bytesRead;
  const { found } = each;
  if (found?.since === since && found.received === received) return true;
  each.found = { since, received, at: performance.now() };
  return false;
}

/** Those of which the server waits for a statement, and since when. */
async function read(
  client: Client,
  due: readonly { readonly session: ServerSession }[],
): Promise<ReadonlyMap<number, string>> {
  const values = columnsOf(due.map(({ session }) => session));
  const { rows } = await client.query<{ readonly pid: number; readonly since: string }>({
    text: READ_WAITING_SESSIONS,
    values,
  });
  return new Map(rows.map(({ pid, since }) => [pid, since]));
}

function columnsOf(sessions: readonly ServerSession[]): unknown[] {
  return [
    sessions.map(({ pid }) => pid),
    sessions.map(({ at }) => at),
    sessions.map(({ server }) => server),
    sessions.map(({ lent }) => lent),
  ];
}

function socketOf({ connection }: PoolClient): Socket {
  return connection.stream as Socket;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How a connection for a look is to be made. */
export const LOOK_LIMITS = { connectionTimeoutMillis: LOOK_WITHIN, query_timeout: LOOK_WITHIN } as const;
