import { type DestinationStream, pino, stdTimeFunctions } from 'pino';
import type { Log, LogFields } from '../ports/log.ts';

export interface PinoLogOptions {
  /** The lowest level that is written: `debug`, `info`, `warn`, `error` or `silent`. */
  readonly level: string;
  /** Fields that every line carries, the role for example. */
  readonly fields?: LogFields;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

/** One JSON line per event, with the time as ISO 8601. An `error` field is written as its message and code, with those of its causes. */
export function pinoLog({ level, fields = {}, destination }: PinoLogOptions): Log {
  const options = {
    level,
    base: { ...fields },
    serializers: { error: describeError },
    timestamp: stdTimeFunctions.isoTime,
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    debug: (lineFields, message) => logger.debug(lineFields, message),
    info: (lineFields, message) => logger.info(lineFields, message),
    warn: (lineFields, message) => logger.warn(lineFields, message),
    error: (lineFields, message) => logger.error(lineFields, message),
  };
}

/** Message, code and stack only: a driver's error has further properties, and those may hold a row's values. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { message: error.message, ...code, stack: error.stack, ...cause };
}
