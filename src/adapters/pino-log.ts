import { type DestinationStream, pino, stdTimeFunctions } from 'pino';
import type { Log, LogFields } from '../ports/log.ts';
import { visibleJson } from '../text/visible.ts';

export interface PinoLogOptions {
  /** The lowest level that is written: `debug`, `info`, `warn`, `error` or `silent`. */
  readonly level: string;
  /** Fields that every line carries, the role for example. */
  readonly fields?: LogFields;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

/** UTF-16 units of one text in a line. The longest of our own is a stack. */
const LONGEST = 4000;

/**
 * One JSON line per event, with the time as ISO 8601. An `error` field is written as its message and code, with those of
 * its causes. Text of servers and strangers cannot steer a terminal, break the line or fill the disk: what is hidden is
 * escaped, and what is long is cut.
 */
export function pinoLog({ level, fields = {}, destination }: PinoLogOptions): Log {
  const options = {
    level,
    base: { ...fields },
    formatters: { log: (lineFields: Record<string, unknown>) => shortened(lineFields) },
    hooks: { streamWrite: visibleJson },
    timestamp: stdTimeFunctions.isoTime,
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    debug: (lineFields, message) => logger.debug(lineFields, short(message)),
    info: (lineFields, message) => logger.info(lineFields, short(message)),
    warn: (lineFields, message) => logger.warn(lineFields, short(message)),
    error: (lineFields, message) => logger.error(lineFields, short(message)),
  };
}

function shortened(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shortValue(value)]));
}

function shortValue(value: unknown): unknown {
  if (typeof value === 'string') return short(value);
  if (Array.isArray(value)) return value.map(shortValue);
  return value instanceof Error ? describeError(value) : value;
}

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
}

/** Message, code and stack only: a driver's error has further properties, and those may hold a row's values. */
function describeError(error: Error): unknown {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause = error.cause instanceof Error ? { cause: describeError(error.cause) } : {};
  return { message: short(error.message), ...code, stack: short(error.stack ?? ''), ...cause };
}
