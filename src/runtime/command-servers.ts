import { pinoLog } from '../adapters/pino-log.ts';
import { openServers, type ServerOptions, type Servers } from './servers.ts';

export interface CommandServerOptions extends Omit<ServerOptions, 'log' | 'waits'> {
  /** The lowest level of the log that is written. */
  readonly level: string;
}

/** Of somebody who wants to know now whether the servers are there, in milliseconds: for a connection, and for a statement. */
export const IMPATIENT = { connectTimeout: 2_000, statementTimeout: 3_000 };

/** Milliseconds for a connection, where the work of a command may take long. A host has two attempts: with TLS, and without. */
const CONNECT_WITHIN = 5_000;

/** The servers of a command that does its work and ends. Its log goes to standard error: standard output is its product. */
export function openCommandServers({ level, ...options }: CommandServerOptions): Promise<Servers> {
  return openServers({
    connectTimeout: CONNECT_WITHIN,
    ...options,
    givesUp: true,
    log: pinoLog({ level, destination: process.stderr }),
  });
}
